"""One sitting at a time: whoever opens a draft takes it over, and an old cookie opens nothing."""

import pytest
from answering_respondent import Respondent, answer_all

from questionnaires.responses import Chosen
from surveys.vault.slots import read_draft

AGAIN = "Please put your words in again"


def copy_of(respondent):
    """Somebody who has copied the cookie and the token out of the respondent's browser."""
    thief = Respondent(respondent.answering, respondent.invitation)
    thief.client.set_cookie("heard", respondent.client.get_cookie("heard").value)
    thief.stolen = respondent.token
    return thief


def leave(respondent):
    respondent.post("/answer/leave")


def press_leave(respondent):
    respondent.press("leave")


def give_back(respondent):
    respondent.post("/answer/give-back")


def open_elsewhere(respondent):
    Respondent(respondent.answering, respondent.invitation).enter()


def open_again(respondent):
    respondent.enter()


def let_the_next_child_start(respondent):
    respondent.enter(respondent.answering.invite().link)


ENDS = [leave, press_leave, give_back, open_elsewhere, open_again, let_the_next_child_start]


@pytest.fixture
def one_answer(respondent):
    respondent.get("/answer/2")
    respondent.pick("yes")
    return respondent


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    "address", ["/answer/welcome", "/answer/2", "/answer/3", "/answer/check", "/answer/delete"]
)
def test_a_copied_cookie_opens_no_page_once_the_sitting_is_over(one_answer, end, address):
    thief = copy_of(one_answer)
    thief.get("/answer/2")
    assert thief.checked == ["yes"], "the copy is good while the sitting lasts"
    end(one_answer)
    thief.get(address)
    assert thief.heading == AGAIN
    assert thief.client.get_cookie("heard") is None


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    "address", ["/answer/welcome", "/answer/3", "/answer/send", "/answer/delete"]
)
def test_a_copied_cookie_changes_nothing_once_the_sitting_is_over(
    one_answer, answering, end, address
):
    thief = copy_of(one_answer)
    end(one_answer)
    page = thief.post(address, csrf_token=thief.stolen, page="moved", answer="no", go="next")
    assert (page.status_code, thief.heading) == (400, AGAIN)
    assert answering.draft(one_answer.invitation) == {"safe": Chosen(("yes",))}


def test_a_copied_cookie_does_not_end_the_sitting_of_its_owner(one_answer, answering):
    thief = copy_of(one_answer)
    one_answer.enter()
    one_answer.agree()
    for address in ("/answer/leave", "/answer/give-back"):
        thief.client.post(address, data={"csrf_token": thief.stolen})
    one_answer.pick("no")
    assert set(answering.draft(one_answer.invitation)) == {"safe", "moved"}


def test_the_second_device_carries_on_and_the_first_keeps_its_words(respondent, answering):
    respondent.get("/answer/2")
    respondent.pick("yes")
    respondent.get("/answer/6")
    token = respondent.token
    second = Respondent(answering, respondent.invitation)
    second.enter()
    second.agree()
    assert second.heading == "Did you move?"
    respondent.post("/answer/6", csrf_token=token, page="wish", words="my <wish>", go="next")
    assert respondent.heading == AGAIN
    assert "my &lt;wish&gt;" in respondent.text
    second.pick("no")
    assert set(answering.draft(respondent.invitation)) == {"safe", "moved"}
    respondent.enter()
    respondent.agree()
    assert respondent.heading == "Which animals do you like?"


def test_leaving_from_a_sitting_that_is_over_still_leaves_at_once(one_answer, answering):
    token = one_answer.token
    Respondent(answering, one_answer.invitation).enter()
    one_answer.post("/answer/6", csrf_token=token, page="wish", words="mine", go="leave")
    assert one_answer.address == "/away"
    assert "mine" not in one_answer.text


def test_a_second_tab_belongs_to_the_same_sitting(one_answer, answering):
    tab = Respondent(answering, one_answer.invitation)
    tab.client = one_answer.client
    tab.get("/answer/3")
    tab.pick("no")
    one_answer.get("/answer/4")
    one_answer.pick("cat")
    tab.get("/answer/check")
    tab.post("/answer/send")
    assert tab.heading == "Thank you!"
    [response] = answering.responses()
    assert response.answers["moved"] == Chosen(("no",))


def test_sending_under_a_sitting_that_ends_meanwhile_sends_nothing(
    one_answer, answering, monkeypatch
):
    from surveys.answering import finishing

    answer_all(one_answer)
    load = finishing.load_wave_keys

    def meanwhile(*arguments):
        Respondent(answering, one_answer.invitation).enter()
        return load(*arguments)

    monkeypatch.setattr(finishing, "load_wave_keys", meanwhile)
    one_answer.post("/answer/send")
    assert one_answer.heading == AGAIN
    assert answering.draft(one_answer.invitation)


def test_opening_counts_as_no_answer_and_names_a_sitting(answering):
    person = Respondent(answering)
    site, access = answering.site, person.invitation.access

    def sitting():
        return read_draft(site.engine, site.storage_key, access)[1].sitting

    assert sitting() == b""
    person.enter()
    first = sitting()
    person.enter()
    assert len(first) == len(sitting()) == 8 and first != sitting()
    assert answering.draft(person.invitation) == {}
