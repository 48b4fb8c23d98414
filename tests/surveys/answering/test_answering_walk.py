"""A respondent's way from the door to the thank-you page, with every turn it can take."""

import pytest
from answering_respondent import Respondent, answer_all

from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen, Number, Written

WISH = 'A <b>dog</b> & a 100% "cat" <script>'


def test_a_full_run_is_sealed_exactly_as_answered(respondent, answering):
    assert respondent.heading == "First, your home"
    respondent.press()
    assert respondent.heading == "Do you feel safe?"
    respondent.pick("yes")
    respondent.pick("yes")
    assert respondent.heading == "Were you told?"
    respondent.pick("x:dont_know")
    respondent.pick("dog", "cat")
    respondent.pick("7")
    respondent.press(words=WISH)
    assert respondent.heading == "Ready to send?"
    assert "A &lt;b&gt;dog&lt;/b&gt; &amp; a 100%" in respondent.text
    respondent.post("/answer/send")
    assert respondent.heading == "Thank you!"
    [response] = answering.responses()
    assert response.questionnaire == "tiny-8-10"
    assert response.answers == {
        "safe": Chosen(("yes",)),
        "moved": Chosen(("yes",)),
        "told": NonAnswer.DONT_KNOW,
        "pets": Chosen(("cat", "dog")),
        "ladder": Number(7),
        "wish": Written(WISH),
    }


def test_every_answer_is_stored_as_soon_as_its_page_is_left(respondent, answering):
    respondent.press()
    assert answering.draft(respondent.invitation) == {}
    respondent.pick("no")
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("no",))}


def test_skip_is_its_own_answer_and_replaces_what_was_there(respondent, answering):
    respondent.press()
    respondent.pick("yes")
    respondent.get("/answer/2")
    respondent.pick("no", go="skip")
    assert answering.draft(respondent.invitation) == {"safe": NonAnswer.SKIPPED}
    respondent.get("/answer/2")
    assert respondent.checked == []


def test_dont_know_is_kept_and_shown_again(respondent):
    respondent.press()
    respondent.pick("x:dont_know")
    respondent.get("/answer/2")
    assert respondent.checked == ["x:dont_know"]


def test_nothing_picked_is_said_kindly_and_saves_nothing(respondent, answering):
    respondent.press()
    respondent.press()
    assert "Nothing picked yet." in respondent.text
    assert "Pick one, or press Skip." in respondent.text
    assert respondent.document.findtext(".//title").startswith("Please look: ")
    link = respondent.document.find(".//*[@id='notice']//a").attrib["href"]
    assert respondent.document.find(f".//*[@id='{link[1:]}']") is not None
    assert answering.draft(respondent.invitation) == {}


@pytest.mark.parametrize("value", ["maybe", "x:rather_not_say", "x:not_asked", "x:", "7"])
def test_an_answer_that_was_not_offered_is_not_taken(respondent, answering, value):
    respondent.press()
    respondent.pick(value)
    assert "Nothing picked yet." in respondent.text
    assert answering.draft(respondent.invitation) == {}


def test_two_answers_to_a_question_that_takes_one_leave_one(respondent, answering):
    respondent.press()
    respondent.pick("yes", "no")
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}


def test_what_stands_alone_cannot_be_picked_with_others(respondent, answering):
    for step, picked in ((4, ("cat", "none")), (4, ("cat", "x:dont_know"))):
        respondent.get(f"/answer/{step}")
        respondent.pick(*picked)
        assert "do not go together" in respondent.text
        assert sorted(respondent.checked) == sorted(picked)
    assert answering.draft(respondent.invitation) == {}


def test_back_and_change_and_the_path_follows(respondent, answering):
    respondent.press()
    respondent.pick("yes")
    respondent.pick("yes")
    respondent.pick("no")
    respondent.get("/answer/3")
    assert respondent.checked == ["yes"]
    respondent.pick("no")
    assert respondent.heading == "Which animals do you like?"
    respondent.press("back")
    assert respondent.heading == "Did you move?"
    for step in (4, 5, 6):
        respondent.get(f"/answer/{step}")
        respondent.press("skip")
    respondent.post("/answer/send")
    [response] = answering.responses()
    assert "told" not in response.answers
    assert set(response.answers) == {"safe", "moved", "pets", "ladder", "wish"}


def test_a_change_from_the_check_page_comes_back_to_it(respondent):
    answer_all(respondent)
    respondent.get("/answer/2?then=check")
    respondent.pick("no")
    assert respondent.heading == "Ready to send?"


def test_a_change_from_the_check_page_that_opens_a_question_asks_it(respondent):
    answer_all(respondent)
    respondent.get("/answer/3?then=check")
    respondent.pick("yes")
    assert respondent.heading == "Were you told?"
    respondent.pick("yes")
    assert respondent.address == "/answer/5"


def test_the_address_says_nothing_about_the_way_taken(respondent):
    respondent.press()
    respondent.pick("yes")
    respondent.pick("no")
    assert respondent.address == "/answer/4"


def test_a_page_that_is_no_longer_on_the_path_is_passed_over(respondent, answering):
    respondent.press()
    respondent.pick("yes")
    respondent.pick("yes")
    stale = Respondent(answering, respondent.invitation)
    stale.client = respondent.client
    stale.get("/answer/4")
    respondent.get("/answer/3")
    respondent.pick("no")
    stale.pick("yes")
    assert stale.heading == "Which animals do you like?"
    assert "told" not in answering.draft(respondent.invitation)


def test_the_page_in_the_form_counts_not_the_step_in_the_address(respondent, answering):
    respondent.press()
    respondent.post("/answer/5", page="safe", go="next", answer="yes")
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}
    assert respondent.heading == "Did you move?"


@pytest.mark.parametrize("step", [0, 99])
def test_a_step_beyond_the_path_leads_back_to_it(respondent, step):
    respondent.get(f"/answer/{step}")
    assert respondent.heading == "First, your home"


def test_two_tabs_lose_no_answer(respondent, answering):
    other = Respondent(answering, respondent.invitation)
    other.client = respondent.client
    respondent.get("/answer/2")
    other.get("/answer/3")
    respondent.pick("yes")
    other.pick("no")
    assert answering.draft(respondent.invitation) == {
        "safe": Chosen(("yes",)),
        "moved": Chosen(("no",)),
    }


def test_empty_text_with_next_is_skipping(respondent, answering):
    respondent.get("/answer/6")
    respondent.press(words="  \r\n ")
    assert answering.draft(respondent.invitation) == {"wish": NonAnswer.SKIPPED}


@pytest.mark.parametrize("go", ["next", "back", "help", "delete"])
def test_text_that_is_too_long_is_told_and_kept(respondent, answering, go):
    long = "One wish, but a very long one, & more ☃ than fits"
    respondent.get("/answer/6")
    respondent.press(go, words=long)
    assert "too long by 9" in respondent.text
    assert respondent.document.findtext(".//textarea").strip() == long
    assert answering.draft(respondent.invitation) == {}
    assert ("People to call" in respondent.text) == (go == "help")


def test_line_ends_count_once_and_come_back_as_written(respondent, answering):
    text = "a\nb" * 13  # 39 characters, 52 as sent
    respondent.get("/answer/6")
    respondent.press(words=text.replace("\n", "\r\n"))
    assert answering.draft(respondent.invitation) == {"wish": Written(text)}


def test_leaving_with_text_that_is_too_long_still_leaves_at_once(respondent):
    respondent.get("/answer/6")
    respondent.press("leave", words="x" * 41)
    assert respondent.address == "/away"


@pytest.mark.parametrize("go", ["back", "help", "delete", "leave"])
def test_every_button_saves_what_was_picked_first(respondent, answering, go):
    respondent.get("/answer/2")
    respondent.pick("no", go=go)
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("no",))}


def test_help_leads_back_to_the_same_question(respondent):
    respondent.get("/answer/3")
    respondent.press("help")
    assert respondent.heading == "I want to talk to someone"
    back = respondent.document.find(".//a[@class='next']").attrib["href"]
    assert back == "/answer/3"


def test_deleting_empties_the_draft_and_the_words_still_work(respondent, answering):
    answer_all(respondent)
    respondent.get("/answer/delete")
    respondent.post("/answer/delete")
    assert answering.draft(respondent.invitation) == {}
    assert "tucked away" not in respondent.text
    respondent.agree()
    assert respondent.heading == "First, your home"


@pytest.mark.parametrize("address", ["/answer/send", "/answer/delete"])
def test_nothing_of_what_was_saved_stays_in_the_log_of_the_database(respondent, answering, address):
    log = answering.folder / "heard.sqlite3-wal"
    answer_all(respondent)
    assert log.stat().st_size > 0
    respondent.post(address)
    assert log.stat().st_size == 0


def test_questions_come_only_after_a_yes(answering):
    person = Respondent(answering)
    person.enter()
    for address in ("/answer/2", "/answer/check"):
        person.get(address)
        assert person.heading == "Tiny"
    person.post("/answer/2", page="safe", answer="yes", go="next")
    assert answering.draft(person.invitation) == {}


def test_saying_no_thanks_leaves_nothing(answering):
    person = Respondent(answering)
    person.enter()
    person.post("/answer/leave")
    assert person.address == "/away"
    person.get("/answer/welcome")
    assert "put your words in again" in person.heading
    assert answering.draft(person.invitation) == {}
