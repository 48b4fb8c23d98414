"""Write tables as an .xlsx workbook. Every cell is text, whatever it begins with.

In: rows by sheet. Out: bytes. A cell that begins with ``=`` stays the words that it is: spreadsheet
programs are told so twice, by the type of the cell and by the mark that quotes it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.worksheet import Worksheet

from questionnaires.interchange import messages
from questionnaires.interchange.faults import Notes

Cells = Mapping[str, str]

LONGEST_CELL = 32_767
_COMMANDS = ("=", "+", "-", "@", "\t", "\r")
_WIDE = ("label", "hint")


def write_workbook(sheets: Mapping[str, tuple[Sequence[str], Sequence[Cells]]]) -> bytes:
    """The sheets, each with its columns and rows. Raises WorkbookError for what no cell can hold.

    Columns in which nothing stands are left out, except the first three, which every reader wants.
    """
    notes = Notes()
    workbook = Workbook()
    workbook.properties.creator = "Heard"
    for name, (columns, rows) in sheets.items():
        used = [c for at, c in enumerate(columns) if at < 3 or any(row.get(c) for row in rows)]
        sheet = workbook.create_sheet(name)
        _fill(sheet, used, rows, notes)
    workbook.remove(workbook.worksheets[0])
    notes.raise_errors()
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _fill(sheet: Worksheet, columns: Sequence[str], rows: Sequence[Cells], notes: Notes) -> None:
    for place, column in enumerate(columns, start=1):
        _put(sheet.cell(1, place), column)
        sheet.cell(1, place).font = Font(bold=True)
        width = 48 if column.startswith(_WIDE) else 20
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(columns, start=1):
            if not row.get(column):
                continue
            try:
                _put(sheet.cell(number, place), row[column])
            except (IllegalCharacterError, ValueError):
                what = f"“{column}”"
                saying = messages.CANNOT_BE_WRITTEN
                notes.note(sheet.title, number, "", saying, what=what, help="It is too long, or "
                           "holds characters that no cell can hold.")  # fmt: skip
    sheet.freeze_panes = "C2"


def _put(cell: Cell, text: str) -> None:
    if len(text) > LONGEST_CELL:
        raise ValueError("longer than a cell")
    cell.value = text
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if text.startswith(_COMMANDS):
        cell.quotePrefix = True
