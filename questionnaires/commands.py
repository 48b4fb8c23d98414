"""``questionnaires new``, ``check``, ``freeze`` and ``codebook``: an author's tools.

In: the folder of questionnaires. Out: faults to read, lock files, a codebook as CSV. Previews and
corrections need pages and a site, so those commands are in surveys/preview. ``export`` and
``import`` hand over to interchange, for workbooks of other tools.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click

from questionnaires.checks import check_survey
from questionnaires.codebook import COLUMNS, as_cells, codebook
from questionnaires.correction_record import (
    CORRECTIONS_COLUMN,
    corrected_times,
    read_corrections,
)
from questionnaires.duration import duration_faults, duration_table
from questionnaires.faults import Fault, QuestionnaireError, Severity
from questionnaires.loading import LoadedSurvey, load_all_with_places
from questionnaires.reading_rules import ROOM, load_wording_rules
from questionnaires.recorded_codes import freeze
from questionnaires.skeleton import LOOKS, Beginning, CannotBegin, Look, begin_survey
from questionnaires.translating import TRANSLATIONS, NoCatalogue, read_catalogue, untranslated

_root = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOM,
    help="The folder that holds the surveys.",
)

_output = click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("exchange"),
    show_default=True,
    help="The folder to write to. Nothing in it is written over.",
)
_translations = click.option(
    "--translations",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=TRANSLATIONS,
    help="The folder that holds the catalogues.",
)


@click.group()
def questionnaires() -> None:
    """Begin, check, freeze and describe questionnaires."""


@questionnaires.command("new")
@_root
@click.argument("name")
@click.option("--look", type=click.Choice(LOOKS), default="child", show_default=True)
@click.option("--audience", help="Who its version is worded for, e.g. 11-15.")
def new_survey(root: Path, name: str, *, look: Look, audience: str | None) -> None:
    """Make a survey called NAME that asks one question of every kind, to be changed."""
    wanted = Beginning(name, look, audience)
    try:
        folder = begin_survey(root, wanted)
    except CannotBegin as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{folder / wanted.version}.yaml holds one question of every kind. Next:")
    for number, step in enumerate(_NEXT, start=1):
        click.echo(f"  {number}. {step.format(name=name)}")


_NEXT = (
    "change the words, and delete what you do not need;",
    "python -m questionnaires check {name} --minutes",
    "flask --app app preview {name}     (shows every page in every look; nothing is kept)",
    "name it under `surveys` of a framework in config/frameworks;",
    "make messages, and have the new texts translated;",
    "python -m questionnaires freeze {name}     (before the first wave)",
)


@questionnaires.command()
@_root
@click.argument("survey", required=False)
@click.option("--minutes", is_flag=True, help="Print how long each version takes, as measured.")
@click.option("--language", help="List every text that has no translation, e.g. cy.")
@click.option(
    "--translations",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=TRANSLATIONS,
    help="The folder that holds the catalogues.",
)
def check(
    root: Path, survey: str | None, *, minutes: bool, language: str | None, translations: Path
) -> None:
    """Print every fault and warning, of one survey or of all; fail when there is a fault."""
    faults: list[Fault] = []
    rules = load_wording_rules()
    surveys = _chosen(root, survey)
    for loaded in surveys.values():
        try:
            faults += [*check_survey(loaded, rules), *duration_faults(loaded)]
        except QuestionnaireError as error:
            faults += error.faults
    if language:
        faults += _untranslated(surveys.values(), translations, language)
    _print(faults)
    for loaded in surveys.values() if minutes else ():
        click.echo("\n".join(duration_table(loaded)))
    if language:
        click.echo(f"Clips in {language}: flask --app app sound report")
    errors = [fault for fault in faults if fault.severity is Severity.ERROR]
    click.echo(f"{len(errors)} faults, {len(faults) - len(errors)} warnings.")
    if errors:
        sys.exit(1)


@questionnaires.command("freeze")
@_root
@click.argument("survey", required=False)
def freeze_codes(root: Path, survey: str | None) -> None:
    """Record option codes, of one survey or of all, so that a later change is noticed."""
    for name, loaded in _chosen(root, survey).items():
        try:
            freeze(loaded)
        except QuestionnaireError as error:
            _refuse(error)
        click.echo(f"{name}: codes recorded.")


@questionnaires.command("codebook")
@_root
@click.argument("survey")
@click.option(
    "--corrections",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The site's record of corrections: says how often each question was corrected.",
)
def write_codebook(root: Path, survey: str, corrections: Path | None) -> None:
    """Print the codebook of a survey as CSV."""
    (loaded,) = _chosen(root, survey).values()
    times = corrected_times(read_corrections(corrections), survey) if corrections else None
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS if times is None else (*COLUMNS, CORRECTIONS_COLUMN))
    for row in codebook(loaded.survey):
        known = () if times is None else (str(times[row.version, row.concept]),)
        writer.writerow((*as_cells(row), *known))
    click.echo(table.getvalue(), nl=False)


@questionnaires.command("export")
@_root
@click.argument("survey")
@click.option("--version", help="One version only, e.g. 8-10.")
@_output
@_translations
def export(
    root: Path, survey: str, version: str | None, *, output: Path, translations: Path
) -> None:
    """Write each version of a survey as an XLSForm workbook, with its complete translations."""
    from questionnaires.interchange.commands import export_survey

    (loaded,) = _chosen(root, survey).values()
    export_survey(loaded.survey, version, output, translations)


@questionnaires.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_output
def import_(file: Path, output: Path) -> None:
    """Write an XLSForm workbook as YAML, or print what stands in the way, with sheet and row."""
    from questionnaires.interchange.commands import import_workbook

    import_workbook(file, output)


def _untranslated(
    surveys: Iterable[LoadedSurvey], translations: Path, language: str
) -> list[Fault]:
    try:
        catalogue = read_catalogue(translations, language)
    except NoCatalogue as error:
        raise click.BadParameter(str(error), param_hint="--language") from None
    return [fault for one in surveys for fault in untranslated(one, catalogue, language)]


def _load(root: Path) -> dict[str, LoadedSurvey]:
    try:
        return load_all_with_places(root)
    except QuestionnaireError as error:
        _refuse(error)


def _chosen(root: Path, survey: str | None) -> dict[str, LoadedSurvey]:
    surveys = _load(root)
    if survey is None:
        return surveys
    if survey not in surveys:
        raise click.BadParameter(f"There is no survey {survey}; there are {', '.join(surveys)}.")
    return {survey: surveys[survey]}


def _print(faults: Iterable[Fault]) -> None:
    for fault in faults:
        click.echo(str(fault))


def _refuse(error: QuestionnaireError) -> NoReturn:
    _print(error.faults)
    sys.exit(1)
