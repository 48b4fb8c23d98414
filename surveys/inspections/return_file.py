"""Reads one CSV file row by row, whatever program it was saved by.

In: a path and the columns that are needed. Out: rows with these columns only; every other cell
is let go here. Knows byte-order marks, UTF-8, Windows-1252, UTF-16, and comma, semicolon or tab.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, TextIO

from surveys.inspections.return_problems import Kind, Problem

_SEPARATORS = (",", ";", "\t")
_CHUNK = 64 * 1024
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: 0?0:00(?::00)?)?")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_MONTH_BY_NAME = re.compile(r"(\d{1,2})([ -])([A-Za-z]{3,9})\2(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SHORT_YEAR = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2}")
_FIRST_YEAR = 1900


class UnusableFile(Exception):
    """Nothing of the file can be used; ``problems`` says why."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in a spreadsheet, and the needed cells; None when it is broken."""

    number: int
    cells: tuple[str, ...] | None


def read_rows(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Row]:
    """The rows of a file, blank ones left out, cells in the order of ``columns``.

    After them stand those of ``optional``, empty where the file has no such column. Raises
    UnusableFile for a file that cannot be read, has no rows or lacks a column.
    """
    records = read_records(path)
    names = [_column_name(cell) for cell in next(records)[1]]
    places = _places(names, columns, path.name)
    more = tuple(names.index(name) if name in names else None for name in optional)
    for number, record in records:
        yield _row(number, record, places, more, len(names))


def read_records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row of a file that is not blank, with its number; the first holds the names.

    Raises UnusableFile for a file that cannot be read, or has no row but the first.
    """
    encoding = _encoding_of(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=_separator_of(file), strict=True)
            yield from _at_least_two(_numbered_records(reader, path.name), path.name)
    except UnicodeDecodeError:
        raise UnusableFile(Problem(Kind.NOT_TEXT, path.name)) from None


def read_date(text: str) -> date | Kind:
    """A day written as 31/03/2026, 31 March 2026 or 2026-03-31, or the problem that it has."""
    if not text:
        return Kind.BLANK_DATE
    if found := _DAY_FIRST.fullmatch(text):
        return _to_date(found[4], found[3], found[1])
    if found := _YEAR_FIRST.fullmatch(text):
        return _to_date(*found.groups())
    if (found := _MONTH_BY_NAME.fullmatch(text)) and found[3][:3].lower() in _MONTHS:
        return _to_date(found[4], str(_MONTHS.index(found[3][:3].lower()) + 1), found[1])
    return Kind.TWO_DIGIT_YEAR if _SHORT_YEAR.fullmatch(text) else Kind.UNREADABLE_DATE


def _to_date(year: str, month: str, day: str) -> date | Kind:
    try:
        read = date(int(year), int(month), int(day))
    except ValueError:
        return Kind.UNREADABLE_DATE
    return read if read.year >= _FIRST_YEAR else Kind.UNREADABLE_DATE


def _encoding_of(path: Path) -> str:
    """UTF-8 when every byte fits it, else Windows-1252: what spreadsheets in England write."""
    try:
        with path.open("rb") as file:
            start = file.read(_CHUNK)
            if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            _refuse_what_is_no_text(start, path.name)
            return _utf8_or_windows(start, file)
    except OSError:
        raise UnusableFile(Problem(Kind.NO_SUCH_FILE, path.name)) from None


def _utf8_or_windows(start: bytes, file: BinaryIO) -> str:
    decoder, chunk = codecs.getincrementaldecoder("utf-8")(), start
    try:
        while chunk:
            decoder.decode(chunk)
            chunk = file.read(_CHUNK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _refuse_what_is_no_text(start: bytes, name: str) -> None:
    if not start.strip():
        raise UnusableFile(Problem(Kind.EMPTY_FILE, name))
    if start.startswith(b"PK\x03\x04"):
        raise UnusableFile(Problem(Kind.WORKBOOK, name))
    if b"\0" in start:
        raise UnusableFile(Problem(Kind.NOT_TEXT, name))


def _at_least_two(
    records: Iterator[tuple[int, list[str]]], name: str
) -> Iterator[tuple[int, list[str]]]:
    first, second = next(records, None), next(records, None)
    if first is None or second is None:
        raise UnusableFile(Problem(Kind.EMPTY_FILE, name))
    yield from (first, second)
    yield from records


def _numbered_records(reader: Iterator[list[str]], name: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            if any(cell.strip() for cell in record):
                yield number, record
    except csv.Error:
        raise UnusableFile(Problem(Kind.BROKEN_QUOTES, name, number + 1)) from None


def _separator_of(file: TextIO) -> str:
    """The separator that stands most often in the first line that is not blank."""
    line = next((line for line in file if line.strip(" \t\r\n,;")), "")
    file.seek(0)
    return max(_SEPARATORS, key=line.count)


def _column_name(cell: str) -> str:
    return "_".join(cell.strip("\ufeff").split()).upper()


def _places(names: list[str], columns: Sequence[str], file: str) -> tuple[int, ...]:
    missing = [Problem(Kind.MISSING_COLUMN, file, 1, name) for name in columns if name not in names]
    twice = [
        Problem(Kind.REPEATED_COLUMN, file, 1, name) for name in columns if names.count(name) > 1
    ]
    if missing or twice:
        raise UnusableFile(*missing, *twice)
    return tuple(names.index(name) for name in columns)


def _row(
    number: int,
    record: list[str],
    places: tuple[int, ...],
    more: tuple[int | None, ...],
    width: int,
) -> Row:
    too_short = len(record) <= max(places)
    too_long = any(cell.strip() for cell in record[width:])
    if too_short or too_long:
        return Row(number, None)
    wanted = (*places, *more)
    cells = ("" if at is None or at >= len(record) else record[at].strip() for at in wanted)
    return Row(number, tuple(cells))
