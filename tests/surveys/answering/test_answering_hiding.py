"""Hide this: a calm page at once, and the way back by three pictures or the five words."""

import pytest
from answering_respondent import Respondent

from questionnaires.responses import Chosen


def hide(respondent):
    respondent.press()
    respondent.pick("yes", go="hide")


def test_what_was_picked_is_saved_and_a_calm_page_stands_there(respondent, answering):
    hide(respondent)
    assert respondent.heading == "A little break"
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}
    for word in ("safe", "care", "survey", "question", "Heard"):
        assert word not in respondent.visible_text


@pytest.mark.parametrize(
    "address",
    ["/answer/2", "/answer/check", "/answer/welcome", "/answer/delete", "/answer/pictures"],
)
def test_no_page_of_the_survey_opens_while_hidden(respondent, address):
    hide(respondent)
    respondent.get(address)
    assert respondent.address == "/break"


@pytest.mark.parametrize("address", ["/answer/2", "/answer/send", "/answer/delete"])
def test_nothing_is_changed_while_hidden(respondent, answering, address):
    hide(respondent)
    respondent.post(address, page="safe", answer="no", go="next")
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}


def test_three_pictures_bring_one_back_to_the_same_page(respondent):
    respondent.get("/answer/pictures")
    respondent.post("/answer/pictures", picture=["sun", "fish", "bell"])
    respondent.agree()
    hide(respondent)
    respondent.post("/break", picture=["bell", "sun", "boat"])
    assert respondent.heading == "A little break" and "not the three pictures" in respondent.text
    respondent.post("/break", picture=["bell", "sun", "fish"])
    assert respondent.heading == "Do you feel safe?" and respondent.checked == ["yes"]


def test_after_five_wrong_tries_only_the_five_words_help(respondent, answering):
    respondent.get("/answer/pictures")
    respondent.post("/answer/pictures", picture=["sun", "fish", "bell"])
    respondent.agree()
    hide(respondent)
    for _ in range(5):
        respondent.post("/break", picture=["boat"])
    assert respondent.address == "/"
    respondent.post("/start", words=respondent.invitation.link)
    assert respondent.address == "/answer/welcome"
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}


def test_without_a_secret_the_five_words_bring_one_back(respondent):
    hide(respondent)
    assert "Your five words bring you back." in respondent.visible_text
    respondent.post("/break", go="back")
    assert respondent.address == "/"
    respondent.post("/start", words=respondent.invitation.link)
    assert respondent.address == "/answer/welcome"


@pytest.mark.parametrize("pictures", [[], ["sun"], ["sun", "sun", "boat"], ["x", "y", "z"]])
def test_a_secret_is_three_different_pictures(respondent, pictures):
    respondent.get("/answer/pictures")
    respondent.post("/answer/pictures", picture=pictures)
    assert "Please pick three pictures." in respondent.text


def test_stopping_from_the_calm_page_ends_the_sitting(respondent, answering):
    hide(respondent)
    respondent.post("/break", go="stop")
    assert respondent.address == "/away"
    respondent.get("/answer/2")
    assert respondent.address == "/answer/ended"
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}


def test_hide_from_any_page_by_its_own_address(respondent):
    respondent.post("/answer/hide")
    assert respondent.heading == "A little break"


def test_the_calm_page_belongs_to_nobody_else(answering):
    stranger = Respondent(answering)
    stranger.get("/break")
    assert stranger.address == "/"
