"""Reads the header and episodes files of an SSDA903 return, and of OC3 whether to stay away.

In: paths of CSV files. Out: per child a date of birth and episodes (DECOM, DEC, LS, REC), and the
problems met. Nothing else of a return is kept: no UPN, postcode, need, score or conviction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from surveys.inspections.return_file import Row, UnusableFile, read_date, read_rows
from surveys.inspections.return_problems import Kind, Problem

_HEADER = ("CHILD", "DOB")
_EPISODES = ("CHILD", "DECOM", "DEC", "LS", "REC")
_OC3 = ("CHILD", "IN_TOUCH")


class Episode(NamedTuple):
    """A stretch of care under one legal status in one placement. ``ending`` is the REC code."""

    began: date
    ended: date | None
    legal_status: str
    ending: str


@dataclass(slots=True)
class Child:
    """What the return says of one child, as far as eligibility needs it."""

    date_of_birth: date | None = None
    in_header: bool = False
    episodes: list[Episode] = field(default_factory=list)
    first_row: int = 0
    has_unusable_row: bool = False
    in_touch: str = ""


@dataclass
class Return:
    """A return as read: children by identifier, how many rows, and everything that was wrong."""

    header: str
    episodes: str
    children: dict[str, Child] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    episode_rows: int = 0
    unusable_episode_rows: int = 0

    def child(self, identifier: str) -> Child:
        """The child with this identifier, made known if it was not."""
        return self.children.setdefault(identifier, Child())

    def note(self, kind: Kind, file: str, row: int, column: str | None = None) -> None:
        """Remember a problem."""
        self.problems.append(Problem(kind, file, row, column))


def read_return(header: Path, episodes: Path, oc3: Path | None = None) -> Return:
    """Read a return as far as it can be read. Never raises for what a file may hold."""
    read = Return(header.name, episodes.name)
    for reading in (_read_header(read, header), _read_episodes(read, episodes)):
        _run(read, reading)
    if oc3 is not None:
        _run(read, _read_oc3(read, oc3))
    _note_children_without_header(read)
    return read


def _run(read: Return, reading: Iterator[None]) -> None:
    try:
        for _ in reading:
            pass
    except UnusableFile as unusable:
        read.problems.extend(unusable.problems)


def _read_header(read: Return, path: Path) -> Iterator[None]:
    for row in read_rows(path, _HEADER):
        if row.cells is None:
            read.note(Kind.BROKEN_ROW, path.name, row.number)
        elif not row.cells[0]:
            read.note(Kind.BLANK_CHILD, path.name, row.number, "CHILD")
        else:
            _take_header_row(read, path.name, row.number, *row.cells)
        yield


def _take_header_row(read: Return, file: str, number: int, identifier: str, text: str) -> None:
    given = read_date(text)
    born = None if isinstance(given, Kind) else given
    if isinstance(given, Kind):
        read.note(given, file, number, "DOB")
    child = read.child(identifier)
    if child.in_header:
        same = child.date_of_birth == born
        kind = Kind.DUPLICATE_CHILD if same else Kind.DIFFERENT_DATES_OF_BIRTH
        read.note(kind, file, number, "CHILD" if same else "DOB")
        born = born if same else None
    child.in_header = True
    child.date_of_birth = born


def _read_episodes(read: Return, path: Path) -> Iterator[None]:
    for row in read_rows(path, _EPISODES):
        read.episode_rows += 1
        if not _take_episode_row(read, path.name, row):
            read.unusable_episode_rows += 1
        yield


def _take_episode_row(read: Return, file: str, row: Row) -> bool:
    """Add the row to its child. False when it cannot be used, and then its child is marked."""
    if row.cells is None:
        read.note(Kind.BROKEN_ROW, file, row.number)
        return False
    if not row.cells[0]:
        read.note(Kind.BLANK_CHILD, file, row.number, "CHILD")
        return False
    child = read.child(row.cells[0])
    child.first_row = child.first_row or row.number
    episode = _episode(read, file, row.number, row.cells)
    if episode is None:
        child.has_unusable_row = True
        return False
    child.episodes.append(episode)
    return True


def _episode(read: Return, file: str, number: int, cells: tuple[str, ...]) -> Episode | None:
    _, start, end, legal_status, ending = cells
    began, ended = read_date(start), read_date(end)
    if isinstance(began, Kind):
        read.note(began, file, number, "DECOM")
        return None
    if isinstance(ended, Kind) and ended is not Kind.BLANK_DATE:
        read.note(ended, file, number, "DEC")
        return None
    until = ended if isinstance(ended, date) else None
    if until is not None and until < began:
        read.note(Kind.ENDS_BEFORE_START, file, number, "DEC")
        return None
    episode = Episode(began, until, legal_status.upper(), ending.upper())
    _warn_of_half_an_ending(read, file, number, episode)
    return episode


def _warn_of_half_an_ending(read: Return, file: str, number: int, episode: Episode) -> None:
    if episode.ended is None and episode.ending not in ("", "X1"):
        read.note(Kind.ENDING_WITHOUT_DATE, file, number, "DEC")
    elif episode.ended is not None and not episode.ending:
        read.note(Kind.DATE_WITHOUT_ENDING, file, number, "REC")


def _read_oc3(read: Return, path: Path) -> Iterator[None]:
    """Only for children whom the return names: OC3 can stop an invitation, never cause one."""
    for row in read_rows(path, _OC3):
        if row.cells is None:
            read.note(Kind.BROKEN_ROW, path.name, row.number)
        elif row.cells[0] in read.children:
            child = read.children[row.cells[0]]
            child.in_touch = max(child.in_touch, row.cells[1].upper(), key=_gravity)
        yield


def _gravity(in_touch: str) -> int:
    """Of several rows for one child the one that stops an invitation counts."""
    return {"DIED": 3, "REFU": 2, "": 0}.get(in_touch, 1)


def _note_children_without_header(read: Return) -> None:
    for child in read.children.values():
        if not child.in_header:
            read.note(Kind.CHILD_NOT_IN_HEADER, read.episodes, child.first_row, "CHILD")
