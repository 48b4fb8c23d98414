"""``questionnaires export`` and ``import``: workbooks that other tools read, and that they wrote.

In: the folder of questionnaires, or an .xlsx file. Out: .xlsx files, or YAML that loads; or every
fault with its sheet and row.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn

import click

from questionnaires.interchange import filing
from questionnaires.interchange.faults import CellFault, WorkbookError
from questionnaires.interchange.writing import one_version_of, write_version
from questionnaires.model import Survey


def export_survey(survey: Survey, version: str | None, output: Path, translations: Path) -> None:
    """Write a workbook for every version, or for one. Ends the command when that fails."""
    known = {one.audience: one for one in survey.questionnaires}
    if version is not None and version not in known:
        raise click.BadParameter(f"There is no version {version}; there are {', '.join(known)}.")
    catalogues = filing.read_catalogues(translations)
    files: dict[str, bytes] = {}
    languages: dict[str, None] = {}
    for one in known.values() if version is None else (known[version],):
        said = filing.complete_translations(one_version_of(survey, one), catalogues)
        languages.update(dict.fromkeys(said))
        try:
            files[f"{one.id}.xlsx"] = write_version(survey, one, said)
        except WorkbookError as error:
            _refuse(error.faults)
    _write(output, files)
    if languages:
        click.echo(f"Also in {', '.join(languages)}, as the catalogues have it.")


def import_workbook(file: Path, output: Path) -> None:
    """Write the YAML of a workbook. Ends the command with every fault when it cannot be used."""
    try:
        imported = filing.read_file(file)
    except WorkbookError as error:
        _refuse(error.faults)
    _say(imported.warnings)
    _write(output, filing.imported_files(imported))
    click.echo(f"Next: python -m questionnaires check --root {output}")


def _write(output: Path, files: Mapping[str, bytes]) -> None:
    try:
        paths = filing.write_files(output, files)
    except FileExistsError as error:
        raise click.ClickException(
            f"{error.args[0]} is there already. Name another folder with --output."
        ) from None
    for path in paths:
        click.echo(path)


def _say(faults: Iterable[CellFault]) -> None:
    for fault in faults:
        click.echo(str(fault))


def _refuse(faults: Iterable[CellFault]) -> NoReturn:
    _say(faults)
    sys.exit(1)
