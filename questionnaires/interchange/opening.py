"""Open an .xlsx workbook that anybody may have sent, and take the text out of its sheets.

In: bytes. Out: tables of text by sheet, or faults. Sizes are looked at before anything is
unpacked, and no part may declare entities, so that a small file cannot become a large one.
"""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from math import isfinite
from typing import NoReturn

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from questionnaires.interchange import messages
from questionnaires.interchange.faults import Notes
from questionnaires.interchange.tables import Row, Table, canonical
from questionnaires.messages import Saying

FILE = "the file"
MOST_BYTES = 5_000_000
MOST_UNPACKED = 25_000_000
MOST_PARTS = 500
MOST_ROWS, MOST_COLUMNS = 5_000, 250
_DECLARATIONS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a workbook holds: the sheets that were asked for, and the names of all others."""

    tables: Mapping[str, Table]
    others: tuple[str, ...]


def open_workbook(data: bytes, names: Container[str], notes: Notes) -> Opened:
    """The tables of these sheets, as far as there are any.

    Raises WorkbookError when it is no workbook; what is wrong with cells is noted.
    """
    _check_size(data, notes)
    workbook = _load(data, notes)
    called = {sheet.title.strip().lower(): sheet for sheet in workbook.worksheets}
    tables = {name: _table(name, sheet, notes) for name, sheet in called.items() if name in names}
    return Opened(tables, tuple(name for name in called if name not in names))


def _refuse(notes: Notes, saying: Saying, **values: object) -> NoReturn:
    notes.note(FILE, 0, "", saying, **values)
    notes.raise_errors()
    raise AssertionError("a fault has been noted")


def _check_size(data: bytes, notes: Notes) -> None:
    if len(data) > MOST_BYTES:
        _refuse(notes, messages.TOO_LARGE, what=f"{len(data):,} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
                what = f"{unpacked:,} bytes in {len(parts)} parts when unpacked"
                _refuse(notes, messages.TOO_LARGE, what=what)
            # a part never unpacks to more than it declares: zipfile stops there
            if any(word in archive.read(part) for part in parts for word in _DECLARATIONS):
                _refuse(notes, messages.NOT_XLSX)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error):
        _refuse(notes, messages.NOT_XLSX)


def _load(data: bytes, notes: Notes) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            return load_workbook(io.BytesIO(data))
    except Exception:  # a damaged part can end in any exception of openpyxl or of what it calls
        _refuse(notes, messages.NOT_XLSX)


def _table(name: str, sheet: Worksheet, notes: Notes) -> Table:
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        what = f"{sheet.max_row:,} rows and {sheet.max_column} columns on “{name}”"
        _refuse(notes, messages.TOO_LARGE, what=what)
    for cells in sheet.merged_cells.ranges:
        notes.note(name, cells.min_row, "", messages.MERGED, cells=cells.coord)
    lines = sheet.iter_rows()
    columns = _columns(name, next(lines, ()), notes)
    rows = (_row(name, number, columns, cells, notes) for number, cells in enumerate(lines, 2))
    written = tuple(row for row in rows if row.cells)
    return Table(name, tuple(column for column in columns if column), written)


def _columns(sheet: str, cells: tuple[Cell, ...], notes: Notes) -> list[str]:
    """A name for every column, "" where the heading is empty."""
    columns: list[str] = []
    for cell in cells:
        written = _text(sheet, 1, "the heading", cell, notes).strip()
        name = canonical(written)
        if name and name in columns:
            notes.note(sheet, 1, "", messages.REPEATED_HEADING, column=written)
        columns.append(name)
    return columns


def _row(sheet: str, number: int, columns: list[str], cells: tuple[Cell, ...], notes: Notes) -> Row:
    return Row(sheet, number, dict(_written(sheet, number, columns, cells, notes)))


def _written(
    sheet: str, number: int, columns: list[str], cells: tuple[Cell, ...], notes: Notes
) -> Iterator[tuple[str, str]]:
    for column, cell in zip(columns, cells, strict=True):
        text = _text(sheet, number, column or "no heading", cell, notes)
        if not text.strip():
            continue
        if column:
            yield column, text
        else:
            notes.note(sheet, number, "", messages.NO_HEADING)


def _text(sheet: str, number: int, column: str, cell: Cell, notes: Notes) -> str:
    """What stands in a cell, as text. Formulas, errors and dates are noted and left out."""
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if cell.data_type == "f":
        notes.note(sheet, number, "", messages.FORMULA, column=column)
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        is_whole = isfinite(value) and value == int(value)
        return str(int(value)) if is_whole else str(value)
    if cell.data_type == "e" or isinstance(value, date | time | timedelta):
        kind = "an error" if cell.data_type == "e" else "a date or a time"
        notes.note(sheet, number, "", messages.NOT_TEXT, column=column, kind=kind)
        return ""
    return str(value)
