"""Exactly the texts that a version can show are listed, in its language, each once."""

import pytest
from answering_site import ROOT, tiny_questionnaire
from jinja2 import TemplateNotFound

from questionnaires.loading import load_survey, load_surveys
from questionnaires.model import Battery, Option, Page, Question, QuestionType, Variant
from surveys.answering.support import load_support_lines
from surveys.site import SupportLine
from surveys.sound.fixed_words import FixedWords, NoEndOfTexts, fillings
from surveys.sound.page_words import PageWords
from surveys.sound.spoken import Spoken, names_of, reading_of, texts_of_page
from surveys.sound.tongues import UNTRANSLATED, Tongue, languages_in, tongue

ENGLISH = Tongue("en")
TINY = tiny_questionnaire()
LINES = load_support_lines(ROOT / "config" / "support_lines.yaml")


class NoFixedWords(FixedWords):
    """As if no template said anything."""

    def __init__(self):
        super().__init__(None)

    def messages(self, questionnaire):
        return iter(())


def texts(reading):
    return [spoken.text for spoken in reading.texts]


def test_every_text_of_a_tiny_questionnaire_and_no_other():
    childline = SupportLine("c", "Childline", "0800 1111", "It is free.", "always", ("child",), "")
    adults = SupportLine("n", "NSPCC", "0808 800 5000", "For adults.", "always", ("desk",), "")
    reading = reading_of("tiny", TINY, ENGLISH, NoFixedWords(), [childline, adults])
    assert texts(reading) == [
        "Tiny", "This is about you.", "Where you live", "You",
        "First, your home", "Nothing to pick here.",
        "Do you feel safe?", "Yes", "No", "I'm not sure",
        "Did you move?", "Were you told?",
        "Which animals do you like?", "Cat", "Dog", "None",
        "How happy are you?", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10",
        "Not happy", "Very happy",
        "If you had 100% of one wish?",
        "Childline", "It is free.", "0800 1111", "Any time, day or night",
    ]  # fmt: skip
    assert (reading.survey, reading.audience, reading.language) == ("tiny", "8-10", "en")
    assert reading.untranslated == 0


def test_a_text_says_where_it_stands():
    (page,) = (page for page in TINY.pages if page.id == "safe")
    assert texts_of_page(TINY, page, ENGLISH) == [
        Spoken("Do you feel safe?", "question safe"),
        Spoken("Yes", "question safe, answer"),
        Spoken("No", "question safe, answer"),
        Spoken("I'm not sure", "question safe, answer"),
    ]


def asking(**more):
    options = (Option(code="bus", label="By bus"), Option(code="train", label="By train"))
    values = {"id": "way", "type": QuestionType.CHOICE, "text": "How?", "short": "Way",
              "options": options}  # fmt: skip
    return Question(**(values | more))


def with_pages(*pages):
    (section, *_) = TINY.sections
    return TINY.model_copy(update={"sections": (section.model_copy(update={"pages": pages}),)})


def test_a_text_with_several_wordings_needs_a_clip_for_each():
    later = asking(
        id="like",
        text="Do you like going {way}?",
        hint="Say what {way} is like.",
        piped={"way": "to school"},
        variants=(Variant(when={"question": "way", "is": ["bus"]}, text="Is the bus on time?"),),
        clip="ours.mp3",
    )
    page = Page(id="like", question=later)
    asked = with_pages(Page(id="way", question=asking()), page)
    found = texts_of_page(asked, page, ENGLISH)
    assert sorted({spoken.text for spoken in found}) == [
        "By bus", "By train",
        "Do you like going By bus?", "Do you like going By train?", "Do you like going to school?",
        "Is the bus on time?",
        "Say what By bus is like.", "Say what By train is like.", "Say what to school is like.",
    ]  # fmt: skip
    assert {spoken.own for spoken in found} == {None}, "one recording cannot say them all"


def test_a_recording_of_its_own_stands_for_a_question():
    page = Page(id="way", question=asking(clip="our-way.mp3"))
    question = texts_of_page(with_pages(page), page, ENGLISH)[0]
    assert question.names[0] == "our-way"
    assert question.is_among({"our-way"}) and question.is_among({question.name})
    assert not question.is_among({"else"})


def test_a_battery_says_what_its_lines_have_in_common():
    battery = Battery(id="b", text="How much do you agree?", hint="One answer in each line.")
    page = Page(id="way", question=asking(), battery=battery)
    found = [spoken.text for spoken in texts_of_page(with_pages(page), page, ENGLISH)]
    assert found[:2] == ["How much do you agree?", "One answer in each line."]


def test_another_language_lists_its_own_texts_and_counts_what_is_missing():
    welsh = Tongue("cy", {"Do you feel safe?": "Wyt ti’n  teimlo’n ddiogel?", "Yes": "Ydw"})
    reading = reading_of("tiny", TINY, welsh, NoFixedWords(), [])
    ladder = [str(rung) for rung in range(11)]
    assert texts(reading) == ["Wyt ti’n teimlo’n ddiogel?", "Ydw", *ladder]
    assert (
        reading.untranslated
        == len(texts(reading_of("tiny", TINY, ENGLISH, NoFixedWords(), []))) - 13
    )


def test_a_text_without_translation_is_marked_not_taken_for_english():
    assert Tongue("cy").said("Yes") == UNTRANSLATED + "Yes"
    assert Tongue("cy").said("") == ""
    assert ENGLISH.said("Yes") == "Yes"


def test_fuzzy_and_empty_translations_are_none(tmp_path):
    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Yes"\nmsgstr "Ydw"\n\n#, fuzzy\nmsgid "No"\nmsgstr "Nac"\n\nmsgid "Cat"\nmsgstr ""\n',
        encoding="utf-8",
    )
    assert languages_in(tmp_path) == ["en", "cy"]
    with pytest.raises(KeyError):
        tongue("ti", tmp_path)
    said = [tongue("cy", tmp_path).said(text) for text in ("Yes", "No", "Cat")]
    assert said == ["Ydw", UNTRANSLATED + "No", UNTRANSLATED + "Cat"]


PAGE = """
<h1>{{ _("Hello")|hear }}</h1><p>{{ _("Not heard") }}</p><p aria-label="{{ _('Label') }}"></p>
<p>{{ (_("Child") if dress.style == "child" else _("Older"))|hear }}</p>
{% if dress.style == "young" %}{{ _("Young")|hear }}{% elif resuming %}{{ _("Back")|hear }}
{% else %}{{ _("First")|hear }}{% endif %}
{% filter hear %}<b>{{ _("In a block") }}</b>{% include "answering/part.html" %}{% endfilter %}
{% with _ = heard %}{% include ["answering/" ~ questionnaire.id ~ ".html",
                                "answering/promises/" ~ questionnaire.reading ~ ".html"] %}{% endwith %}
{% macro ladder() %}{{ _("A ladder")|hear }}{% endmacro %}
{% macro month() %}{{ _("A month")|hear }}{% endmacro %}
{{ said|hear }}
"""
PARTS = {"part": '{{ _("A part") }}', "promises__8-10": '{{ _("A promise") if one else _("Two") }}'}


def test_only_what_can_be_heard_by_these_respondents_is_read_from_a_template(templates):
    words = PageWords(templates(page=PAGE, **PARTS), TINY)
    assert words.heard_in("answering/page.html") == [
        "Hello", "Child", "Back", "First", "In a block", "A part", "A promise", "Two", "A ladder",
    ]  # fmt: skip
    young = TINY.model_copy(update={"look": "young"})
    assert words.all_in("answering/part.html") == ["A part"]
    heard = PageWords(templates(page=PAGE, **PARTS), young).heard_in("answering/page.html")
    assert heard[:3] == ["Hello", "Older", "Young"]


def test_an_include_that_is_nowhere_is_not_passed_over(templates):
    words = PageWords(templates(page='{% include "answering/gone.html" %}'), TINY)
    with pytest.raises(TemplateNotFound):
        words.heard_in("answering/page.html")


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("Hello", [{}]),
        ("There are up to %(count)s questions.", [{"count": 6}]),
        ("You can use up to %(most)s letters and spaces.", [{"most": 40}]),
        ("Number %(place)s", []),
    ],
)
def test_a_number_in_a_text_comes_with_every_number_it_can_be(message, values):
    assert fillings(message, TINY) == values


@pytest.mark.parametrize(
    "message", ["Too long by %(over)s.", "%(count)s of %(most)s", "%(num)d left"]
)
def test_a_text_with_numbers_without_end_is_refused(message):
    with pytest.raises(NoEndOfTexts, match="no end"):
        fillings(message, TINY)


def test_all_that_children_meet_can_be_listed_in_every_language():
    fixed = FixedWords()
    for survey in load_surveys(ROOT / "questionnaires").values():
        for version in survey.questionnaires:
            english = reading_of(survey.id, version, ENGLISH, fixed, LINES)
            assert english.untranslated == 0
            assert {version.title, "Next", "No thanks", "Nothing picked yet."} <= set(
                texts(english)
            )
            for spoken in english.texts:
                assert not set("{}%<>") & set(spoken.text), spoken
                assert len(spoken.name) == 12 and spoken.where
            for language in languages_in():
                reading = reading_of(survey.id, version, tongue(language), fixed, LINES)
                assert not any(UNTRANSLATED in spoken.text for spoken in reading.texts), language


def test_children_of_eight_are_not_asked_to_record_what_only_older_people_meet():
    survey = load_survey(ROOT / "questionnaires" / "care4me")
    fixed = FixedWords()
    young, old = (
        set(texts(reading_of("care4me", survey.version(audience), ENGLISH, fixed, LINES)))
        for audience in ("8-10", "16-17")
    )
    assert "Skip this one" in young - old
    assert {"Skip", "Thank you"} <= old - young
    assert "NSPCC" not in young | old
    assert "Month" not in young | old


def test_names_hold_recordings_that_questionnaires_bring():
    page = Page(id="way", question=asking(clip="our-way.mp3"))
    names = names_of([reading_of("x", with_pages(page), ENGLISH, NoFixedWords(), [])])
    assert "our-way" in names
    assert Spoken("How?", "").name in names
