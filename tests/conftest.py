"""A site of its own for every test that asks, and a client that inspects each page it fetches."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import html5lib
import pytest

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Europe/London"))
OWN_HOST = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")


@pytest.fixture
def site_home(tmp_path):
    from config.settings import create_site
    from surveys.database import open_engine
    from surveys.migrations.running import upgrade

    home = tmp_path / "site"
    create_site(home, "Exampleshire County Council", demo=True, https=False)
    upgrade(open_engine(f"sqlite:///{home.resolve()}/heard.sqlite3"))
    return home


@pytest.fixture
def app(site_home):
    from app import create_app
    from config.settings import read_settings

    made = create_app(read_settings(site_home))
    made.testing = False
    made.test_client_class = _inspecting_client()
    yield made
    made.extensions["heard"].engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def signed_in(app):
    """A client signed in to the desk, to the one account that has the roles named."""
    from every_role import account_with

    from surveys.staff.sign_in import sign_in

    accounts = {}

    def with_roles(*roles):
        site, client, name = (
            app.extensions["heard"],
            app.test_client(),
            f"Sam {' '.join(roles)}"[:80],
        )
        if name not in accounts:
            accounts[name] = account_with(site.engine, name, roles)
        with client.session_transaction() as session:
            sign_in(session, accounts[name], site.now())
        return client

    return with_roles


@pytest.fixture(scope="session")
def postgres_server():
    """A PostgreSQL cluster that this test run has for itself."""
    from postgres_server import new_server

    server = new_server()
    yield server
    server.remove()


@pytest.fixture
def postgres_url(postgres_server):
    """The URL of an empty PostgreSQL database, dropped after the test."""
    name = postgres_server.new_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


def _inspecting_client():
    from flask.testing import FlaskClient

    class InspectingClient(FlaskClient):
        """Asserts on every response what must be true of every page."""

        def open(self, *arguments, **options):
            response = super().open(*arguments, **options)
            inspect_page(response)
            return response

    return InspectingClient


def inspect_page(response):
    """Headers on everything; on HTML pages also title, heading, ids, forms and own hosts only."""
    from config.headers import headers_for

    for name, value in headers_for(response.request.path).items():
        assert response.headers.get(name) == value, f"{name} is missing"
    if response.cache_control.public:
        assert "Set-Cookie" not in response.headers, "a cache would hand the cookie to others"
    for cookie in response.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
        assert "Domain" not in cookie
    if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 308):
        inspect_html(response)


def inspect_html(response):
    text = response.get_data(as_text=True)
    assert "no-store" in response.headers["Cache-Control"]
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert document.attrib.get("lang"), "a page says its language"
    assert (document.findtext(".//title") or "").strip(), "a page has a title"
    assert len(document.findall(".//h1")) == 1, "a page has one main heading"
    ids = [
        element.attrib["id"]
        for element in document.iter()
        if "id" in getattr(element, "attrib", {})
    ]
    assert len(ids) == len(set(ids)), "an id stands once"
    assert not OWN_HOST.search(text), "a page fetches and posts to its own host only"
    assert " style=" not in text and "<style" not in text and "javascript:" not in text
    for script in document.findall(".//script"):
        assert "src" in script.attrib or script.attrib.get("type") == "application/json"
    for form in document.findall(".//form"):
        if form.attrib.get("method", "get").lower() == "post":
            assert form.findall(".//input[@name='csrf_token']"), (
                "a form that writes carries its token"
            )
    assert "invented" in text or document.attrib["lang"] != "en", (
        "the demonstration says what it is"
    )
