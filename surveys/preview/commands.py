"""The authors' commands that need pages or a site: ``preview`` and ``questionnaires correct``.

In: what is typed, and a Workshop. Out: a preview on this machine alone; or a line in the site's
record of corrections. Neither is ever run by the web server.
"""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

import click

from questionnaires.corrections import Change
from questionnaires.faults import QuestionnaireError
from questionnaires.loading import LoadedSurvey, load_with_places
from questionnaires.model import Survey
from questionnaires.translating import is_translated, languages_in, read_catalogue
from questionnaires.wording import msgids
from surveys.audit import log as audit
from surveys.audit.log import audit_log_of
from surveys.inspections.instruments import (
    CannotCorrect,
    changes_to_record,
    record_corrections,
)
from surveys.preview.workshop import Workshop
from surveys.site import Site
from surveys.speaking.offer import Offer

_HERE = "127.0.0.1"
_USUAL_PORT = 8765


@click.command()
@click.argument("survey", required=False)
@click.option("--version", "audience", help="Begin at one version, e.g. 8-10.")
@click.option("--port", default=_USUAL_PORT, show_default=True, help="0 for any that is free.")
@click.pass_obj
def preview(workshop: Workshop, survey: str | None, *, audience: str | None, port: int) -> None:
    """Show every page of every version in every look, on this machine alone. Nothing is kept."""
    from werkzeug.serving import make_server

    from surveys.preview.throw_away import throw_away_site

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the folder goes then too
    with tempfile.TemporaryDirectory(prefix="heard-preview-") as folder:
        app = throw_away_site(workshop, Path(folder))
        surveys = app.extensions["heard"].surveys
        path = _first_page(surveys, survey, audience)
        try:
            server = make_server(_HERE, port, app, threaded=True)
        except SystemExit:
            raise click.ClickException(f"Port {port} is taken. Try --port 0.") from None
        click.echo(f"http://{_HERE}:{server.port}{path}")
        click.echo("Change the files and load the page again. Stop with Ctrl and C.")
        try:
            server.serve_forever()
        finally:
            server.server_close()
            app.extensions["heard"].engine.dispose()


def _first_page(surveys: dict[str, Survey], survey: str | None, audience: str | None) -> str:
    if survey is None or not surveys:
        return "/preview/"
    if survey not in surveys:
        raise click.BadParameter(f"There is no survey {survey}; there are {', '.join(surveys)}.")
    audiences = [one.audience for one in surveys[survey].questionnaires]
    if audience is None:
        return f"/preview/#{survey}"
    if audience not in audiences:
        raise click.BadParameter(f"There is no version {audience}; {', '.join(audiences)}.")
    return f"/preview/{survey}/{audience}/"


@click.command()
@click.argument("survey")
@click.option("--by", required=True, help="Who corrects it: a name that stands in the record.")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@click.pass_obj
def correct(workshop: Workshop, survey: str, *, by: str, yes: bool) -> None:
    """Record that slips of the pen in SURVEY were corrected while people are answering it.

    Correct the file first. A change of meaning is refused.
    """
    loaded = _loaded(workshop.questionnaires / survey)
    site = workshop.open_site()
    changes = changes_to_record(site, loaded.survey)
    _show(changes)
    _refuse_to_lose_a_language(loaded.survey, workshop.translations, changes)
    try:
        if changes and not any(change.reason or not change.is_words for change in changes):
            _ask(yes=yes)
        made = record_corrections(site, loaded, by, site.now().date())
    except CannotCorrect as error:
        raise click.ClickException(str(error)) from None
    _note(site, survey, by, made[0].version)
    click.echo(f"{survey}: {len(made)} corrections recorded, version {made[0].version}.")
    _say_what_else_to_do(site, survey)


def _loaded(folder: Path) -> LoadedSurvey:
    try:
        return load_with_places(folder)
    except QuestionnaireError as error:
        raise click.ClickException(str(error)) from None


def _show(changes: tuple[Change, ...]) -> None:
    for change in changes:
        where = " ".join(filter(None, (change.audience, change.page, change.field)))
        click.echo(f"{where}\n  - {change.before}\n  + {change.after}")


def _ask(*, yes: bool) -> None:
    if not yes:
        click.confirm("Does all of it mean exactly what it meant before?", abort=True)


def _refuse_to_lose_a_language(
    survey: Survey, translations: Path, changes: tuple[Change, ...]
) -> None:
    """A language that lacks nothing but the new words would vanish from under its readers."""
    new = {change.after for change in changes}
    for language in languages_in(translations) if new else ():
        catalogue = read_catalogue(translations, language)
        missing = {text for text in msgids(survey) if not is_translated(catalogue, text)}
        if missing and missing <= new:
            words = "; ".join(sorted(missing))
            raise click.ClickException(
                f"{language} has no translation of the new words, and would no longer be offered. "
                f"In translations/{language}/LC_MESSAGES/messages.po change the msgid to: {words}. "
                "Then: make translations."
            )


def _say_what_else_to_do(site: Site, survey: str) -> None:
    click.echo("Restart the web server: it shows the old words until then.")
    click.echo("Clips of the new words: flask --app app sound report")
    if isinstance(site.languages, Offer):
        void = [one.language for one in site.languages.standings(survey) if one.void]
        if void:
            click.echo(f"Approved in the old words, so to be looked at again: {', '.join(void)}.")


def _note(site: Site, survey: str, by: str, version: int) -> None:
    about = {"survey": survey, "version": str(version)}
    audit.record(audit_log_of(site), site.now().date(), by, "corrected", about)
