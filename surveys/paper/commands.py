"""``flask paper print``: printed forms as a file, blank or one for each access code.

In: a survey, a version, a language, and a file of codes if each copy is to carry one. Out: an HTML
or PDF file that stands on its own. What carries codes can be read by its owner alone.
"""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from questionnaires.model import Questionnaire, Survey
from surveys.audit.log import audit_log_of, record
from surveys.invitations.codes import parse_words, secret_from_link
from surveys.paper.printing import (
    NoBrowser,
    PrintedCode,
    code_picture,
    form_page,
    mark_of,
    on_its_own,
    write_pdf,
    write_privately,
)
from surveys.site import Site
from surveys.speaking.offer import marked

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
_COLUMNS = frozenset({"audience", "words", "link"})
_IN_A_GROUP = 4


@click.group()
def paper() -> None:
    """Surveys on paper."""


@paper.command("print")
@click.argument("survey")
@click.option("--version", "audience", required=True, help="For whom, e.g. 8-10.")
@click.option("--language", default="en", show_default=True)
@click.option("--output", type=_NEW_FILE, required=True)
@click.option("--codes", type=_FILE, help="CSV of `invitations issue`: one form for each code.")
@click.option("--address", default="", help="Of this site, e.g. https://...: for the QR codes.")
@click.option("--pdf", is_flag=True, help="Have Chromium make a PDF.")
@click.pass_obj
@with_appcontext
def print_forms(
    site: Site,
    survey: str,
    *,
    audience: str,
    language: str,
    output: Path,
    codes: Path | None,
    address: str,
    pdf: bool,
) -> None:
    """Write the form of SURVEY for one version to a file, for A4."""
    found, version = _version(site, survey, audience)
    is_draft = _refuse_language(site, survey, language)
    if output.exists():
        raise click.ClickException(f"{output} exists; forms are never written over others.")
    printed = _printed_codes(codes, audience, address.rstrip("/")) if codes else ()
    with current_app.test_request_context():
        page = form_page(site, found, version, language, printed)
    feet = [code.words or code.link for code in printed] or [mark_of(found, version)]
    _write(on_its_own(page, feet), output, pdf=pdf)
    about = {"survey": survey, "version": audience, "language": language}
    about["codes"] = str(len(printed)) if printed else "none"
    record(audit_log_of(site), site.now().date(), "command line", "paper_printed", about)
    if is_draft:
        click.echo(f"The words in {language!r} are a draft that no speaker has checked yet.")
    _report(site, version, output, len(printed))


def _version(site: Site, survey: str, audience: str) -> tuple[Survey, Questionnaire]:
    if survey not in site.surveys:
        known = ", ".join(sorted(site.surveys))
        raise click.ClickException(f"There is no survey {survey!r}. There are: {known}.")
    found = site.surveys[survey]
    try:
        return found, found.version(audience)
    except KeyError:
        known = ", ".join(each.audience for each in found.questionnaires)
        raise click.ClickException(
            f"{survey} has no version {audience!r}. It has: {known}."
        ) from None


def _refuse_language(site: Site, survey: str, language: str) -> bool:
    """Whether the language is marked as a draft. Ends the command when it is not offered."""
    offered = marked(site.languages, survey) or {"en": False}
    if language not in offered:
        raise click.ClickException(
            f"{survey} is not offered in {language!r}. It is in: {', '.join(offered)}."
        )
    return offered[language]


def _printed_codes(path: Path, audience: str, address: str) -> list[PrintedCode]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if not _COLUMNS.issubset(reader.fieldnames or ()):
            raise click.ClickException(f"{path} is not a file of codes: see `invitations issue`.")
        rows = [(reader.line_num, row) for row in reader if row["audience"] == audience]
    if not rows:
        raise click.ClickException(f"{path} has no code for the version {audience!r}.")
    return [_printed_code(path, line, row, address) for line, row in rows]


def _printed_code(path: Path, line: int, row: dict[str, str], address: str) -> PrintedCode:
    words, link = row["words"] or "", row["link"] or ""
    if secret_from_link(link) is None or (words and parse_words(words) is None):
        raise click.ClickException(f"{path}, line {line}: this is not a code.")
    groups = [link[start : start + _IN_A_GROUP] for start in range(0, len(link), _IN_A_GROUP)]
    picture = code_picture(f"{address}/#{link}" if address else link)
    return PrintedCode(words, " ".join(groups), picture)


def _write(page: str, output: Path, *, pdf: bool) -> None:
    try:
        if pdf:
            write_pdf(page, output)
        else:
            write_privately(page.encode(), output)
    except NoBrowser as error:
        raise click.ClickException(str(error)) from error
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise click.ClickException(
            "Chromium could not make the PDF. Print without --pdf, then print the page."
        ) from error


def _report(site: Site, version: Questionnaire, output: Path, codes: int) -> None:
    forms = f"{codes} forms with codes" if codes else "A blank form"
    click.echo(f"{forms} written to {output}.")
    if codes:
        click.echo("Destroy the file once it is printed: whoever has it can answer for others.")
    unchecked = [
        line.name
        for line in site.support_lines
        if version.look in line.looks and not line.checked_on
    ]
    if unchecked:
        click.echo(f"Ring these before you hand out paper: {', '.join(unchecked)}.")
