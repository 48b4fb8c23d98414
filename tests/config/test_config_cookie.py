"""The session cookie never travels with what a cache may hand to others."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from surveys.sealed_cookie import SealedCookie
from surveys.tablets.watch import PUT_AWAY


@pytest.fixture
def cookie(app):
    return SealedCookie(bytes(32), app.extensions["heard"].now, https=False)


def saved(app, cookie, path, *, public, content):
    with app.test_request_context(path):
        session = cookie.open_session(app, app.test_request_context(path).request)
        session["language"] = "cy"
        if not content:
            session.clear()
        response = app.response_class("x")
        if public:
            response.headers["Cache-Control"] = "public, max-age=60"
        cookie.save_session(app, session, response)
    return response


@pytest.mark.parametrize("content", [True, False], ids=["filled", "emptied"])
@pytest.mark.parametrize(
    ("path", "public", "written"),
    [("/", False, True), ("/", True, False), ("/static/desk.css", False, False)],
)
def test_cookie_is_written_on_pages_only(app, cookie, path, public, written, content):
    response = saved(app, cookie, path, public=public, content=content)
    assert ("Set-Cookie" in response.headers) is written
    assert ("Cookie" in response.vary) is (written and content)


def test_chart_library_comes_without_a_cookie_to_somebody_signed_in(signed_in):
    client = signed_in("inspector")
    assert "Set-Cookie" in client.get("/results/").headers
    answer = client.get("/vendor/plotly.min.js")
    assert answer.cache_control.public
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert client.get("/results/").status_code == 200


START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MINUTE, HOUR = 60, 3600
KINDS = {
    "link": ({"language": "en"}, 45 * MINUTE, 4 * HOUR),
    "tablet": ({"tablet": True}, 15 * MINUTE, 4 * HOUR),
    "staff": ({"staff": {}}, 45 * MINUTE, 8 * HOUR),  # idle ends sooner: surveys/staff/sign_in.py
    "handed over": ({PUT_AWAY: {}, "tablet": True}, 15 * MINUTE, 8 * HOUR),
}


@pytest.fixture
def clock():
    return {"now": START}


@pytest.fixture
def sealed(clock):
    return SealedCookie(bytes(range(32)), lambda: clock["now"], https=True)


def still_open(sealed, content, clock, seconds):
    clock["now"] = START + timedelta(seconds=seconds)
    return not sealed._ended(content)


@pytest.mark.parametrize("kind", KINDS)
def test_a_session_ends_when_idle_and_in_any_case_after_hours(sealed, clock, kind):
    extra, idle, longest = KINDS[kind]
    began = int(START.timestamp())
    content = {"began": began, "seen_at": began, **extra}
    assert still_open(sealed, content, clock, idle)
    assert not still_open(sealed, content, clock, idle + 1)
    for seconds, expected in ((longest, True), (longest + 1, False)):
        assert (
            still_open(sealed, {**content, "seen_at": began + seconds}, clock, seconds) is expected
        )


def test_staff_are_idle_for_a_quarter_of_an_hour():
    from surveys.staff.sign_in import IDLE_SECONDS, LONGEST_SECONDS

    assert (IDLE_SECONDS, LONGEST_SECONDS) == (15 * MINUTE, 8 * HOUR)


def test_each_byte_of_the_cookie_is_sealed_and_it_says_nothing(sealed):
    content = {"began": 1, "seen_at": 2, "access": "a marker of an access"}
    cookie = sealed._seal(content)
    assert sealed._open(cookie) == content
    data = base64.urlsafe_b64decode(cookie)
    assert b"marker" not in data and b"access" not in data
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        assert sealed._open(base64.urlsafe_b64encode(changed).decode()) is None
    assert SealedCookie(bytes(32), lambda: START, https=True)._open(cookie) is None
    assert sealed._seal(content) != cookie


def test_token_of_a_form_is_of_one_session(app):
    one, other = app.test_client(), app.test_client()
    token = one.get("/").get_data(as_text=True).split('csrf_token" value="')[1].split('"')[0]
    other.get("/")
    assert other.post("/start", data={"csrf_token": token, "words": " "}).status_code == 400
    assert one.post("/start", data={"csrf_token": token, "words": " "}).status_code == 303
    assert one.post("/start", data={"words": " "}).status_code == 400
