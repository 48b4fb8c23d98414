"""Reads Lists 8 and 9 of an Annex A workbook into the same Return as an SSDA903 return.

In: a path. Out: a Return. List 8 (children looked after, now or within the last months) makes the
cohorts; List 9 (care leavers) can only stop an invitation. A list is known by its columns, wherever
its heading row stands and whatever its sheet is called. Every other column is let go here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from surveys.inspections.annex_a_words import ending_code, in_touch_code, legal_status_code
from surveys.inspections.return_file import UnusableFile, read_date
from surveys.inspections.return_problems import Kind, Problem
from surveys.inspections.ssda903 import Place, Return
from surveys.inspections.workbook import Cell, Sheet, open_sheets

_HEADING_WITHIN = 30  # rows from the top: titles, dates and merged cells may stand above it
CHILD, BORN, BEGAN = "Child Unique ID", "Date of Birth", "Date Started to be Looked After"
STATUS, ENDED = "Child's Legal Status", "Date Ceased to be Looked After"
REASON, IN_TOUCH = "Reason Ceased to be Looked After", "LA in Touch"
_LIST_8 = (CHILD, BORN, BEGAN, STATUS, ENDED, REASON)
_LIST_9 = (CHILD, BORN, IN_TOUCH)
_ONLY_IN_LIST_8, _ONLY_IN_LIST_9 = BEGAN, IN_TOUCH
_COLUMNS = {
    "CHILD": CHILD,
    "DOB": BORN,
    "DECOM": BEGAN,
    "DEC": ENDED,
    "REC": REASON,
    "IN_TOUCH": IN_TOUCH,
}
_ALSO_CALLED = {
    "child id": CHILD,
    "unique child id": CHILD,
    "childs unique id": CHILD,
    "child unique identifier": CHILD,
    "dob": BORN,
    "childs date of birth": BORN,
    "date started looked after": BEGAN,
    "date child started to be looked after": BEGAN,
    "legal status": STATUS,
    "date ceased looked after": ENDED,
    "date child ceased to be looked after": ENDED,
    "reason ceased looked after": REASON,
    "reason child ceased to be looked after": REASON,
    "local authority in touch": IN_TOUCH,
    "in touch": IN_TOUCH,
}
_APOSTROPHES = str.maketrans("", "", "'\u2018\u2019\u02bc`")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_DAY_0, _DAY_0_FROM_1904 = date(1899, 12, 30), date(1904, 1, 1)
_PLAUSIBLE = (date(1980, 1, 1), date(2100, 1, 1))


@dataclass(frozen=True, slots=True)
class _List:
    """A list that was found: its sheet, the rows below its heading, and where its columns are."""

    sheet: Sheet
    heading: int
    columns: Mapping[str, int]

    def rows(self) -> Iterator[tuple[Place, dict[str, Cell]]]:
        """The rows that say anything in a column that is needed."""
        for number, cells in self.sheet.rows():
            if number <= self.heading:
                continue
            row = {
                name: cells[at] if at < len(cells) else Cell("")
                for name, at in self.columns.items()
            }
            if any(cell.text or cell.fault for cell in row.values()):
                yield Place(self.sheet.file, number, f"{self.sheet.name.strip()}, row"), row


def read_annex_a(path: Path) -> Return:
    """Read Lists 8 and 9 as far as they can be read. Never raises for what a file may hold."""
    read = Return((path.name,), names=_COLUMNS)
    try:
        sheets = open_sheets(path)
        looked_after = _the_one(sheets, _LIST_8, _ONLY_IN_LIST_8, path.name)
        if looked_after is None:
            raise UnusableFile(Problem(Kind.NO_LIST, path.name))
        leavers = _the_one(sheets, _LIST_9, _ONLY_IN_LIST_9, path.name)
        for place, row in looked_after.rows():
            _take_child(read, place, row, looked_after.sheet.from_1904)
        for place, row in leavers.rows() if leavers else ():
            _take_leaver(read, place, row, leavers)
    except UnusableFile as unusable:
        read.problems.extend(unusable.problems)
    return read


def heading_of(text: str) -> str:
    """A heading without what differs from file to file: case, blanks, quotes and brackets."""
    plain = text.translate(_APOSTROPHES).casefold()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


_NAMES = {heading_of(name): name for name in {*_LIST_8, *_LIST_9}} | _ALSO_CALLED


def _the_one(
    sheets: tuple[Sheet, ...], wanted: tuple[str, ...], telling: str, file: str
) -> _List | None:
    """The one sheet with a list; None if there is none. Raises UnusableFile for several, or when
    columns are missing from the one that is meant."""
    found = [one for sheet in sheets if (one := _heading_in(sheet, wanted, telling))]
    if len(found) > 1:
        names = ", ".join(one.sheet.name.strip() for one in found)
        raise UnusableFile(Problem(Kind.SEVERAL_LISTS, file, None, names))
    for one in found:
        missing = [name for name in wanted if name not in one.columns]
        if missing:
            unit = f"{one.sheet.name.strip()}, row"
            raise UnusableFile(
                *(Problem(Kind.MISSING_COLUMN, file, one.heading, name, unit) for name in missing)
            )
    return found[0] if found else None


def _heading_in(sheet: Sheet, wanted: tuple[str, ...], telling: str) -> _List | None:
    for number, cells in islice(sheet.rows(), _HEADING_WITHIN):
        names = [_NAMES.get(heading_of(cell.text)) for cell in cells]
        if CHILD not in names or telling not in names:
            continue
        twice = [name for name in wanted if names.count(name) > 1]
        if twice:
            unit = f"{sheet.name.strip()}, row"
            raise UnusableFile(
                *(Problem(Kind.REPEATED_COLUMN, sheet.file, number, name, unit) for name in twice)
            )
        return _List(sheet, number, {name: names.index(name) for name in wanted if name in names})
    return None


def _take_child(read: Return, place: Place, row: dict[str, Cell], from_1904: bool) -> None:
    fault = _note_faults(read, place, row)
    identifier = row[CHILD].text
    began, ended = (_day(row[name].text, from_1904) for name in (BEGAN, ENDED))
    _take_birth(read, place, identifier, row[BORN], from_1904)
    status, ending = legal_status_code(row[STATUS].text), ending_code(row[REASON].text)
    if not status and not row[STATUS].fault:
        read.note(Kind.LEGAL_STATUS_NOT_KNOWN, place, STATUS)
    if ended and not ending and not row[REASON].fault:
        read.note(Kind.ENDING_NOT_KNOWN, place, REASON)
    unclear = "E?" if ended or row[REASON].text else ""  # left, and nobody knows how: ask
    if fault and identifier:
        read.child(identifier).has_unusable_row = True
    read.take_episode(place, (identifier, began, ended, status, ending or unclear))


def _take_leaver(read: Return, place: Place, row: dict[str, Cell], found: _List | None) -> None:
    _note_faults(read, place, row)
    identifier = row[CHILD].text
    from_1904 = bool(found and found.sheet.from_1904)
    _take_birth(read, place, identifier, row[BORN], from_1904)
    if identifier:
        read.child(identifier).is_on_leavers_list = True
        read.take_in_touch(place, identifier, in_touch_code(row[IN_TOUCH].text))


def _take_birth(read: Return, place: Place, identifier: str, born: Cell, from_1904: bool) -> None:
    """A child may stand in several rows and in both lists; only different dates are a problem."""
    day = _day(born.text, from_1904)
    known = read.children.get(identifier)
    if known and known.in_header and known.date_of_birth == read_date(day):
        return
    read.take_header(place, identifier, day)


def _note_faults(read: Return, place: Place, row: dict[str, Cell]) -> bool:
    """Whether a cell that decides something holds an error, or a formula without its result."""
    faults = {name: cell.fault for name, cell in row.items() if cell.fault}
    for name, fault in faults.items():
        read.note(fault, place, name)
    return bool(faults)


def _day(text: str, from_1904: bool) -> str:
    """A date as text; a spreadsheet's number of a day becomes the day, if it can be one."""
    found = _SERIAL.fullmatch(text)
    if not found:
        return text
    day = (_DAY_0_FROM_1904 if from_1904 else _DAY_0) + timedelta(days=int(found[1]))
    return day.isoformat() if _PLAUSIBLE[0] <= day < _PLAUSIBLE[1] else text
