"""What is kept of a return, and how the CSV files of an SSDA903 return are read into it.

In: paths of the header and episodes files, and of OC3 whether to stay away. Out: per child a date
of birth and episodes (DECOM, DEC, LS, REC), and the problems met. Nothing else of a return is
kept: no UPN, postcode, need, score or conviction. Sex and placement pass by to see which
collection year their codes are of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from surveys.inspections.collection_codes import IN_TOUCH, YearsOfAFile
from surveys.inspections.return_file import Row, UnusableFile, read_date, read_rows
from surveys.inspections.return_problems import Kind, Problem

_HEADER = ("CHILD", "DOB")
_EPISODES = ("CHILD", "DECOM", "DEC", "LS", "REC")
_OC3 = ("CHILD", "IN_TOUCH")
_CODED_IN_HEADER = ("SEX",)
_CODED_IN_EPISODES = ("PLACE", "PLACE_PROVIDER")
UNKNOWN = "?"
"""Stands for a word about being in touch that is in no list: then a person is asked."""


class Episode(NamedTuple):
    """A stretch of care under one legal status in one placement. ``ending`` is the REC code."""

    began: date
    ended: date | None
    legal_status: str
    ending: str


class Place(NamedTuple):
    """Where in a file something stands."""

    file: str
    number: int
    unit: str = "row"


@dataclass(slots=True)
class Child:
    """What the return says of one child, as far as eligibility needs it.

    ``in_touch`` is what a care leavers' file says, or nothing; ``is_on_leavers_list`` that the
    child stands in Annex A's list of care leavers.
    """

    date_of_birth: date | None = None
    in_header: bool = False
    episodes: list[Episode] = field(default_factory=list)
    first_row: int = 0
    has_unusable_row: bool = False
    in_touch: str = ""
    is_on_leavers_list: bool = False


@dataclass
class Return:
    """A return as read: children by identifier, how many rows, and everything that was wrong."""

    sources: tuple[str, ...]
    children: dict[str, Child] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    episode_rows: int = 0
    unusable_episode_rows: int = 0
    years: dict[str, YearsOfAFile] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def child(self, identifier: str) -> Child:
        """The child with this identifier, made known if it was not."""
        return self.children.setdefault(identifier, Child())

    def note(self, kind: Kind, place: Place, column: str | None = None) -> None:
        """Remember a problem."""
        self.problems.append(Problem(kind, place.file, place.number, column, place.unit))

    def note_in(self, kind: Kind, place: Place, column: str) -> None:
        """Remember a problem of a column of SSDA903, by the name that the file has for it."""
        self.note(kind, place, self.names.get(column, column))

    def take_header(self, place: Place, identifier: str, born: str) -> None:
        """A child's date of birth."""
        if not identifier:
            self.note_in(Kind.BLANK_CHILD, place, "CHILD")
            return
        given = read_date(born)
        if isinstance(given, Kind):
            self.note_in(given, place, "DOB")
        self._take_birth(place, self.child(identifier), None if isinstance(given, Kind) else given)

    def take_episode(self, place: Place, cells: tuple[str, ...] | None) -> None:
        """A stretch of care: CHILD, DECOM, DEC, LS, REC; None when the row is broken.

        When it cannot be used, its child is marked, so that nothing is decided by half a record.
        """
        self.episode_rows += 1
        if not self._take_episode(place, cells):
            self.unusable_episode_rows += 1

    def take_in_touch(self, place: Place, identifier: str, said: str) -> None:
        """What is said of being in touch with a care leaver, if the return names the child.

        It can stop an invitation, never cause one. Of several words the gravest counts.
        """
        child = self.children.get(identifier)
        word = said.upper()
        if child is None or not word:
            return
        if word not in IN_TOUCH:
            self.note_in(Kind.IN_TOUCH_NOT_KNOWN, place, "IN_TOUCH")
            word = UNKNOWN
        child.in_touch = max(child.in_touch, word, key=_gravity)

    def take_code(self, place: Place, column: str, code: str) -> None:
        """See which collection year a code is of, and let it go."""
        kind = self.years.setdefault(place.file, YearsOfAFile()).take(column, code)
        if kind:
            self.note(kind, place, column)

    def finish(self) -> None:
        """Note what can only be seen at the end."""
        for file, years in self.years.items():
            if years.disagree:
                column = ", ".join(sorted(years.columns))
                self.problems.append(Problem(Kind.CODES_OF_TWO_YEARS, file, None, column))

    def _take_birth(self, place: Place, child: Child, born: date | None) -> None:
        if child.in_header:
            same = child.date_of_birth == born
            kind = Kind.DUPLICATE_CHILD if same else Kind.DIFFERENT_DATES_OF_BIRTH
            self.note_in(kind, place, "CHILD" if same else "DOB")
            born = born if same else None
        child.in_header = True
        child.date_of_birth = born

    def _take_episode(self, place: Place, cells: tuple[str, ...] | None) -> bool:
        if cells is None:
            self.note(Kind.BROKEN_ROW, place)
            return False
        if not cells[0]:
            self.note_in(Kind.BLANK_CHILD, place, "CHILD")
            return False
        child = self.child(cells[0])
        child.first_row = child.first_row or place.number
        episode = self._episode(place, cells)
        if episode is None:
            child.has_unusable_row = True
            return False
        child.episodes.append(episode)
        return True

    def _episode(self, place: Place, cells: tuple[str, ...]) -> Episode | None:
        _, start, end, legal_status, ending = cells
        began, ended = read_date(start), read_date(end)
        if isinstance(began, Kind):
            self.note_in(began, place, "DECOM")
            return None
        if isinstance(ended, Kind) and ended is not Kind.BLANK_DATE:
            self.note_in(ended, place, "DEC")
            return None
        until = ended if isinstance(ended, date) else None
        if until is not None and until < began:
            self.note_in(Kind.ENDS_BEFORE_START, place, "DEC")
            return None
        episode = Episode(began, until, legal_status.upper(), ending.upper())
        self._warn_of_half_an_ending(place, episode)
        return episode

    def _warn_of_half_an_ending(self, place: Place, episode: Episode) -> None:
        if episode.ended is None and episode.ending not in ("", "X1"):
            self.note_in(Kind.ENDING_WITHOUT_DATE, place, "DEC")
        elif episode.ended is not None and not episode.ending:
            self.note_in(Kind.DATE_WITHOUT_ENDING, place, "REC")


def read_return(header: Path, episodes: Path, oc3: Path | None = None) -> Return:
    """Read a return of CSV files as far as it can be read. Never raises for what they may hold."""
    read = Return((header.name, episodes.name))
    for reading in (_read_header(read, header), _read_episodes(read, episodes)):
        _run(read, reading)
    read_care_leavers(read, oc3)
    _note_children_without_header(read, episodes.name)
    read.finish()
    return read


def read_care_leavers(read: Return, oc3: Path | None) -> None:
    """Add what an OC3 file says to a return that has been read, if there is such a file."""
    if oc3 is not None:
        _run(read, _read_oc3(read, oc3))


def _run(read: Return, reading: Iterator[None]) -> None:
    try:
        for _ in reading:
            pass
    except UnusableFile as unusable:
        read.problems.extend(unusable.problems)


def _read_header(read: Return, path: Path) -> Iterator[None]:
    for row in read_rows(path, _HEADER, _CODED_IN_HEADER):
        place = Place(path.name, row.number)
        if row.cells is None:
            read.note(Kind.BROKEN_ROW, place)
        else:
            read.take_header(place, *row.cells[: len(_HEADER)])
            _take_codes(read, place, row, _HEADER, _CODED_IN_HEADER)
        yield


def _read_episodes(read: Return, path: Path) -> Iterator[None]:
    for row in read_rows(path, _EPISODES, _CODED_IN_EPISODES):
        place = Place(path.name, row.number)
        read.take_episode(place, row.cells and row.cells[: len(_EPISODES)])
        _take_codes(read, place, row, _EPISODES, _CODED_IN_EPISODES)
        yield


def _take_codes(
    read: Return, place: Place, row: Row, needed: tuple[str, ...], coded: tuple[str, ...]
) -> None:
    if row.cells is not None:
        for column, code in zip(coded, row.cells[len(needed) :], strict=True):
            read.take_code(place, column, code)


def _read_oc3(read: Return, path: Path) -> Iterator[None]:
    for row in read_rows(path, _OC3):
        if row.cells is None:
            read.note(Kind.BROKEN_ROW, Place(path.name, row.number))
        else:
            read.take_in_touch(Place(path.name, row.number), *row.cells)
        yield


def _gravity(in_touch: str) -> int:
    """Of several words for one child the one that stops an invitation counts."""
    return {"DIED": 4, "REFU": 3, UNKNOWN: 2, "": 0}.get(in_touch, 1)


def _note_children_without_header(read: Return, file: str) -> None:
    for child in read.children.values():
        if not child.in_header:
            read.note(Kind.CHILD_NOT_IN_HEADER, Place(file, child.first_row), "CHILD")
