"""``flask languages``: which languages are offered, a sheet for a speaker, and the acts on them.

In: a language, a survey, and who and why. Out: words on the terminal, or a sheet in a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask_babel import force_locale

from surveys.site import Site
from surveys.speaking import acts
from surveys.speaking.offer import Standing
from surveys.speaking.sheet import as_csv, as_html, sheet_of

_WHO = "command line"
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
_language = click.argument("language")
_survey = click.argument("survey")


@click.group()
def languages() -> None:
    """Languages of the surveys: what is complete, checked, offered."""


@languages.command("list")
@click.option("--survey", "only", help="This survey alone.")
@click.option("--missing", "with_texts", is_flag=True, help="List every text that is missing.")
@click.pass_obj
def show_all(site: Site, only: str | None, with_texts: bool) -> None:
    """Every survey in every language that has a catalogue."""
    if only is not None and only not in site.surveys:
        raise click.ClickException(f"There is no survey {only}: {', '.join(site.surveys)}.")
    offer = acts.offer_of(site)
    for survey in [only] if only else site.surveys:
        for standing in offer.standings(survey):
            click.echo(f"{survey} {standing.language}: {_in_words(site, standing)}")
            for each in standing.wording.missing if with_texts else ():
                click.echo(f"    {each.lack.value}: {each.text.id!r} ({each.text.where})")


@languages.command("sheet")
@_language
@_survey
@click.option("--output", type=_NEW_FILE, required=True, help="A new .html or .csv file.")
@click.pass_obj
def write_sheet(site: Site, language: str, survey: str, output: Path) -> None:
    """Write all texts side by side, for somebody who speaks LANGUAGE to read and sign."""
    writers = {".html": as_html, ".csv": as_csv}
    if output.suffix not in writers:
        raise click.ClickException("The file's name must end in .html or .csv.")
    if output.exists():
        raise click.ClickException(f"{output} exists; nothing is written over.")
    with _plain_errors():
        sheet = sheet_of(site, acts.standing_of(site, survey, language))
    encoding = "utf-8-sig" if output.suffix == ".csv" else "utf-8"  # spreadsheets look for the mark
    output.write_text(writers[output.suffix](sheet), encoding=encoding, newline="")
    click.echo(f"{len(sheet.rows)} texts written to {output}.")
    if sheet.missing:
        click.echo(f"{sheet.missing} of them are missing, so the sheet has no code to sign yet.")
    else:
        click.echo(f"The code on it: {sheet.code}")


@languages.command("check")
@_language
@_survey
@click.option("--name", required=True, help="Who speaks the language and has checked it.")
@click.option("--code", required=True, help="The code on the sheet that they signed.")
@click.option("--note", default="", help="How it was checked.")
@click.pass_obj
def check(site: Site, language: str, survey: str, *, name: str, code: str, note: str) -> None:
    """Record that a person who speaks LANGUAGE has checked SURVEY in it."""
    with _plain_errors():
        standing = acts.record_check(
            site, survey, language, person=name, code=code, note=note, who=_WHO
        )
    click.echo(f"{survey} {language}: {_in_words(site, standing)}")


@languages.command("accept")
@_language
@_survey
@click.option("--name", required=True, help="Who accepts the draft.")
@click.option("--reason", required=True, help="Why, in at least 10 characters.")
@click.pass_obj
def accept(site: Site, language: str, survey: str, *, name: str, reason: str) -> None:
    """Offer SURVEY in LANGUAGE as a draft, though nobody has checked it."""
    with _plain_errors():
        standing = acts.accept_draft(site, survey, language, person=name, reason=reason, who=_WHO)
    click.echo(f"{survey} {language}: {_in_words(site, standing)}")


@languages.command("withdraw")
@_language
@_survey
@click.option("--reason", required=True, help="Why, in at least 10 characters.")
@click.pass_obj
def withdraw(site: Site, language: str, survey: str, reason: str) -> None:
    """Stop offering SURVEY in LANGUAGE to anybody who has not begun."""
    with _plain_errors():
        standing = acts.stop_offering(site, survey, language, reason=reason, who=_WHO)
    click.echo(f"{survey} {language}: {_in_words(site, standing)}")


def _in_words(site: Site, standing: Standing) -> str:
    if not standing.wording.complete:
        return f"{len(standing.wording.missing)} texts missing, not offered"
    offered = "offered" if acts.offer_of(site).is_offered(standing) else "not offered"
    return f"complete, {_state(standing)}, {offered}"


def _state(standing: Standing) -> str:
    if standing.checks:
        return f"checked by {_people(standing.checks)}"
    if standing.acceptances:
        return f"draft accepted by {_people(standing.acceptances)}"
    if standing.void:
        return f"draft, texts have changed since {_people(standing.void)}"
    return "draft"


def _people(approvals: tuple[acts.Approval, ...]) -> str:
    return " and ".join(f"{each.person} on {each.approved_on}" for each in approvals)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except acts.CannotDo as error:
        with force_locale("en"):  # there is no visitor whose language could be asked
            raise click.ClickException(str(error)) from None
