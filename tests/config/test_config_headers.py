"""The headers of the OWASP Secure Headers project, said once more by hand, and where they differ."""

import re
from io import BytesIO
from pathlib import Path

import pytest

from config.headers import headers_for
from config.settings import Settings
from surveys.audiences import Audience

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; "
)
TRUSTED = "require-trusted-types-for 'script'; trusted-types 'none'"
OFFLINE = "worker-src 'self'; manifest-src 'self'"


def test_every_page_has_these_headers_and_no_others_decide():
    found = headers_for("/")
    features = found.pop("Permissions-Policy")
    assert found == {
        "Content-Security-Policy": POLICY + TRUSTED,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Robots-Tag": "noindex, nofollow",
    }
    assert all(feature.endswith("=()") for feature in features.split(", "))
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(features.split(", "))


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/kiosk/", OFFLINE),
        ("/kiosk/prepare", OFFLINE),
        ("/kiosk", TRUSTED),
        ("/answer/1", TRUSTED),
    ],
)
def test_pages_that_work_offline_may_have_a_worker(path, more):
    assert headers_for(path)["Content-Security-Policy"] == POLICY + more


@pytest.fixture
def https_app(site_home):
    from app import create_app
    from config.settings import read_settings

    settings = read_settings(site_home)
    values = {name: getattr(settings, name) for name in Settings.__dataclass_fields__}
    made = create_app(Settings(**{**values, "https": True}))
    yield made
    made.extensions["heard"].engine.dispose()


def test_over_https_the_cookie_is_bound_to_the_host_and_the_browser_to_https(https_app):
    answer = https_app.test_client().get("/", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-heard=")
    for attribute in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=Strict"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_a_demonstration_over_http_keeps_the_plain_name_and_promises_no_https(client):
    answer = client.get("/")
    assert answer.headers["Set-Cookie"].startswith("heard=")
    assert "Secure" not in answer.headers["Set-Cookie"].split("; ")
    assert "Strict-Transport-Security" not in answer.headers


def test_nothing_but_static_files_and_the_chart_library_is_kept(app, client):
    kept = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and not rule.arguments
        and Audience.PUBLIC in getattr(app.view_functions[rule.endpoint], "audiences", ())
        and "no-store" not in client.get(rule.rule).headers.get("Cache-Control", "")
    }
    assert kept <= {"results.plotly_js"}, kept
    with client.get("/static/desk.css") as file:
        assert "no-store" not in file.headers.get("Cache-Control", "")


@pytest.mark.parametrize("path", ["/start", "/staff/log-in"])
def test_more_than_64_kilobytes_get_a_page_that_says_so(client, path):
    token = client.get("/").get_data(as_text=True).split('csrf_token" value="')[1].split('"')[0]
    start = f"csrf_token={token}&name=a&words="
    form = "application/x-www-form-urlencoded"
    for size in (64 * 1024, 64 * 1024 + 1):
        body = start + "a" * (size - len(start))
        page = client.post(path, data=body, content_type=form)
        too_much = size > 64 * 1024
        assert (page.status_code == 413) is too_much
        assert ("That was too much at once" in page.text) is too_much


FORM = re.compile(r"<form\b[^>]*>")
TEMPLATES = Path(__file__).parents[2] / "surveys" / "templates"
RESPONDENTS = [
    path
    for room in ("answering", "contact", "kiosk")
    for path in sorted((TEMPLATES / room).rglob("*.html"))
    if FORM.search(path.read_text("utf-8"))
]


@pytest.mark.parametrize("path", RESPONDENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_browser_keeps_what_a_respondent_types(path):
    for form in FORM.findall(path.read_text("utf-8")):
        assert 'autocomplete="off"' in form, form


def test_a_body_of_unstated_length_is_bounded_too(app):
    """Chunked, so that no Content-Length says how much there will be (RFC 9112, section 7.1)."""
    client = app.test_client()
    token = client.get("/").get_data(as_text=True).split('csrf_token" value="')[1].split('"')[0]
    body = BytesIO(f"csrf_token={token}&words=".encode() + b"a" * 200_000)
    page = client.post(
        "/start", input_stream=body, content_type="application/x-www-form-urlencoded",
        environ_overrides={"wsgi.input_terminated": True},
    )  # fmt: skip
    assert page.status_code == 413
