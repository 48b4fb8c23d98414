"""Reading a list of contacts: reference, e-mail, perhaps a mobile number and a language.

In: a CSV file as spreadsheets write it. Out: rows that can be used, and what is wrong with the
others. Nothing is stored here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from surveys.invitations.outbox.contact_problems import ContactProblem, Wrong
from surveys.mail.addresses import is_address

COLUMNS = ("reference", "email", "mobile", "language")
NEEDED = COLUMNS[:2]
LONGEST_REFERENCE, LONGEST_ADDRESS = 60, 254
_NUMBER = re.compile(r"\+?[0-9]{7,15}")
_FILLING = re.compile(r"[\s().-]")
_WORKBOOK = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One row that can be used. ``row`` counts as a spreadsheet does."""

    row: int
    reference: str = field(repr=False)
    address: str = field(repr=False)
    mobile: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class ContactFile:
    """What a file holds, and every problem of it."""

    rows: tuple[ContactRow, ...]
    problems: tuple[ContactProblem, ...]


def read_contacts(path: Path, languages: Collection[str]) -> ContactFile:
    """Everything in a file. ``languages`` are those that the survey is offered in."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        wrong = Wrong.WORKBOOK if content.startswith(_WORKBOOK) else Wrong.NOT_TEXT
        return ContactFile((), (ContactProblem(wrong),))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)))
    except csv.Error:  # a cell without end
        return ContactFile((), (ContactProblem(Wrong.NOT_TEXT),))
    names = [name.strip().lower() for name in lines[0]] if lines else []
    if spoiling := tuple(_spoiling(names)):
        return ContactFile((), spoiling)
    return _read(names, lines[1:], languages)


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _spoiling(names: list[str]) -> Iterator[ContactProblem]:
    """Why nothing of a file can be used."""
    for column in COLUMNS:
        if column in NEEDED and column not in names:
            yield ContactProblem(Wrong.MISSING_COLUMN, 1, column)
        if names.count(column) > 1:
            yield ContactProblem(Wrong.REPEATED_COLUMN, 1, column)


def _read(names: list[str], lines: list[list[str]], languages: Collection[str]) -> ContactFile:
    rows: list[ContactRow] = []
    problems: list[ContactProblem] = []
    seen: dict[str, set[str]] = {"reference": set(), "email": set()}
    for number, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            problems.append(ContactProblem(Wrong.BROKEN_ROW, number))
            continue
        row = _row(number, dict(zip(names, cells, strict=True)))
        found = [*_faults(row, languages), *_repeated(row, seen)]
        problems += found
        if all(one.wrong.is_warning for one in found):
            rows.append(row)
    if not rows and not problems:
        problems.append(ContactProblem(Wrong.NO_ROWS))
    return ContactFile(tuple(rows), tuple(problems))


def _row(number: int, cells: dict[str, str]) -> ContactRow:
    reference, address, mobile, language = (cells.get(name, "").strip() for name in COLUMNS)
    return ContactRow(number, reference, address, _FILLING.sub("", mobile), language or "en")


def _faults(row: ContactRow, languages: Collection[str]) -> Iterator[ContactProblem]:
    checks = (
        (not row.reference, Wrong.NO_REFERENCE, "reference"),
        (len(row.reference) > LONGEST_REFERENCE, Wrong.LONG_REFERENCE, "reference"),
        (not is_address(row.address), Wrong.NO_ADDRESS, "email"),
        (len(row.address) > LONGEST_ADDRESS, Wrong.LONG_ADDRESS, "email"),
        (bool(row.mobile) and not _NUMBER.fullmatch(row.mobile), Wrong.NO_NUMBER, "mobile"),
        (row.language not in languages, Wrong.NO_LANGUAGE, "language"),
    )
    for is_wrong, wrong, column in checks:
        if is_wrong:
            yield ContactProblem(wrong, row.row, column)


def _repeated(row: ContactRow, seen: dict[str, set[str]]) -> Iterator[ContactProblem]:
    said = (
        ("reference", row.reference, Wrong.SAME_REFERENCE),
        ("email", row.address.lower(), Wrong.SAME_ADDRESS),
    )
    for column, value, wrong in said:
        if value and value in seen[column]:
            yield ContactProblem(wrong, row.row, column)
        seen[column].add(value)
