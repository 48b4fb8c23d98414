"""Opens an .xlsx workbook that anybody may have sent, and gives out its sheets as text.

In: a path. Out: sheets, whose rows stream by as cells of text. Sizes are looked at before anything
is unpacked; macros, passwords, document types and entities are refused. A formula counts by the
result that was saved with it, and a missing result is a fault of the cell, never a blank.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from surveys.inspections.return_file import UnusableFile
from surveys.inspections.return_problems import Kind, Problem

if TYPE_CHECKING:
    from openpyxl import Workbook

ZIPPED = b"PK\x03\x04"
OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_BYTES = 30_000_000
MOST_UNPACKED = 200_000_000
MOST_PARTS = 2_000
MOST_SHEETS = 60
MOST_ROWS = 50_000
_LAST_ROW = 1_048_576  # of any spreadsheet
_CHUNK = 256 * 1024
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff"))
_DECLARATIONS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)


class Cell(NamedTuple):
    """A cell as text without blanks around it, or what is wrong with it."""

    text: str
    fault: Kind | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``from_1904`` tells on which day its numbered dates begin."""

    file: str
    name: str
    from_1904: bool
    values: Any
    formulas: Any

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Every row that is not blank, with its number. Raises UnusableFile when it is endless."""
        both = zip(self.values.iter_rows(), self.formulas.iter_rows(), strict=False)
        for number, (values, formulas) in enumerate(_guarded(both, self.file), start=1):
            if number > _LAST_ROW:
                refuse(Kind.TOO_LARGE, self.file)
            cells = [_cell(one, other) for one, other in zip(values, formulas, strict=False)]
            if any(cell.text or cell.fault for cell in cells):
                if number > MOST_ROWS:
                    refuse(Kind.TOO_LARGE, self.file)
                yield number, cells


def open_sheets(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a workbook, in its order. Raises UnusableFile, in words, for any other file."""
    data = _bytes_of(path)
    _refuse_what_is_no_plain_workbook(data, path.name)
    values, formulas = (_load(data, path.name, data_only=only) for only in (True, False))
    from_1904 = values.epoch.year == 1904
    if len(values.worksheets) > MOST_SHEETS:
        refuse(Kind.TOO_LARGE, path.name)
    both = zip(values.worksheets, formulas.worksheets, strict=True)
    return tuple(Sheet(path.name, one.title, from_1904, one, other) for one, other in both)


def refuse(kind: Kind, file: str) -> NoReturn:
    """Raise UnusableFile for a workbook as a whole."""
    raise UnusableFile(Problem(kind, file))


def _guarded(rows: Iterator[Any], file: str) -> Iterator[Any]:
    try:
        yield from rows
    except Exception:  # a damaged part can end in any exception of openpyxl or of what it calls
        refuse(Kind.BROKEN_WORKBOOK, file)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            refuse(Kind.TOO_LARGE, path.name)
        return path.read_bytes()
    except OSError:
        refuse(Kind.NO_SUCH_FILE, path.name)


def _refuse_what_is_no_plain_workbook(data: bytes, file: str) -> None:
    if data.startswith(OLD_OR_ENCRYPTED):
        has_password = "EncryptedPackage".encode("utf-16-le") in data
        refuse(Kind.ENCRYPTED if has_password else Kind.OLD_WORKBOOK, file)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_parts(archive, file)
    except UnusableFile:
        raise
    except Exception:  # zipfile raises whatever its own reading of a damaged heading ends in
        refuse(Kind.BROKEN_WORKBOOK, file)


def _refuse_parts(archive: zipfile.ZipFile, file: str) -> None:
    """A part never unpacks to more than it declares: zipfile stops there."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        refuse(Kind.TOO_LARGE, file)
    if any(part.flag_bits & 1 for part in parts):
        refuse(Kind.ENCRYPTED, file)
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        refuse(Kind.MACROS, file)
    if any(_declares(archive, part) for part in parts):
        refuse(Kind.DECLARATION, file)


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return False
    kept = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            if any(word in kept + chunk for word in _DECLARATIONS):
                return True
            kept = chunk[-32:]
    return False


def _load(data: bytes, file: str, *, data_only: bool) -> Workbook:
    from openpyxl import load_workbook  # only whoever reads a workbook waits for it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            loaded = load_workbook(
                io.BytesIO(data), read_only=True, data_only=data_only, keep_links=False
            )
        for sheet in loaded.worksheets:
            sheet.reset_dimensions()  # what the file says of its own size need not be so
        return loaded
    except Exception:  # a damaged part can end in any exception of openpyxl or of what it calls
        refuse(Kind.BROKEN_WORKBOOK, file)


def _cell(cell: Any, formula: Any) -> Cell:
    value = cell.value
    if cell.data_type == "e":
        return Cell("", Kind.ERROR_CELL)
    if value is None:
        return Cell("", Kind.NO_RESULT if formula.data_type == "f" else None)
    return Cell(_text(value))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        is_whole = isfinite(value) and value == int(value)
        return str(int(value)) if is_whole else str(value)
    return " ".join(str(value).translate(_INVISIBLE).split())
