"""A crowd at the door, and words that keep opening nothing: told kindly, and only where it belongs."""

import pytest
from answering_respondent import Respondent

from surveys.answering import sitting
from surveys.invitations.codes import TooManyAtOnce

TYPED = 'Sweater "Urban" gizmo maple taxi'


@pytest.fixture
def crowded(monkeypatch):
    def refuse(*_):
        raise TooManyAtOnce

    with monkeypatch.context() as patch:
        patch.setattr(sitting, "secret_from_typed_words", refuse)
        yield


def box(person):
    return person.document.find(".//input[@id='words']").attrib.get("value", "")


def wrong(person, times):
    for _ in range(times):
        assert person.enter("a" * 26).status_code == 404


def test_a_crowd_is_told_to_wait_and_finds_its_words_in_the_box(answering, crowded):
    person = Respondent(answering)
    page = person.enter(TYPED)
    assert page.status_code == 503
    assert "Many people are starting right now." in person.text
    assert box(person) == TYPED
    assert "gizmo" not in page.request.url
    assert person.document.findtext(".//title").startswith("Please look: ")
    assert person.post("/start", words=person.invitation.link).status_code == 200


def test_a_crowd_is_no_wrong_try(answering, crowded):
    person = Respondent(answering)
    for _ in range(8):
        assert person.enter(TYPED).status_code == 503


def test_the_box_at_the_front_door_is_empty(answering):
    person = Respondent(answering)
    person.get("/")
    assert box(person) == ""
    assert "Please look" not in person.text


def test_after_five_wrong_tries_even_right_words_wait_half_a_minute(answering):
    person = Respondent(answering)
    wrong(person, 5)
    assert person.enter().status_code == 429
    assert "Minutes to wait: 1." in person.text
    assert "done nothing wrong" in person.text
    assert box(person) == person.invitation.link
    answering.clock.forward(seconds=29)
    assert person.enter().status_code == 429
    answering.clock.forward(seconds=1)
    person.enter()
    assert person.heading == "Tiny"


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(answering):
    person = Respondent(answering)
    wrong(person, 4)
    for seconds in (30, 60, 120, 240, 480, 900, 900):
        wrong(person, 1)
        answering.clock.forward(seconds=seconds - 1)
        assert person.enter().status_code == 429
        answering.clock.forward(seconds=1)


def test_nothing_is_looked_up_while_waiting(answering, monkeypatch):
    person = Respondent(answering)
    wrong(person, 5)
    monkeypatch.setattr(sitting, "read_draft", pytest.fail)
    assert person.enter().status_code == 429


def test_other_browsers_at_the_same_address_do_not_wait(answering):
    wrong(Respondent(answering), 5)
    person = Respondent(answering)
    person.enter()
    assert person.heading == "Tiny"


def test_starting_forgets_the_wrong_tries(answering):
    person = Respondent(answering)
    wrong(person, 4)
    person.enter()
    wrong(person, 4)
    person.enter()
    assert person.heading == "Tiny"
