"""Wires the rooms together, and is the door of the ``flask`` commands. Nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Flask, session
from flask_babel import Babel
from flask_wtf import CSRFProtect

from config.headers import add_headers
from config.logs import set_up_logs
from config.settings import Settings, UnsafeSettings, read_settings
from questionnaires.loading import QuestionnaireError, load_surveys
from surveys import admission, commands
from surveys.answering.support import SupportLineError, load_support_lines
from surveys.database import open_engine
from surveys.errors import show_errors_kindly
from surveys.inspections.frameworks import FrameworkError, load_frameworks
from surveys.languages import languages_offered
from surveys.sealed_cookie import SealedCookie
from surveys.site import Site
from surveys.sound.clips import clips_in
from surveys.vault.compacting import empty_log
from surveys.vault.key_sighting import PrivateKeySighted, refuse_private_keys

ROOT = Path(__file__).parent
REFUSALS = (
    FrameworkError, PrivateKeySighted, QuestionnaireError, SupportLineError, UnsafeSettings,
)  # fmt: skip
GUNICORN_STOPS = 4  # with this exit code of a worker gunicorn gives up instead of trying again
LARGEST_REQUEST = 64 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """A site ready to serve; without ``settings`` that of $HEARD_HOME, or the process ends.

    With settings given, raises one of REFUSALS instead.
    """
    if settings is not None:
        return build_app(settings)
    try:
        return build_app(read_settings())
    except REFUSALS as error:
        print(f"Heard does not start:\n{error}", file=sys.stderr)
        sys.exit(GUNICORN_STOPS)


def build_app(settings: Settings) -> Flask:
    """Wire everything together. Raises one of REFUSALS, whose message says what to do."""
    set_up_logs()
    refuse_private_keys(settings.home)
    app = Flask("app", root_path=str(ROOT), template_folder="surveys/templates")
    # Redirects that add or merge slashes would name whatever host the request claims.
    app.url_map.strict_slashes = app.url_map.merge_slashes = False
    app.config.update(
        SECRET_KEY=settings.cookie_key.hex(),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # there is no Referer to check; admission checks the origin
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.session_interface = SealedCookie(settings.cookie_key, settings.now, https=settings.https)
    app.extensions["heard"] = open_site(settings)
    admission.guard(app)  # before the form tokens, so that a stranger's form is named as one
    CSRFProtect(app)
    Babel(app, locale_selector=lambda: session.get("language", "en"))
    add_headers(app, https=settings.https)
    show_errors_kindly(app)
    register_rooms(app)
    commands.register(app)
    return app


def open_site(settings: Settings) -> Site:
    """Everything the rooms need, read once."""
    surveys = load_surveys(ROOT / "questionnaires")
    engine = open_engine(settings.database_url)
    empty_log(engine)  # what an earlier process may have left of drafts since sent
    return Site(
        authority=settings.authority,
        engine=engine,
        surveys=surveys,
        frameworks=load_frameworks(ROOT / "config" / "frameworks"),
        support_lines=load_support_lines(ROOT / "config" / "support_lines.yaml"),
        storage_key=settings.storage_key,
        pepper=settings.pepper,
        site_id=settings.site_id,
        public_keys=settings.public_keys,
        summaries=settings.summaries,
        now=settings.now,
        demo=settings.demo,
        single_custodian=settings.single_custodian,
        languages=languages_offered(surveys, ROOT / "translations"),
        clips=clips_in(ROOT / "static" / "audio"),
    )


def register_rooms(app: Flask) -> None:
    """The pages of every room."""
    from analysis.pages import blueprint as results
    from surveys.answering.pages import blueprint as answering
    from surveys.console.pages import blueprint as console
    from surveys.staff.pages import blueprint as staff
    from surveys.tablets.pages import blueprint as tablets

    for blueprint in (answering, staff, console, tablets, results):
        app.register_blueprint(blueprint)


__all__ = ["REFUSALS", "build_app", "create_app", "open_site"]
