"""Wires the rooms together, and is the door of the ``flask`` commands. Nothing else."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask, session
from flask_babel import Babel
from flask_wtf import CSRFProtect

from config.headers import add_headers
from config.logs import set_up_logs
from config.settings import (
    SECRET_BYTES,
    SECRET_NAMES,
    Settings,
    UnsafeSettings,
    read_settings,
)
from questionnaires.correction_record import RecordDamaged
from questionnaires.loading import QuestionnaireError, load_surveys
from questionnaires.model import Survey
from surveys import admission, commands
from surveys.answering.support import SupportLineError, load_support_lines
from surveys.audit import watching
from surveys.backup.commands import Remains
from surveys.backup.rules import backup_from
from surveys.backup.staging import clear_left_over
from surveys.contact.rules import rules_from
from surveys.database import open_engine
from surveys.errors import show_errors_kindly
from surveys.inspections.frameworks import FrameworkError, load_frameworks
from surveys.inspections.instruments import ChangedWhileOpen, refuse_changes_while_open
from surveys.keys.custody import OnePersonHoldsBoth, refuse_untrue_promises
from surveys.mail.addresses import notify_from
from surveys.mail.sending import mail_from
from surveys.preview.workshop import Workshop
from surveys.retention.rules import retention_from
from surveys.sealed_cookie import SealedCookie
from surveys.site import Site
from surveys.sound.clips import clips_in
from surveys.speaking.approvals import all_approvals
from surveys.speaking.catalogues import CatalogueDamaged, read_catalogues
from surveys.speaking.offer import Offer
from surveys.vault.compacting import empty_log
from surveys.vault.database_check import DatabaseUnfit, refuse_unfit_database
from surveys.vault.key_sighting import PrivateKeySighted, refuse_private_keys

ROOT = Path(__file__).parent
QUESTIONNAIRES = ROOT / "questionnaires"
REFUSALS = (
    CatalogueDamaged, ChangedWhileOpen, DatabaseUnfit, FrameworkError, OnePersonHoldsBoth,
    PrivateKeySighted, QuestionnaireError, RecordDamaged, SupportLineError, UnsafeSettings,
)  # fmt: skip
GUNICORN_STOPS = 4  # with this exit code of a worker gunicorn gives up instead of trying again
LARGEST_REQUEST = 64 * 1024
FONTS = ROOT / "static" / "vendor" / "fonts.css"


def create_app(settings: Settings | None = None) -> Flask:
    """A site ready to serve; without ``settings`` that of $HEARD_HOME, or the process ends.

    With settings given, raises one of REFUSALS instead.
    """
    if settings is not None:
        return build_app(settings)
    command = commands.command_in(sys.argv)
    if command in commands.WITHOUT_A_SITE:
        return build_for_authors()
    if commands.commands_in(sys.argv) in commands.OF_A_LOST_SITE:
        return build_for_restoring()
    try:
        return build_app(read_settings(), serving=command in commands.SERVING)
    except REFUSALS as error:
        give_up(error)


def give_up(error: Exception) -> NoReturn:
    """End the process, and say why without a trace."""
    print(f"Heard does not start:\n{error}", file=sys.stderr)
    sys.exit(GUNICORN_STOPS)


def build_app(
    settings: Settings, *, surveys: Mapping[str, Survey] | None = None, serving: bool = True
) -> Flask:
    """Wire everything together. Raises one of REFUSALS, whose message says what to do.

    Commands that serve no page run even while questionnaires are not as they were: a wave can
    always be closed.
    """
    set_up_logs()
    refuse_private_keys(settings.home)
    app = Flask("app", root_path=str(ROOT), template_folder="surveys/templates")
    # Redirects that add or merge slashes would name whatever host the request claims.
    app.url_map.strict_slashes = app.url_map.merge_slashes = False
    app.config.update(
        SECRET_KEY=settings.cookie_key.hex(),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        WORKERS=settings.workers,  # each lets through its share of wrong codes
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # there is no Referer to check; admission checks the origin
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["has_fonts"] = FONTS.is_file()  # only after `make assets`
    app.session_interface = SealedCookie(settings.cookie_key, settings.now, https=settings.https)
    app.extensions["heard"] = site = open_site(settings, surveys)
    if serving:
        refuse_unfit_database(site.engine)
        refuse_changes_while_open(site, QUESTIONNAIRES)
        refuse_untrue_promises(site)
    admission.guard(app)  # before the form tokens, so that a stranger's form is named as one
    CSRFProtect(app)
    Babel(app, locale_selector=lambda: session.get("language", "en"))
    add_headers(app, https=settings.https)
    show_errors_kindly(app)
    watching.watch(app)
    register_rooms(app)
    commands.register(app)
    commands.register_authors(app, workshop())
    return app


def build_for_authors() -> Flask:
    """An app with the authors' commands and nothing else: no site is looked for."""
    app = Flask("app")
    commands.register_authors(app, workshop())
    return app


def build_for_restoring() -> Flask:
    """An app that can put a backup back, with no more of a site than can be read."""
    app = Flask("app")
    commands.register_restoring(app, what_remains())
    return app


def what_remains() -> Remains:
    """Storage key and folder of the site of $HEARD_HOME, as far as there is one."""
    try:
        found = read_settings()
    except UnsafeSettings as error:
        return Remains(reason=str(error))
    return Remains(found.storage_key, found.summaries)


def workshop() -> Workshop:
    """What the authors' commands may use."""
    return Workshop(
        questionnaires=QUESTIONNAIRES,
        translations=ROOT / "translations",
        open_site=open_own_site,
        build=build_throw_away,
    )


def open_own_site() -> Site:
    """The site of $HEARD_HOME without its pages, or the process ends."""
    try:
        return open_site(read_settings())
    except REFUSALS as error:
        give_up(error)


def build_throw_away(home: Path, surveys: Mapping[str, Survey]) -> Flask:
    """A demonstration in an empty folder, with secrets that nobody has seen or will see."""
    fresh: dict[str, Any] = {name: secrets.token_bytes(SECRET_BYTES) for name in SECRET_NAMES}
    settings = Settings(
        home=home,
        authority="Exampleshire County Council",
        database_url=f"sqlite:///{home}/preview.sqlite3",
        demo=True,
        https=False,
        single_custodian=True,
        today=None,
        **fresh,
    )
    return build_app(settings, surveys=surveys)


def open_site(settings: Settings, surveys: Mapping[str, Survey] | None = None) -> Site:
    """Everything the rooms need, read once."""
    surveys = load_surveys(QUESTIONNAIRES) if surveys is None else surveys
    engine = open_engine(settings.database_url)
    empty_log(engine)  # what an earlier process may have left of drafts since sent
    clear_left_over(settings.home)  # and of copies, when a backup was killed
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
        languages=Offer(
            surveys,
            read_catalogues(ROOT / "translations"),
            lambda: all_approvals(engine),
            everything=settings.demo,
        ),
        clips=clips_in(ROOT / "static" / "audio"),
        secrets=settings.secrets,
        address=settings.address,
        **read_tables(settings),
    )


def read_tables(settings: Settings) -> dict[str, Any]:
    """What the tables of site.toml say. Raises UnsafeSettings, which names the table."""
    found: dict[str, Any] = {}
    readers = {
        "mail": mail_from, "notify": notify_from, "contact": rules_from,
        "retention": retention_from, "backup": backup_from,
    }  # fmt: skip
    for name, read in readers.items():
        try:
            found |= {name: read(settings.tables[name])} if name in settings.tables else {}
        except (TypeError, ValueError) as error:
            raise UnsafeSettings(f"site.toml, [{name}]: {error}") from None
    return found


def register_rooms(app: Flask) -> None:
    """The pages of every room."""
    from analysis.pages import blueprint as results
    from surveys.answering.pages import blueprint as answering
    from surveys.console.languages import blueprint as languages
    from surveys.console.pages import blueprint as console
    from surveys.contact.inbox import blueprint as contact
    from surveys.invitations.outbox.pages import blueprint as outbox
    from surveys.kiosk.pages import blueprint as kiosk
    from surveys.paper.entry import blueprint as paper_entry
    from surveys.paper.pages import blueprint as paper
    from surveys.preview.pages import blueprint as preview
    from surveys.staff.pages import blueprint as staff
    from surveys.tablets.pages import blueprint as tablets

    rooms = (answering, staff, console, languages, tablets, kiosk, paper, paper_entry, results)
    for blueprint in (*rooms, preview, contact, outbox):
        app.register_blueprint(blueprint)


__all__ = ["REFUSALS", "build_app", "create_app", "open_site"]
