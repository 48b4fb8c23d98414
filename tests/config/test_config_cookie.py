"""The session cookie never travels with what a cache may hand to others."""

import pytest

from surveys.sealed_cookie import SealedCookie


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
