"""The desk's door: who gets in, what is said to those who do not, and how a visit ends."""

import re

import pytest
from desk_site import set_clock

from surveys.audit import log as audit
from surveys.audit.log import audit_log_of
from surveys.staff.accounts import add_account, change_password, close_account

PASSWORD = "a password of my own"
NOT_TOGETHER = "That name and password do not fit together."


DESK = ("/staff/", "/coordinator/", "/results/")


@pytest.fixture
def sam(site):
    return add_account(site.engine, "Sam Okafor", PASSWORD, ["coordinator"])


@pytest.fixture
def both(site):
    return add_account(site.engine, "Sam Okafor", PASSWORD, ["coordinator", "helper"])


def with_copied_cookie(app, client):
    thief = app.test_client()
    thief.set_cookie("heard", client.get_cookie("heard").value)
    return thief


def post(client, url, page, **fields):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    return client.post(url, data={"csrf_token": token[1], **fields})


def log_in(client, name="Sam Okafor", password=PASSWORD):
    return post(client, "/staff/log-in", "/staff/log-in", name=name, password=password)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_right_name_and_password_lead_home(client, sam):
    answer = log_in(client, name=" sam OKAFOR")
    assert (answer.status_code, answer.location) == (303, "/staff/")
    home = client.get("/staff/")
    assert "Hello, Sam Okafor" in words(home)
    assert "/coordinator/" in home.text and "/staff/people" not in home.text


@pytest.mark.parametrize(
    ("name", "password"), [("Sam Okafor", "not the password"), ("Nobody", PASSWORD)]
)
def test_wrong_name_and_wrong_password_get_the_same_page(client, sam, name, password):
    answer = log_in(client, name, password)
    assert answer.status_code == 422
    assert NOT_TOGETHER in words(answer)
    assert password not in answer.text
    assert "<title>Error:" in answer.text and "autofocus" in answer.text
    assert answer.text.count('aria-invalid="true"') == 2  # nobody is told which of the two
    assert answer.text.count('aria-describedby="trouble"') == 2
    assert answer.text.index("<h1>") < answer.text.index('class="error-summary"')
    assert client.get("/staff/").status_code == 303


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "", "password": PASSWORD}, "Type your name."),
        ({"name": "Sam Okafor", "password": ""}, "Type your password."),
        ({"name": "x" * 81, "password": PASSWORD}, "That name is too long."),
        ({"name": "Sam Okafor", "password": "x" * 201}, "That password is too long."),
    ],
)
def test_empty_or_endless_fields_get_a_kind_word(client, sam, fields, said):
    answer = log_in(client, **fields)
    assert answer.status_code == 422
    assert words(answer).count(said) == 2  # in the summary, and at the field


def test_closed_account_is_as_unknown(client, site, sam):
    close_account(site.engine, "Sam Okafor")
    assert NOT_TOGETHER in words(log_in(client))


def test_sixth_try_has_to_wait_even_with_the_right_password(client, app, sam):
    for _ in range(5):
        log_in(client, password="not the password")
    answer = log_in(client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    assert "Wait 30 seconds. Then try again." in words(answer)
    set_clock(app, seconds=31)
    assert log_in(client).status_code == 303


def test_waiting_is_for_one_name_only(client, app, site, sam):
    add_account(site.engine, "Ana", PASSWORD, ["inspector"])
    for _ in range(6):
        log_in(client, password="not the password")
    assert log_in(client, name="Ana").status_code == 303


def test_unknown_name_waits_like_a_known_one(client, app, sam):
    for _ in range(5):
        log_in(client, name="Nobody")
    assert log_in(client, name="Nobody").status_code == 429


def test_signing_in_leaves_nothing_of_the_respondent_before(client, sam):
    with client.session_transaction() as session:
        session["access"] = "of a child"
    log_in(client)
    with client.session_transaction() as session:
        assert "access" not in session
        assert session["staff"]["name"] == "Sam Okafor"


def test_form_without_its_token_does_nothing(client, sam):
    answer = client.post("/staff/log-in", data={"name": "Sam Okafor", "password": PASSWORD})
    assert answer.status_code == 400
    assert client.get("/staff/").status_code == 303


def test_signed_in_visitor_of_the_door_goes_home(client, sam):
    log_in(client)
    assert client.get("/staff/log-in").location == "/staff/"


def test_log_out_forgets_everything(client, sam):
    log_in(client)
    answer = post(client, "/staff/log-out", "/staff/")
    assert (answer.status_code, answer.location) == (303, "/staff/log-in")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get("/staff/").status_code == 303


def test_cookie_copied_before_log_out_opens_nothing_after_it(client, app, both):
    log_in(client)
    thieves = [with_copied_cookie(app, client) for _ in DESK]
    assert [client.get(url).status_code for url in DESK] == [200, 200, 200]
    post(client, "/staff/log-out", "/staff/")
    found = [thief.get(url).location for thief, url in zip(thieves, DESK, strict=True)]
    assert found == ["/staff/log-in"] * 3
    log_in(client)
    assert client.get("/staff/").status_code == 200


def test_log_out_after_the_time_is_up_ends_copied_cookies_too(client, app, sam):
    log_in(client)
    thief = with_copied_cookie(app, client)
    page = client.get("/staff/").text
    set_clock(app, minutes=14)
    assert thief.get("/staff/").status_code == 200
    set_clock(app, minutes=20)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    assert client.post("/staff/log-out", data={"csrf_token": token}).status_code == 303
    assert thief.get("/staff/").location == "/staff/log-in"


def test_copied_cookie_cannot_log_out_those_who_came_later(client, app, sam):
    log_in(client)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/staff/").text)[1]
    thief = with_copied_cookie(app, client)
    post(client, "/staff/log-out", "/staff/")
    log_in(client)
    assert thief.post("/staff/log-out", data={"csrf_token": token}).status_code == 303
    assert client.get("/staff/").status_code == 200


@pytest.mark.parametrize("url", DESK)
def test_new_password_ends_every_session(client, site, both, url):
    log_in(client)
    change_password(site.engine, "Sam Okafor", "another password")
    assert client.get(url).location == "/staff/log-in"


@pytest.mark.parametrize("url", DESK)
def test_session_of_an_unknown_account_opens_nothing(client, both, url):
    log_in(client)
    with client.session_transaction() as session:
        session["staff"] = {**session["staff"], "id": "00" * 16}
    assert client.get(url).location == "/staff/log-in"


def test_quiet_quarter_of_an_hour_ends_the_visit_and_says_so(client, app, sam):
    log_in(client)
    set_clock(app, minutes=15)
    assert client.get("/staff/").status_code == 200
    set_clock(app, minutes=30)
    assert client.get("/staff/").status_code == 200
    set_clock(app, minutes=46)
    assert client.get("/staff/").location == "/staff/log-in"
    assert "You were logged out" in words(client.get("/staff/log-in"))


def test_closing_an_account_ends_its_visit_at_the_next_page(client, site, sam):
    log_in(client)
    close_account(site.engine, "Sam Okafor")
    assert client.get("/staff/").location == "/staff/log-in"
    assert client.get("/coordinator/").location == "/staff/log-in"


def test_sign_in_stands_in_the_audit_log_with_its_day_only(client, site, sam):
    log_in(client, password="not the password")
    log_in(client)
    path = audit_log_of(site)
    assert audit.check(path) == ()
    (line,) = path.read_text().splitlines()
    assert '"what":"sign_in"' in line and '"who":"Sam Okafor"' in line
    assert (
        f'"day":"{site.now().date()}"' in line and ":" not in re.search(r'"day":"(.*?)"', line)[1]
    )


@pytest.mark.parametrize("role", ["safeguarding", "analyst", "administrator"])
def test_role_without_a_page_is_told_why(signed_in, role):
    home = words(signed_in(role).get("/staff/"))
    assert "no page for your role" in home or "Where would you like to go?" in home


@pytest.mark.parametrize(
    ("roles", "seen"),
    [(["coordinator"], {"/coordinator/", "/results/"}), (["inspector"], {"/results/"}), (["custodian"], set())],
)  # fmt: skip
def test_navigation_offers_what_the_role_may_open_and_it_opens(signed_in, roles, seen):
    client = signed_in(*roles)
    home = client.get("/staff/").text
    offered = set(re.findall(r'href="(/coordinator/|/results/)"', home))
    assert offered == seen
    assert all(client.get(url).status_code == 200 for url in offered)


@pytest.mark.parametrize(("url", "code"), [("/staff/nowhere", 404), ("/coordinator/", 403)])
def test_errors_of_the_desk_are_pages_of_the_desk(signed_in, url, code):
    answer = signed_in("inspector").get(url)
    assert answer.status_code == code
    assert "Go to your home page" in words(answer)
