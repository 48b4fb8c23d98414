"""The door from outside: scanners that open every link, copies of what a browser sent, two tabs."""

import pytest
from attack_site import TEXT_PAGE, Caller, RealSite, replay

from questionnaires.responses import Written

pytestmark = pytest.mark.attack

AGENTS = {
    "Safe Links": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 MicrosoftPreview/2.0",
    "Outlook": "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    "Proofpoint": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Proofpoint-URL-Defense",
    "Barracuda": "Mozilla/5.0 (compatible; Barracuda Sentinel; EE)",
    "Google": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "WhatsApp": "WhatsApp/2.24.1 A",
    "Slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "iMessage": "facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "curl": "curl/8.5.0",
    "nobody": "",
}
PREFETCH = {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "X-Moz": "prefetch"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = RealSite(tmp_path_factory.mktemp("scanned") / "served")
    made.start()
    yield made
    made.remove()


@pytest.fixture
def code(site):
    return site.invite()


def addresses(code):
    """As they stand in a letter, and as a scanner may twist them."""
    return ["/", f"/?words={code.link}", f"/start?words={code.link}", f"/{code.link}", "/start",
            "/answer/welcome", "/answer/1", "/answer/check", "/answer/send", "/answer/thanks",
            "/help", "/privacy", "/away", "/break"]  # fmt: skip


@pytest.mark.parametrize("agent", AGENTS.values(), ids=AGENTS)
def test_a_scanner_that_opens_every_link_changes_no_byte_of_the_database(site, code, agent):
    before = site.database_bytes()
    for method in ("GET", "HEAD", "OPTIONS"):
        for path in addresses(code):
            status, _ = Caller(site).ask(method, path, **{"User-Agent": agent}, **PREFETCH)
            assert status < 500, (method, path)
    assert site.database_bytes() == before
    Caller(site).begin(code)  # and the link still opens


def test_a_scanner_that_presses_the_button_of_the_empty_door_opens_nothing(site, code):
    before = site.database_bytes()
    scanner = Caller(site)
    scanner.ask("GET", f"/?words={code.link}")
    assert scanner.post("/start")[0] == 303 and scanner.location == "/"
    assert site.database_bytes() == before


def test_what_was_posted_changes_nothing_when_it_is_posted_again_after_sending(site, code):
    person, captured = Caller(site), []
    person.begin(code)
    person.write("a swing")
    captured.append(person.sent)
    person.send()
    captured.append(person.sent)
    assert site.draft(code) is None
    before = site.database_bytes()
    for sent in captured:
        status, where = replay(site, sent)
        assert status in (303, 400, 403, 404, 410, 419) and where not in ("/answer/2", "/answer/1")
    assert site.database_bytes() == before


@pytest.mark.parametrize("leaving", ["/answer/leave", "/answer/1"])
def test_what_was_posted_changes_nothing_when_it_is_posted_again_after_leaving(site, code, leaving):
    person = Caller(site)
    person.begin(code)
    person.write("a swing")
    answered = person.sent
    values = {} if leaving == "/answer/leave" else {"page": TEXT_PAGE, "go": "leave"}
    assert person.post(leaving, **values)[0] == 303 and person.location == "/away"
    forged = (answered[0], answered[1].replace("a+swing", "a+lie"), answered[2])
    before = site.database_bytes()
    for sent in (answered, forged):
        status, where = replay(site, sent)
        assert where != "/answer/2", status
    assert site.database_bytes() == before
    assert site.draft(code) == {TEXT_PAGE: Written("a swing")}


def test_second_tab_can_answer_until_the_first_has_sent_and_nothing_afterwards(site, code):
    first = Caller(site)
    first.begin(code)
    second = Caller(site)
    second.cookie, second.token = first.cookie, first.token
    second.write("from the second tab")
    assert site.draft(code) == {TEXT_PAGE: Written("from the second tab")}
    first.send()
    before = site.database_bytes()
    status, text = second.write("too late")
    assert "too late" not in text and second.location != "/answer/2", status
    second.send()
    assert site.database_bytes() == before
    assert site.draft(code) is None


def test_somebody_elses_token_or_none_is_refused(site, code):
    person, other = Caller(site), Caller(site)
    person.begin(code)
    other.ask("GET", "/")
    before = site.database_bytes()
    person.token = other.token
    assert person.write("forged")[0] == 400
    person.token = ""
    assert person.write("forged")[0] == 400
    assert site.database_bytes() == before
