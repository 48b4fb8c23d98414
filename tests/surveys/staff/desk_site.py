"""A throw-away site with the desk's pages alone, guarded like the real one.

In: a folder. Out: an app with one small survey, the real frameworks, a clock that tests can set,
and a page of results that only says that it is there.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import html5lib
from flask import Blueprint, Flask, session
from flask.testing import FlaskClient
from flask_babel import Babel
from flask_wtf import CSRFProtect

from config.headers import add_headers
from questionnaires.model import Option, Page, Question, Questionnaire, Section, Survey
from surveys import admission
from surveys.audiences import Audience, open_to
from surveys.console.pages import blueprint as console
from surveys.database import metadata, open_engine
from surveys.errors import show_errors_kindly
from surveys.inspections.frameworks import load_frameworks
from surveys.sealed_cookie import SealedCookie
from surveys.site import Site, SupportLine
from surveys.staff.pages import blueprint as staff

ROOT = Path(__file__).parents[3]
MORNING = datetime(2026, 11, 27, 9, 30, tzinfo=ZoneInfo("Europe/London"))
LINE = SupportLine("x", "Somebody", "0800 000 000", "Listens.", "Always", ("desk",), "2026-10-01")


class InspectingClient(FlaskClient):
    """Asserts that every page is valid HTML with a title and one main heading."""

    def open(self, *arguments, **options):
        response = super().open(*arguments, **options)
        if response.mimetype == "text/html" and response.status_code not in (302, 303, 308):
            parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
            document = parser.parse(response.text)
            assert (document.findtext(".//title") or "").strip()
            assert len(document.findall(".//h1")) == 1
        return response


def desk_app(folder: Path) -> Flask:
    """The app, with empty tables."""
    app = Flask("app", root_path=str(ROOT), template_folder="surveys/templates")
    app.config["SECRET_KEY"] = "only for tests"
    app.extensions["heard"] = desk_site(folder)

    def now() -> datetime:
        return app.extensions["heard"].now()  # asked anew, because tests replace the site

    app.session_interface = SealedCookie(bytes(32), now, https=False)
    app.test_client_class = InspectingClient
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    CSRFProtect(app)
    Babel(app, locale_selector=lambda: session.get("language", "en"))
    add_headers(app, https=False)
    admission.guard(app)
    show_errors_kindly(app)
    for blueprint in (staff, console, results_stand_in()):
        app.register_blueprint(blueprint)
    return app


def desk_site(folder: Path) -> Site:
    """A site on an ordinary Friday morning."""
    (folder / "summaries").mkdir()
    engine = open_engine(f"sqlite:///{folder}/heard.sqlite3")
    metadata.create_all(engine)
    return Site(
        authority="Exampleshire County Council",
        engine=engine,
        surveys={"care4me": small_survey()},
        frameworks=frameworks(),
        support_lines=(LINE,),
        storage_key=bytes(32),
        pepper=bytes(32),
        site_id=bytes(32),
        public_keys=folder / "public_keys",
        summaries=folder / "summaries",
        now=lambda: MORNING,
        demo=True,
    )


def set_clock(app: Flask, moment: datetime | None = None, **later: float) -> None:
    """Let the site's clock stand still, some time after the morning or at another moment."""
    now = (moment or MORNING) + timedelta(**later)
    app.extensions["heard"] = replace(app.extensions["heard"], now=lambda: now)


@cache
def frameworks():
    """The frameworks of the site, read once."""
    return load_frameworks(ROOT / "config" / "frameworks")


def small_survey() -> Survey:
    """A survey of one question."""
    yes, no = Option(code="yes", label="Yes"), Option(code="no", label="No")
    question = Question(
        id="safe", type="choice", text="Are you safe?", short="Safe", options=(yes, no)
    )
    version = Questionnaire(
        id="care4me-8-10",
        audience="8-10",
        audience_label="Aged 8 to 10",
        title="Care4Me",
        look="child",
        minutes=1,
        reading="8-10",
        welcome=("Hello.",),
        sections=(Section(id="one", title="One", pages=(Page(id="safe", question=question),)),),
    )
    return Survey(id="care4me", title="Care4Me", respondents="children", questionnaires=(version,))


def results_stand_in() -> Blueprint:
    """A blueprint with the name and the audience of the inspectors' pages."""
    blueprint = Blueprint("results", __name__, url_prefix="/results")

    @blueprint.get("/")
    @open_to(Audience.INSPECTOR, Audience.COORDINATOR)
    def overview():
        return {"here": True}

    return blueprint
