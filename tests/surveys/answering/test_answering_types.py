"""Every type of question on its page: what it offers, what is stored, and batteries on any screen."""

from pathlib import Path

import pytest
from answering_respondent import Respondent
from answering_site import AnsweringSite

from questionnaires.loading import load_surveys
from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen, Month, Number, Ranked, Written

EXAMPLES = Path(__file__).parents[2] / "examples" / "valid"
SURVEY = load_surveys(EXAMPLES)["every_type_of_question"]


@pytest.fixture
def answering(tmp_path):
    made = AnsweringSite(tmp_path / "site", SURVEY)
    yield made
    made.site.engine.dispose()


def begin(answering, screen="narrow"):
    person = Respondent(answering)
    person.enter()
    person.post("/answer/welcome", screen=screen)
    return person


def goto(person, question):
    """Skip until the page of a question."""
    for _ in range(30):
        if question in person.text and question in page_ids(person):
            return person
        person.press("skip" if person.document.find(".//fieldset") is not None else "next")
    raise AssertionError(f"{question} was never reached")


def page_ids(person):
    return [field.attrib["value"] for field in person.document.findall(".//input[@name='page']")]


def stored(person):
    return person.answering.draft(person.invitation)


@pytest.mark.parametrize(
    ("question", "values", "answer"),
    [
        ("has_friends", {"answer": "yes"}, Chosen(("yes",))),
        ("how_many", {"answer": "five_or_more"}, Chosen(("five_or_more",))),
        ("first_things", {"list1": "friends", "list2": "school"}, Ranked(("friends", "school"))),
        ("first_things", {"list1": "", "list2": "school"}, Ranked(("school",))),
        ("last_move", {"list1": "5", "list2": "2026"}, Month(2026, 5)),
        ("happy_with_life", {"answer": "7"}, Number(7)),
    ],
)
def test_answer_is_stored_as_its_type_and_shown_again(answering, question, values, answer):
    person = goto(begin(answering), question)
    address = person.address
    person.press(**values)
    assert stored(person)[question] == answer
    person.get(address)
    shown = {o.attrib["value"] for o in person.document.findall(".//option[@selected]")}
    assert set(filter(None, values.values())) == shown | set(person.checked)


@pytest.mark.parametrize(
    ("question", "values", "words"),
    [
        ("first_things", {"list1": "family", "list2": "family"}, "stands in two places"),
        ("first_things", {"list1": "horse", "list2": ""}, "stands in two places"),
        ("first_things", {"list1": "", "list2": ""}, "Nothing picked yet."),
        ("last_move", {"list1": "5", "list2": ""}, "month or the year is missing"),
        ("last_move", {"list1": "", "list2": "2026"}, "month or the year is missing"),
        ("last_move", {"list1": "13", "list2": "2026"}, "month or the year is missing"),
        ("last_move", {"list1": "5", "list2": "1066"}, "month or the year is missing"),
        ("last_move", {"list1": "x", "list2": "2026"}, "month or the year is missing"),
        ("last_move", {}, "Nothing picked yet."),
    ],
)
def test_what_cannot_be_an_answer_is_said_and_what_was_chosen_stays(
    answering, question, values, words
):
    person = goto(begin(answering), question)
    person.press(**values)
    assert words in person.visible_text and question in page_ids(person)
    assert question not in stored(person)
    kept = {o.attrib["value"] for o in person.document.findall(".//option[@selected]")}
    offered = {o.attrib["value"] for o in person.document.findall(".//option")}
    assert kept == {value for value in values.values() if value} & offered


def test_check_page_says_order_and_month_in_words(answering):
    person = goto(begin(answering), "first_things")
    person.press(list1="friends", list2="school")
    person.press(list1="5", list2="2026")
    person.get("/answer/check")
    assert "Friends, School" in person.visible_text and "May 2026" in person.visible_text


def test_battery_is_one_question_a_page_on_a_narrow_screen(answering):
    person = goto(begin(answering), "was_told")
    assert page_ids(person) == ["was_told"] and "Think of your last move." in person.visible_text
    person.pick("yes")
    assert page_ids(person) == ["was_asked"]


def test_battery_is_together_on_a_wide_screen(answering):
    person = goto(begin(answering, "wide"), "was_told")
    assert page_ids(person) == ["was_told", "was_asked"]
    assert person.heading == "Think of your last move." and "Questions " in person.visible_text
    person.press(
        page=["was_told", "was_asked"], **{"was_told-answer": "yes", "was_asked-answer": "no"}
    )
    assert stored(person)["was_told"] == Chosen(("yes",))
    assert stored(person)["was_asked"] == Chosen(("no",))
    assert page_ids(person) == ["piped_and_varied"]
    person.press("back")
    assert page_ids(person) == ["was_told", "was_asked"] and sorted(person.checked) == ["no", "yes"]


def test_half_a_battery_is_saved_and_the_rest_asked_for(answering):
    person = goto(begin(answering, "wide"), "was_told")
    person.press(page=["was_told", "was_asked"], **{"was_asked-answer": "no"})
    assert "Some lines have no answer yet." in person.visible_text
    assert stored(person)["was_asked"] == Chosen(("no",)) and "was_told" not in stored(person)
    links = [a.attrib["href"] for a in person.document.findall(".//a") if "#" in a.attrib["href"]]
    assert links == ["#was_told-answer-1"]
    person.press("skip", page=["was_told", "was_asked"], **{"was_asked-answer": "no"})
    assert stored(person)["was_told"] is NonAnswer.SKIPPED
    assert stored(person)["was_asked"] == Chosen(("no",))


def test_whole_run_on_both_screens_sends_the_same(answering):
    for screen in ("narrow", "wide"):
        person = goto(begin(answering, screen), "has_friends")
        person.pick("yes")
        person.pick("one")
        person.press(list1="family", list2="")
        person.press(list1="1", list2="2020")
        if screen == "wide":
            both = {"was_told-answer": "yes", "was_asked-answer": "no"}
            person.press(page=["was_told", "was_asked"], **both)
        else:
            person.pick("yes")
            person.pick("no")
        assert person.heading == "You said: Once. Was that right for you?"
        person.pick("no")
        person.post("/answer/send")
    first, second = answering.responses()
    assert first.answers == second.answers
    assert first.answers["was_asked"] == Chosen(("no",))


def test_piped_words_follow_a_change_of_the_answer(answering):
    person = goto(begin(answering), "how_many")
    step = person.address
    person.pick("one")
    person.get(step)
    person.pick("two_to_four")
    goto(person, "piped_and_varied")
    assert person.heading == "You said: 2 to 4 times. Was that right for you?"


def test_variant_is_asked_instead(answering):
    person = begin(answering)
    person.pick("no")
    goto(person, "piped_and_varied")
    assert person.heading == "Would you like to move?"


def test_control_characters_are_left_out_and_every_other_sign_is_kept(answering):
    person = begin(answering)
    person.pick("no")
    goto(person, "happy_with_life").pick("2")
    text = "👩‍👧 a\u200fb\u202e \u2066c\u2069 é"
    person.press(words=f"\x00\x07{text}\x7f")
    assert stored(person)["one_wish"] == Written(text)


def test_low_answer_is_followed_by_the_same_words_every_time(tmp_path):
    made = AnsweringSite(tmp_path / "tiny")
    words = "If that is hard for you, you can talk to someone."
    person = Respondent(made)
    person.enter()
    person.agree()
    for picked, low in (("2", True), ("4", True), ("5", False), ("x:dont_know", False)):
        goto(person, "ladder")
        person.pick(picked)
        assert (words in person.visible_text) is low
        person.press("back")
    made.site.engine.dispose()


def test_tucked_answers_are_not_named_in_another_question(answering):
    person = goto(begin(answering), "how_many")
    person.pick("five_or_more")
    person.enter()
    person.agree()
    goto(person, "piped_and_varied")
    assert person.heading == "You said: you moved. Was that right for you?"
    assert "5 times" not in person.text
