"""``questionnaires check``, ``freeze`` and ``codebook``: an author's tools on the command line.

In: the folder of questionnaires. Out: faults to read, lock files, a codebook as CSV.
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
from questionnaires.faults import Fault, QuestionnaireError, Severity
from questionnaires.loading import LoadedSurvey, load_all_with_places
from questionnaires.reading_rules import ROOM, load_wording_rules
from questionnaires.recorded_codes import freeze

_root = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOM,
    help="The folder that holds the surveys.",
)


@click.group()
def questionnaires() -> None:
    """Check, freeze and describe questionnaires."""


@questionnaires.command()
@_root
def check(root: Path) -> None:
    """Print every fault and warning; fail when there is a fault."""
    faults: list[Fault] = []
    rules = load_wording_rules()
    for loaded in _load(root).values():
        try:
            faults += check_survey(loaded, rules)
        except QuestionnaireError as error:
            faults += error.faults
    _print(faults)
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
def write_codebook(root: Path, survey: str) -> None:
    """Print the codebook of a survey as CSV."""
    (loaded,) = _chosen(root, survey).values()
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(as_cells(row) for row in codebook(loaded.survey))
    click.echo(table.getvalue(), nl=False)


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
