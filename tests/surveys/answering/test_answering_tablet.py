"""A shared tablet: a helper starts a run, a child answers, the tablet goes back, nothing is left."""

import pytest
from answering_respondent import Respondent, answer_all
from answering_site import AnsweringSite

from surveys.staff.accounts import add_account, end_sessions
from surveys.staff.sign_in import sign_in

DIGITS = "4711"


@pytest.fixture
def answering(tmp_path):
    made = AnsweringSite(tmp_path / "site", languages=("en", "cy"), desk=True)
    yield made
    made.site.engine.dispose()


@pytest.fixture
def account(answering):
    return add_account(answering.site.engine, "Hana", "a password of my own", ["helper"])


@pytest.fixture
def tablet(answering, account):
    """A tablet at which a helper has signed in and chosen four digits."""
    person = Respondent(answering)
    with person.client.session_transaction() as session:
        sign_in(session, account, answering.clock())
    person.get("/tablet/")
    person.post("/tablet/digits", digits=DIGITS)
    return person


def session_of(person):
    with person.client.session_transaction() as session:
        return dict(session)


def start(tablet, **values):
    tablet.get("/tablet/")
    return tablet.post("/tablet/start", words=tablet.invitation.link, **values)


def test_a_run_starts_on_a_clean_screen_and_comes_back_to_the_helper(tablet, answering):
    start(tablet)
    assert tablet.address == "/answer/welcome" and "Hana" not in tablet.text
    tablet.agree()
    answer_all(tablet)
    tablet.post("/answer/send")
    tablet.post("/answer/give-back")
    assert tablet.address == "/tablet/ready"
    assert tablet.heading == "Thank you. Please give the tablet back."
    tablet.post("/tablet/ready", digits=DIGITS)
    assert tablet.address == "/tablet/" and tablet.heading == "Helping with a tablet"
    [response] = answering.responses()
    assert response.questionnaire == "tiny-8-10"


def test_a_child_with_the_tablet_cannot_open_a_page_of_the_desk(tablet):
    start(tablet)
    for address in ("/tablet/", "/tablet/check", "/staff/"):
        assert tablet.client.get(address).headers["Location"] == "/staff/log-in"


def test_after_handing_back_nothing_of_the_run_is_in_the_cookie(tablet):
    before = session_of(tablet)
    start(tablet)
    tablet.agree()
    tablet.press("size", size="biggest")
    tablet.press()
    tablet.pick("yes")
    tablet.post("/answer/leave")
    tablet.get("/tablet/ready")
    tablet.post("/tablet/ready", digits=DIGITS)
    after = session_of(tablet)
    assert set(after) == set(before)
    assert after["staff"] | {"seen": 0} == before["staff"] | {"seen": 0}


def test_the_next_child_starts_with_the_same_tablet(tablet, answering):
    for _ in range(2):
        tablet.invitation = answering.invite()
        start(tablet)
        tablet.agree()
        answer_all(tablet)
        tablet.post("/answer/send")
        tablet.post("/answer/give-back")
        tablet.post("/tablet/ready", digits=DIGITS)
    assert len(answering.responses()) == 2


@pytest.mark.parametrize("digits", ["", "1", "4712", "47111", "٤٧١١"])
def test_wrong_digits_open_nothing(tablet, digits):
    start(tablet)
    tablet.post("/answer/leave")
    tablet.get("/tablet/ready")
    page = tablet.post("/tablet/ready", digits=digits)
    assert (page.status_code, tablet.address) == (422, "/tablet/ready")


def test_after_five_wrong_tries_the_helper_signs_in_anew(tablet):
    start(tablet)
    tablet.post("/answer/leave")
    tablet.get("/tablet/ready")
    for _ in range(5):
        tablet.post("/tablet/ready", digits="0000")
    assert tablet.address == "/staff/log-in"
    assert "put_away" not in session_of(tablet)


def test_an_account_that_was_closed_in_the_meantime_gets_nowhere(tablet, answering, account):
    start(tablet)
    end_sessions(answering.site.engine, account.id, account.session_number)
    tablet.post("/answer/leave")
    tablet.get("/tablet/ready")
    tablet.post("/tablet/ready", digits=DIGITS)
    assert tablet.address == "/staff/log-in"


def test_while_a_child_answers_nothing_says_that_their_answers_are_gone(tablet):
    start(tablet)
    tablet.agree()
    for address in ("/tablet/ready", "/answer/thanks"):
        tablet.get(address)
        assert tablet.address in ("/answer/1", "/answer/check")


def test_words_typed_at_the_front_door_keep_the_helpers_way_back(tablet):
    start(tablet)
    tablet.agree()
    tablet.press("hide")
    tablet.post("/break", go="back")
    assert tablet.address == "/"
    tablet.post("/start", words=tablet.invitation.link)
    tablet.post("/answer/leave")
    tablet.get("/tablet/ready")
    tablet.post("/tablet/ready", digits=DIGITS)
    assert tablet.address == "/tablet/"


def test_digits_never_open_more_than_a_helpers_page(answering):
    account = add_account(
        answering.site.engine, "Both", "a password of my own", ["helper", "coordinator"]
    )
    person = Respondent(answering)
    with person.client.session_transaction() as session:
        sign_in(session, account, answering.clock())
    person.get("/tablet/")
    assert person.post("/tablet/digits", digits=DIGITS).status_code == 403
    assert "a helper’s and nothing else" in person.text and "digits" not in session_of(person)
    with person.client.session_transaction() as session:
        session["digits"] = DIGITS  # as if the roles had been widened since
    assert person.post("/tablet/start", words=person.invitation.link).status_code == 422
    assert "access" not in session_of(person)


def test_without_keys_the_helper_is_told_and_stays_signed_in(tablet, answering):
    for file in answering.site.public_keys.rglob("*"):
        if file.is_file():
            file.unlink()
    tablet.get("/tablet/")
    page = tablet.post("/tablet/start", words=tablet.invitation.link)
    assert page.status_code == 503 and "cannot take answers just now" in tablet.text
    assert "staff" in session_of(tablet)


def test_taking_the_tablet_back_in_the_middle_ends_the_run_and_keeps_the_answers(tablet, answering):
    start(tablet)
    tablet.agree()
    tablet.press()
    tablet.pick("yes")
    tablet.post("/tablet/ready", digits="0000")
    assert tablet.client.get("/answer/2").headers["Location"] == "/answer/ended"
    assert set(answering.draft(tablet.invitation)) == {"safe"}


def test_the_helper_chooses_a_language_that_the_survey_has(tablet):
    start(tablet, language="cy")
    assert 'lang="cy"' in tablet.text
    tablet.post("/answer/leave")
    tablet.get("/tablet/ready")
    tablet.post("/tablet/ready", digits=DIGITS)
    start(tablet, language="xx")
    assert 'lang="en"' in tablet.text


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"words": ""}, 422, "Type the five words"),
        ({"words": "apple apple apple apple apple"}, 404, "opens nothing just now"),
        ({"words": "x" * 5000}, 404, "opens nothing just now"),
    ],
)
def test_a_card_that_opens_nothing_leaves_the_helper_signed_in(tablet, values, status, words):
    tablet.get("/tablet/")
    page = tablet.post("/tablet/start", **values)
    assert page.status_code == status and words in tablet.text
    assert "staff" in session_of(tablet) and "access" not in session_of(tablet)


def test_a_scanner_may_type_the_whole_address(tablet):
    tablet.get("/tablet/")
    tablet.post("/tablet/start", words=f"https://heard.example/#{tablet.invitation.link}")
    assert tablet.address == "/answer/welcome"


def test_without_digits_no_run_starts(answering, account):
    person = Respondent(answering)
    with person.client.session_transaction() as session:
        sign_in(session, account, answering.clock())
    person.get("/tablet/")
    page = person.post("/tablet/start", words=person.invitation.link)
    assert page.status_code == 422 and "Choose your four digits first." in person.text


@pytest.mark.parametrize("digits", ["", "123", "12345", "abcd", "12 4"])
def test_digits_are_four(answering, account, digits):
    person = Respondent(answering)
    with person.client.session_transaction() as session:
        sign_in(session, account, answering.clock())
    person.get("/tablet/")
    assert person.post("/tablet/digits", digits=digits).status_code == 422
    assert "digits" not in session_of(person)


def test_a_scanned_card_leads_the_helper_to_their_own_page(tablet):
    assert tablet.client.get("/").headers["Location"] == "/tablet/"


def test_the_sign_in_does_not_outlast_its_eight_hours(tablet, answering):
    for _ in range(50):
        answering.clock.forward(minutes=10)
        if tablet.get("/tablet/").request.path == "/staff/log-in":
            break
        start(tablet)
        answering.clock.forward(minutes=5)
        tablet.post("/tablet/ready", digits=DIGITS)
    began = answering.clock.time.replace(hour=12, minute=0)
    assert 8 * 60 <= (answering.clock.time - began).total_seconds() / 60 <= 8 * 60 + 15
