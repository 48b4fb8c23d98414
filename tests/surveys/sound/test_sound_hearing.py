"""On the page: each text has the address of its clip, and nothing that is shown goes unheard."""

import re

import pytest
from answering_respondent import Respondent
from answering_site import tiny_questionnaire, tiny_survey, yes_no
from markupsafe import Markup

from questionnaires.model import Battery, Option, Page, Question, QuestionType, Section
from surveys.sound import hearing
from surveys.sound.clips import clip_name, tidy
from surveys.sound.fixed_words import FixedWords
from surveys.sound.spoken import reading_of
from surveys.sound.tongues import Tongue

HELLO = clip_name("Hello")


@pytest.fixture
def page(sited):
    """A request to a site with one clip in English and one in Welsh."""
    site = sited(clips={"en": {HELLO: "en/h.mp3", "ours": "en/recorded/ours.mp3"},
                        "cy": {clip_name("Helo"): "cy/x.mp3"}})  # fmt: skip
    with site.app.test_request_context():
        yield site


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("", ""),
        ("Hello", '<span data-clip="en/h.mp3">Hello</span>'),
        ("  Hello\n", '  <span data-clip="en/h.mp3">Hello</span>\n'),
        ("Bye", '<span data-clip="">Bye</span>'),
        ("<b>Hello", '<span data-clip="">&lt;b&gt;Hello</span>'),
        (" · ", " · "),
        ("999", '<span data-clip="" data-say="9 9 9">999</span>'),
        (
            Markup('<p title="a &gt; b">Hello</p>, <br>\n<b>Bye</b>'),
            '<p title="a &gt; b"><span data-clip="en/h.mp3">Hello</span></p>, <br>\n'
            '<b><span data-clip="">Bye</span></b>',
        ),
    ],
)
def test_texts_get_the_address_of_their_clip(page, text, markup):
    assert hearing.hear(text) == markup
    assert isinstance(hearing.hear(text), Markup)


def test_what_is_escaped_is_heard_as_it_is_shown(sited):
    site = sited(clips={"en": {clip_name("Tom & <Jo>"): "en/t.mp3"}})
    with site.app.test_request_context():
        for text in ("Tom & <Jo>", Markup("Tom &amp; &lt;Jo&gt;")):
            assert hearing.hear(text) == '<span data-clip="en/t.mp3">Tom &amp; &lt;Jo&gt;</span>'


def test_a_recording_of_its_own_goes_first_when_it_is_there(page):
    assert 'data-clip="en/recorded/ours.mp3"' in hearing.hear("Hello", "ours.mp3")
    assert 'data-clip="en/h.mp3"' in hearing.hear("Hello", "theirs.mp3")


def test_each_language_has_its_own_clips(page):
    from flask import session

    session["language"] = "cy"
    assert hearing.hear("Hello") == '<span data-clip="">Hello</span>'
    assert 'data-clip="cy/x.mp3"' in hearing.hear("Helo")
    assert hearing.clip_of("Helo") == "cy/x.mp3"
    assert hearing.clip_of("Hello") == ""


def test_a_text_of_the_interface_is_filled_in_before_it_is_heard(page):
    text = "There are up to 6 questions."
    assert hearing.heard("There are up to %(count)s questions.", count=6) == (
        f'<span data-clip="">{text}</span>'
    )


def everything():
    """A questionnaire with every type of question, a battery, a hint and a page of information."""
    tiny = tiny_questionnaire()
    options = (Option(code="a", label="Apples"), Option(code="b", label="Bread"))
    common = {"options": options, "short": "x"}
    ranking = Question(
        id="first", type=QuestionType.RANKING, text="Which first?", places=2, **common
    )
    band = Question(id="many", type=QuestionType.BAND, text="How many?", hint="Count.", **common)
    month = Question(id="when", type=QuestionType.MONTH, text="When?", short="x",
                     earliest_year=2024, latest_year=2026)  # fmt: skip
    battery = Battery(id="b", text="How true are these?", hint="One each.")
    asked = [Page(id=one.id, question=one) for one in (ranking, band, month)]
    lines = [Page(id=name, question=yes_no(name, f"Line {name}"), battery=battery) for name in "cd"]
    more = Section(id="more", title="More", pages=(*asked, *lines))
    return tiny_survey().model_copy(
        update={"questionnaires": (tiny.model_copy(update={"sections": (*tiny.sections, more)}),)}
    )


# What is shown and not read out: how far one is, what a form holds, deleting, the languages; and
# the ends of a ladder, which are heard at its first and last step.
QUIET = {"progress", "delete-link", "languages", "listen", "ladder-ends"}
QUIET_TAGS = {"select", "textarea", "svg", "script"}


def unheard(element):
    """The texts below an element that are shown and have no clip."""
    attributes = element.attrib
    classes = set(attributes.get("class", "").split())
    if classes & QUIET or element.tag in QUIET_TAGS or {"hidden", "data-clip"} & set(attributes):
        return
    if "hidden-words" not in classes:
        yield from (text for text in [element.text or ""] if re.search(r"\w", text))
    for child in element:
        yield from unheard(child)
        yield from (text for text in [child.tail or ""] if re.search(r"\w", text))


def heard(document):
    spans = [one for one in document.find(".//main").iter() if "data-clip" in one.attrib]
    return [tidy("".join(span.itertext())) for span in spans]


def walk(person):
    """Every page of a sitting, as it comes, with and without something to say about it."""
    person.enter()
    yield "welcome"
    person.get("/help")
    yield "help"
    person.agree()
    while "/check" not in person.address:
        yield person.address
        person.press()
        if "Please look" in person.text:
            yield f"{person.address}, nothing picked"
            person.press("skip")
    person.get("/help")
    yield "help again"
    person.get("/answer/check")
    person.post("/answer/send")
    yield "thanks"


@pytest.mark.parametrize(("look", "reading"), [("child", "8-10"), ("young", "16+")])
def test_all_that_is_shown_is_heard_and_all_that_is_heard_is_listed(sited, look, reading):
    survey = everything()
    (version,) = survey.questionnaires
    version = version.model_copy(update={"look": look, "reading": reading})
    site = sited(survey.model_copy(update={"questionnaires": (version,)}))
    fixed = FixedWords()
    listed = {
        one.text
        for one in reading_of("tiny", version, Tongue("en"), fixed, site.site.support_lines).texts
    }
    person, pages = Respondent(site), 0
    for name in walk(person):
        pages += 1
        main = person.document.find(".//main")
        silent = [tidy(text) for text in unheard(main)]
        assert [text for text in silent if not text.startswith(UNTIL)] == [], name
        assert heard(person.document), name
        assert [text for text in heard(person.document) if text not in listed] == [], name
        button = person.document.find(".//button[@id='listen']")
        assert button is not None, name
        assert "hidden" in button.attrib and button.attrib["type"] == "button", name
    assert pages > 20


UNTIL = "You can answer until"


def test_an_answer_that_is_low_is_followed_by_words_that_can_be_heard(sited):
    site = sited()
    person = Respondent(site)
    person.enter()
    person.agree()
    while person.page_id != "ladder":
        person.press("skip")
    person.pick("0")
    assert any("talk to someone" in text for text in heard(person.document))


def test_wide_screens_hear_what_a_battery_has_in_common(sited):
    survey = everything()
    (version,) = survey.questionnaires
    site = sited(survey.model_copy(
        update={"questionnaires": (version.model_copy(update={"look": "desk", "reading": "adult"}),)}
    ))  # fmt: skip
    person = Respondent(site)
    person.enter()
    person.post("/answer/welcome", screen="wide")
    while "How true are these?" not in person.text:
        person.press("skip")
    assert heard(person.document)[1:5] == ["How true are these?", "One each.", "Line c", "Yes"]
    assert len(person.document.findall(".//button[@id='listen']")) == 1


def test_clips_may_be_kept_by_the_browser_and_by_nobody_else(sited):
    site = sited(clips={"en": {HELLO: f"en/{HELLO}.mp3"}})
    (site.audio / "en").mkdir()
    (site.audio / "en" / f"{HELLO}.mp3").write_bytes(b"ID3")

    def get(address, **headers):
        with site.client().get(address, headers=headers) as answer:
            return answer.status_code, answer.data[:9], dict(answer.headers)

    status, data, headers = get(f"/static/audio/en/{HELLO}.mp3", Range="bytes=0-1")
    assert (status, data) == (206, b"ID")
    assert headers["Cache-Control"] == "private, max-age=86400"
    assert headers["Content-Type"] == "audio/mpeg"
    assert "Set-Cookie" not in headers
    status, _, headers = get("/static/audio/en/000000000000.mp3")
    assert status == 404 and "max-age" not in headers.get("Cache-Control", "")
    assert "max-age" not in get("/static/listen.js")[2]["Cache-Control"]
    assert get("/static/audio/../../app.py")[0] == 404


def test_the_clip_that_follows_a_low_answer_is_never_kept(sited):
    words = "If that is hard for you, you can talk to someone. Press Help."
    name = f"{clip_name(words)}.mp3"
    site = sited(clips={"en": {clip_name(words): f"en/{name}"}})
    (site.audio / "en").mkdir()
    (site.audio / "en" / name).write_bytes(b"ID3")
    with site.client().get(f"/static/audio/en/{name}") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
