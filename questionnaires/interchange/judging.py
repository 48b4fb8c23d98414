"""Let the loader of questionnaires judge what was read, and point its faults at the workbook.

In: what the files will say, with rows. Out: the files as text and the survey they make; or notes.
The files are loaded from a folder that is gone afterwards, exactly as an author's would be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from questionnaires.faults import Fault, QuestionnaireError
from questionnaires.interchange.faults import CellFault, Notes
from questionnaires.interchange.placed import rows_by_route
from questionnaires.interchange.tables import Row
from questionnaires.interchange.yaml_text import yaml_text
from questionnaires.loading import SCALES_FILE, SURVEY_FILE, load_survey
from questionnaires.model import Survey
from questionnaires.yaml_source import parse_source


@dataclass(frozen=True, slots=True)
class Judged:
    """Files by their place in a folder of surveys, and what they make."""

    files: Mapping[str, str]
    survey: Survey


def judge(
    survey: Mapping[str, object],
    version: Mapping[str, object],
    scales: Mapping[str, object],
    notes: Notes,
) -> Judged:
    """The survey that the files make. Raises WorkbookError with all faults noted so far."""
    folder = str(survey["survey"])
    written = {
        f"{folder}/{SURVEY_FILE}": survey,
        f"{folder}/{version['audience']}.yaml": version,
        **({SCALES_FILE: scales} if scales else {}),
    }
    files = {name: yaml_text(values) for name, values in written.items()}
    loaded = None
    with TemporaryDirectory() as root:
        try:
            loaded = _load(Path(root), folder, files)
        except QuestionnaireError as error:
            _note(error, Path(root), files, written, notes)
    notes.raise_errors()
    if loaded is None:
        raise AssertionError("what does not load has been noted")
    return Judged(files, loaded)


def _load(root: Path, folder: str, files: Mapping[str, str]) -> Survey:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return load_survey(root / folder)


def _note(
    error: QuestionnaireError,
    root: Path,
    files: Mapping[str, str],
    written: Mapping[str, Mapping[str, object]],
    notes: Notes,
) -> None:
    """Note the loader's faults, except on rows of which something has been said already."""
    known = {(fault.sheet, fault.row) for fault in notes.errors}
    for fault in error.faults:
        name = fault.file.relative_to(root).as_posix()
        row = _row_at(fault, Path(name), files[name], written[name])
        if (row.sheet, row.number) not in known:
            said = (fault.element, fault.message, fault.advice, fault.severity)
            notes.add(CellFault(row.sheet, row.number, *said))


def _row_at(fault: Fault, file: Path, text: str, values: Mapping[str, object]) -> Row:
    """The row of the value that stands on the line of a fault, or of the one before it."""
    lines = parse_source(file, text).lines
    found = Row("settings", 2)
    best = 0
    for route, row in rows_by_route(values):
        line = lines.get(route, 0)
        if best <= line <= fault.line:
            best, found = line, row
    return found
