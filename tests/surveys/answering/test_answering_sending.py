"""Sending once, whatever is pressed how often; coming back; and doors that tell nothing."""

import json
from datetime import timedelta

import pytest
from answering_respondent import Respondent, answer_all
from answering_site import TODAY, AnsweringSite

from questionnaires.responses import Chosen


def test_sending_twice_counts_once_and_thanks_twice(respondent, answering):
    answer_all(respondent)
    token = respondent.token
    cookie = respondent.client.get_cookie("heard").value
    respondent.post("/answer/send")
    again = Respondent(answering, respondent.invitation)
    again.client.set_cookie("heard", cookie)  # the second press left before the first came back
    again.post("/answer/send", csrf_token=token)
    assert again.heading == respondent.heading == "Thank you!"
    late = respondent.client.post("/answer/send", data={"csrf_token": token})
    assert (late.status_code, late.location) == (303, "/answer/thanks")
    assert len(answering.responses()) == 1


def test_after_sending_every_way_leads_to_thanks_or_the_door(respondent, answering):
    answer_all(respondent)
    cookie = respondent.client.get_cookie("heard").value
    respondent.post("/answer/send")
    respondent.get("/answer/2")
    assert respondent.heading == "Thank you!"
    other_tab = Respondent(answering, respondent.invitation)
    other_tab.client.set_cookie("heard", cookie)
    other_tab.get("/answer/2")
    assert other_tab.page.status_code == 410
    assert "Do you feel safe?" not in other_tab.text


def test_sending_leaves_no_page_behind_and_still_says_thank_you(respondent):
    answer_all(respondent)
    sent = respondent.client.post("/answer/send", data={"csrf_token": respondent.token})
    assert sent.headers["Clear-Site-Data"] == '"cache"'
    respondent.get(sent.location)
    assert respondent.heading == "Thank you!"
    assert respondent.document.attrib["data-look"] == "child"


@pytest.mark.parametrize(
    ("address", "values"), [("/answer/leave", {}), ("/answer/2", {"page": "safe", "go": "leave"})]
)
def test_leaving_leaves_nothing_in_the_browser(respondent, address, values):
    respondent.get("/answer/2")
    page = respondent.client.post(address, data={"csrf_token": respondent.token, **values})
    assert (page.status_code, page.location) == (303, "/away")
    assert page.headers["Clear-Site-Data"] == '"cache"'
    assert respondent.client.get_cookie("heard") is None


def test_giving_the_tablet_back_leaves_nothing(respondent):
    answer_all(respondent)
    respondent.post("/answer/send")
    page = respondent.client.post("/answer/give-back", data={"csrf_token": respondent.token})
    assert (page.status_code, page.location) == (303, "/")
    assert page.headers["Clear-Site-Data"] == '"cache"'
    assert respondent.client.get_cookie("heard") is None


def test_coming_back_shows_nothing_of_before(respondent, answering):
    respondent.press()
    respondent.pick("yes")
    respondent.pick("x:dont_know")
    person = Respondent(answering, respondent.invitation)
    person.enter()
    assert "safely tucked away" in person.text
    person.agree()
    assert person.heading == "Which animals do you like?"
    for address in ("/answer/2", "/answer/3", "/answer/check"):
        person.get(address)
        assert person.checked == []
        assert "Do you feel safe?" not in person.text
    person.get("/answer/check")
    assert "2 answers from before are safely tucked away" in person.text


@pytest.mark.parametrize("pressed", ["next", "skip", "back"])
def test_an_answer_that_is_tucked_away_cannot_be_overwritten(respondent, answering, pressed):
    respondent.get("/answer/2")
    respondent.pick("yes")
    respondent.enter()
    respondent.agree()
    respondent.post("/answer/2", page="safe", go=pressed, answer="no")
    assert respondent.heading == {"back": "First, your home"}.get(pressed, "Did you move?")
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}
    respondent.post("/answer/2", page="safe", go="leave", answer="no")
    assert respondent.address == "/away"
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}


def test_coming_back_and_going_on_sends_everything(respondent, answering):
    respondent.press()
    respondent.pick("yes")
    person = Respondent(answering, respondent.invitation)
    person.enter()
    person.agree()
    person.pick("no")
    person.pick("cat")
    person.press("back")
    assert person.checked == ["cat"]
    person.press("back")
    assert person.heading == "Did you move?"
    person.press("back")
    assert person.heading == "First, your home"
    for _ in range(3):
        person.get("/answer/check")
        person.post("/answer/send")
    [response] = answering.responses()
    assert response.answers["safe"] == Chosen(("yes",))
    assert response.answers["pets"] == Chosen(("cat",))


def door_pages(answering):
    """What the door says for every reason not to open."""
    used = answering.invite()
    person = Respondent(answering, used)
    person.enter()
    person.agree()
    person.get("/answer/check")
    person.post("/answer/send")
    fresh = answering.invite()
    typed = {"unknown": "a" * 26, "used": used.link, "nonsense": "hello", "closed": fresh.link}
    for reason, words in typed.items():
        if reason == "closed":
            answering.clock.forward(days=12)
        stranger = Respondent(answering, fresh)
        yield reason, stranger.enter(words)


def test_unknown_used_and_closed_cannot_be_told_apart(answering):
    def without_token(text):
        return "".join(line for line in text.splitlines() if "csrf_token" not in line)

    found = {
        reason: (page.status_code, without_token(page.get_data(as_text=True)))
        for reason, page in door_pages(answering)
    }
    assert len(set(found.values())) == 1, found
    assert "done nothing wrong" in found["used"][1]


def test_words_cost_the_same_work_whether_or_not_they_can_be_told(answering, monkeypatch):
    from surveys.answering import sitting

    counted = []
    words = ("hello", "there", "my", "five", "words")
    monkeypatch.setattr(
        sitting, "secret_from_typed_words", lambda *a: counted.append(a) or bytes(16)
    )
    for told in (words, None):
        monkeypatch.setattr(sitting, "parse_words", lambda text, told=told: told)
        Respondent(answering).enter("some words")
    assert len(counted) == 2


def test_five_words_open_the_slot_they_stretch_to(answering, monkeypatch):
    from surveys.answering import sitting
    from surveys.invitations.codes import secret_from_link

    invitation = answering.invite()
    secret = secret_from_link(invitation.link)
    monkeypatch.setattr(sitting, "parse_words", lambda text: tuple(text.split()))
    monkeypatch.setattr(sitting, "secret_from_typed_words", lambda *a: secret)
    person = Respondent(answering, invitation)
    person.enter("one two three four five")
    assert person.heading == "Tiny"


def test_without_fit_keys_nothing_is_collected(answering, caplog):
    for path in answering.site.public_keys.iterdir():
        path.unlink()
    person = Respondent(answering)
    page = person.enter()
    assert page.status_code == 503
    assert "flask keys create" in caplog.text, "the log says what to do"
    assert "try again later" in person.text
    assert person.client.get("/answer/welcome").status_code == 303


def test_the_session_ends_when_idle_and_the_answers_stay(respondent, answering):
    respondent.get("/answer/2")
    respondent.pick("yes")
    token = respondent.token
    answering.clock.time = TODAY + timedelta(minutes=16)
    late = respondent.client.post(
        "/answer/6",
        data={"page": "wish", "words": "my wish & <b>", "go": "next", "csrf_token": token},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert late.status_code == 400
    text = late.get_data(as_text=True)
    assert "put your words in again" in text
    assert "my wish &amp; &lt;b&gt;" in text
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}


def test_words_from_another_site_are_not_shown_back(respondent):
    page = respondent.client.post("/answer/6", data={"page": "wish", "words": "planted"})
    assert page.status_code == 400
    assert "planted" not in page.get_data(as_text=True)


POSTS = ["/start", "/look", "/answer/welcome", "/answer/2", "/answer/send", "/answer/delete",
         "/answer/leave", "/answer/give-back", "/answer/version", "/answer/pictures",
         "/answer/hide", "/answer/still-here", "/break"]  # fmt: skip


@pytest.mark.parametrize("address", POSTS)
def test_every_post_without_its_token_is_refused(respondent, answering, address):
    respondent.get("/answer/2")
    respondent.pick("yes")
    page = respondent.client.post(address, data={"page": "moved", "answer": "no", "go": "next"})
    assert page.status_code == 400
    assert answering.draft(respondent.invitation) == {"safe": Chosen(("yes",))}


def test_the_room_has_no_other_post(answering):
    posts = {
        str(rule).replace("<int:step>", "2")
        for rule in answering.app.url_map.iter_rules()
        if "POST" in rule.methods
    }
    # asking for help never fails because a page was open for long; admission sees where it comes from
    assert posts == {*POSTS, "/talk"}


def test_a_script_is_told_the_address_instead_of_redirected(respondent):
    respondent.get("/answer/2")
    data = {"page": "safe", "answer": "yes", "go": "next", "csrf_token": respondent.token}
    page = respondent.client.post("/answer/2", data=data, headers={"Accept": "application/json"})
    assert json.loads(page.data) == {"to": "/answer/3"}


def test_the_cookie_never_holds_an_answer(respondent, answering):
    respondent.get("/answer/6")
    respondent.press(words="purple elephant")
    with respondent.client.session_transaction() as session:
        assert "elephant" not in json.dumps(dict(session))
    assert len(respondent.client.get_cookie("heard").value) < 2000


def test_language_and_look_keep_the_answer_and_the_place(tmp_path):
    answering = AnsweringSite(tmp_path / "site", languages=("en", "ar"))
    person = Respondent(answering)
    person.enter()
    person.agree()
    person.get("/answer/2")
    person.press("language", answer="yes", language="ar")
    assert person.address == "/answer/2"
    assert person.document.attrib["dir"] == "rtl"
    assert person.checked == ["yes"]
    person.press("colours", colours="dark")
    person.press("size", size="biggest")
    root = person.document.attrib
    assert (root["data-colours"], root["data-size"], root["lang"]) == ("dark", "biggest", "ar")
    person.press("language", language="xx")
    assert person.document.attrib["lang"] == "ar"
    answering.site.engine.dispose()


def test_each_language_has_its_own_comma_between_answers(respondent, monkeypatch):
    from surveys.answering import finishing

    respondent.get("/answer/4")
    respondent.pick("cat", "dog")
    respondent.get("/answer/check")
    assert "Cat, Dog" in respondent.text
    monkeypatch.setattr(finishing, "gettext", lambda text, **_: "، " if text == ", " else text)
    respondent.get("/answer/check")
    assert "Cat، Dog" in respondent.text


def test_a_look_with_text_that_is_too_long_keeps_the_text(respondent):
    respondent.get("/answer/6")
    respondent.press("colours", colours="dark", words="x" * 50)
    assert respondent.document.attrib["data-colours"] == "dark"
    assert respondent.document.findtext(".//textarea").strip() == "x" * 50
