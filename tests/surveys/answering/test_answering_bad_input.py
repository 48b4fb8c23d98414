"""Bad input at a respondent's pages: each has a kind page and loses nothing that was saved.

What belongs together with other promises is tested there: words that are too long, answers that
were not offered, pages off the path (walk); idle sessions and words given back (sending); another
device (sitting); signs that are left out (types); a crowd at the door (door); clips (sound).
"""

import re

import pytest
from answering_respondent import Respondent, answer_all
from answering_site import AnsweringSite, tiny_survey

from questionnaires.responses import Chosen, Written

MARKS = "👩‍👧‍👦 مرحبا \u200fa\u200e \u2067b\u2069 \u202ec\u202c e\u0301 🏳️‍🌈 ✍️ שלום עולם"


def at_the_wish(respondent):
    """On the page with free text, two answers before it."""
    respondent.get("/answer/2")
    respondent.pick("yes")
    respondent.pick("no")
    respondent.get("/answer/6")
    return respondent


@pytest.mark.parametrize("language", ["xx", "", "EN", "../../etc", "en\x00", "ar" * 500])
def test_an_unknown_language_changes_nothing_and_keeps_the_answer(respondent, answering, language):
    respondent.get("/answer/2")
    respondent.press("language", language=language, answer=["yes"])
    assert respondent.page.status_code == 200
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}
    assert respondent.document.attrib["lang"] == "en"


def test_an_unknown_language_in_the_look_form_leads_back(respondent):
    respondent.get("/help")
    respondent.post("/look", language="xx", here="help")
    assert (respondent.page.status_code, respondent.address) == (200, "/help")
    assert respondent.document.attrib["lang"] == "en"
    respondent.post("/look", language="en", here="https://elsewhere.example/")
    assert (respondent.page.status_code, respondent.address) == (200, "/")


def test_a_language_without_a_catalogue_is_shown_in_english_and_loses_nothing(tmp_path):
    """Such a language is not offered; if its file goes while somebody is answering, they go on."""
    made = AnsweringSite(tmp_path / "site", languages=("en", "vi"))
    made.app.extensions["babel"].translation_directories = [str(tmp_path / "nothing")]
    person = Respondent(made)
    person.enter()
    person.agree()
    person.get("/answer/2")
    person.press("language", language="vi", answer=["yes"])
    assert (person.page.status_code, person.document.attrib["lang"]) == (200, "vi")
    assert person.heading == "Do you feel safe?"
    assert made.draft(person.invitation) == {"safe": Chosen(("yes",))}
    answer_all(person)
    person.get("/answer/check")
    person.post("/answer/send")
    assert len(made.responses()) == 1
    made.site.engine.dispose()


def test_emoji_and_marks_of_direction_arrive_as_they_were_written(respondent, answering):
    assert len(MARKS) > 40  # more than this question takes: the page gives them back whole
    at_the_wish(respondent).press(words=MARKS)
    assert "too long" in respondent.text and MARKS in respondent.text
    respondent.press(words=MARKS[:40])
    respondent.get("/answer/check")
    assert MARKS[:40] in respondent.text
    respondent.post("/answer/send")
    [response] = answering.responses()
    assert response.answers["wish"] == Written(MARKS[:40])


@pytest.mark.parametrize("go", ["next", "help", "back", "hide", "leave"])
def test_a_million_characters_get_a_kind_page_and_nothing_saved_is_lost(respondent, answering, go):
    at_the_wish(respondent)
    before, token = answering.draft(respondent.invitation), respondent.token
    page = respondent.post("/answer/6", csrf_token=token, page="wish", go=go, words="ä" * 1_000_000)
    assert page.status_code == 413
    assert respondent.heading == "That was too much at once"
    assert "Go back and make it shorter. What you saved before is safe." in respondent.visible_text
    assert answering.draft(respondent.invitation) == before
    respondent.get("/answer/6")
    respondent.press(words="shorter")
    assert answering.draft(respondent.invitation)["wish"] == Written("shorter")


def test_a_million_characters_at_the_door_and_in_the_look_form(answering):
    person = Respondent(answering)
    person.get("/")
    token = person.token
    for address, name in (("/start", "words"), ("/look", "language"), ("/start", "csrf_token")):
        page = person.post(address, **{"csrf_token": token, name: "x" * 1_000_000})
        assert page.status_code == 413 and "That was too much at once" in person.text
    person.enter()
    assert person.heading == "Tiny"


def test_what_fits_the_box_on_the_page_is_never_refused_whole(respondent):
    """The box takes fewer characters than a form can carry, so their owner gets all of them back."""
    at_the_wish(respondent)
    box = respondent.document.find(".//textarea")
    words = "€" * int(box.attrib["maxlength"])
    assert int(box.attrib["maxlength"]) >= 4000, "more than any question takes"
    page = respondent.press(words=words)
    assert page.status_code == 200
    assert "too long" in respondent.text
    assert respondent.document.find(".//textarea").text.strip() == words


def test_a_form_that_is_sent_again_saves_the_same_answer_again(respondent, answering):
    respondent.get("/answer/2")
    form = {"csrf_token": respondent.token, "page": "safe", "answer": "yes", "go": "next"}
    for _ in range(3):
        respondent.post("/answer/2", **form)
        assert respondent.heading == "Did you move?"
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}


def test_a_form_that_is_sent_again_after_the_end_changes_nothing(respondent, answering):
    respondent.get("/answer/2")
    form = {"csrf_token": respondent.token, "page": "safe", "answer": "yes", "go": "next"}
    respondent.post("/answer/2", **form)
    answer_all(respondent)
    respondent.get("/answer/check")
    respondent.post("/answer/send")
    respondent.post("/answer/2", **form | {"answer": "no"})
    assert respondent.heading == "Thank you!"
    [response] = answering.responses()
    assert response.answers["safe"] == Chosen(("yes",))


@pytest.mark.parametrize(
    "altered",
    [
        {"page": "nowhere"},
        {"page": ""},
        {"page": "hello"},
        {"page": "wish", "answer": "yes"},
        {"answer": "x:skipped"},
        {"answer": "not_asked"},
        {"safe-answer": "yes", "answer": ""},
        {"list1": "yes"},
        {"then": "elsewhere", "answer": ""},
    ],
)
def test_an_altered_form_saves_nothing_that_was_not_asked(respondent, answering, altered):
    respondent.get("/answer/2")
    data = {"csrf_token": respondent.token, "page": "safe", "go": "next", **altered}
    respondent.post("/answer/2", **data)
    assert respondent.page.status_code == 200
    assert set(answering.draft(respondent.invitation)) <= {"wish"}, "words alone may be left out"
    assert "safe" not in answering.draft(respondent.invitation)


def test_an_unknown_button_gets_a_kind_page_and_keeps_the_answer(respondent, answering):
    respondent.get("/answer/2")
    respondent.press("explode", answer=["yes"])
    assert respondent.page.status_code == 404
    assert "You have done nothing wrong." in respondent.text
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "☃", "0" * 5000])
def test_an_altered_token_gives_back_what_was_written(respondent, answering, token):
    at_the_wish(respondent)
    before = answering.draft(respondent.invitation)
    data = {"csrf_token": token, "page": "wish", "go": "next", "words": "my <wish>"}
    respondent.page = respondent.client.post(
        "/answer/6", data=data, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert respondent.page.status_code == 400
    assert respondent.heading == "This page is an old one"
    assert "my &lt;wish&gt;" in respondent.text
    assert answering.draft(respondent.invitation) == before
    respondent.get("/answer/6")
    respondent.press(words="my wish")
    assert answering.draft(respondent.invitation)["wish"] == Written("my wish")


def test_an_altered_cookie_is_no_cookie_and_the_words_still_open(respondent, answering):
    respondent.get("/answer/2")
    respondent.pick("yes")
    cookie = respondent.client.get_cookie("heard").value
    for altered in ("", "x", cookie[:-8], cookie[::-1], cookie.swapcase()):
        respondent.client.set_cookie("heard", altered)
        respondent.get("/answer/3")
        assert respondent.heading == "Please put your words in again"
    respondent.enter()
    respondent.agree()
    assert respondent.heading == "Did you move?"


@pytest.mark.parametrize("look", ["child", "young", "desk"])
def test_an_expired_page_says_so_kindly_and_gives_the_words_back(tmp_path, look):
    made = AnsweringSite(tmp_path / look, tiny_survey(look=look))
    person = Respondent(made)
    person.enter()
    person.agree()
    at_the_wish(person)
    token = person.token
    made.clock.forward(minutes=50)
    person.page = person.client.post(
        "/answer/6",
        data={"csrf_token": token, "page": "wish", "go": "next", "words": MARKS},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert person.page.status_code == 400
    assert person.heading == "Please put your words in again"
    assert "Your answers so far are safe." in person.visible_text
    box = person.document.find(".//textarea")
    assert box.text.strip() == MARKS and "readonly" in box.attrib
    assert set(made.draft(person.invitation)) == {"safe", "moved"}
    made.site.engine.dispose()


def test_an_expired_page_opened_anew_leads_to_the_door_and_back(respondent, answering):
    at_the_wish(respondent)
    answering.clock.forward(minutes=50)
    respondent.get("/answer/6")
    assert respondent.address == "/answer/ended"
    assert respondent.heading == "Please put your words in again"
    assert not re.search(r"wish|animals|feel safe", respondent.visible_text)
    respondent.enter()
    respondent.agree()
    assert respondent.heading == "Which animals do you like?"


@pytest.mark.parametrize("go", ["hide", "leave"])
def test_hiding_or_leaving_an_expired_page_shows_nothing_of_it(respondent, answering, go):
    at_the_wish(respondent)
    answering.clock.forward(minutes=50)
    respondent.page = respondent.client.post(
        "/answer/6",
        data={"csrf_token": respondent.token, "page": "wish", "go": go, "words": MARKS},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert respondent.page.headers["Location"] == "/away" and MARKS not in respondent.page.text


def test_words_of_an_expired_page_are_given_back_while_the_browser_still_has_its_token(
    respondent, answering
):
    at_the_wish(respondent)
    token = respondent.token
    with respondent.client.session_transaction() as kept:
        kept.pop("access")  # the sitting is over, and the form's token still fits
    respondent.page = respondent.client.post(
        "/answer/6",
        data={"csrf_token": token, "page": "wish", "go": "next", "words": MARKS},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert respondent.page.status_code == 400
    assert respondent.document.find(".//textarea").text.strip() == MARKS


def test_too_much_after_the_sitting_is_over_is_said_to_be_too_much(respondent, answering):
    at_the_wish(respondent)
    answering.clock.forward(minutes=50)
    page = respondent.client.post("/answer/6", data={"page": "wish", "words": "x" * 100_000})
    assert page.status_code == 413 and "too long to send" in page.text
