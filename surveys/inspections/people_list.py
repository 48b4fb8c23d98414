"""Reads a list of adults to be asked: staff, social workers, partners, carers, parents.

In: a CSV file and the versions that the survey has. Out: references with a version each, or every
fault of the list. Names and addresses never come in this way: a list with a column for them is
refused as a whole, and a reference that looks like one is a fault. Teams and organisations are
counted for the report and let go.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from surveys.inspections.people_faults import ListFault, Wrong
from surveys.inspections.return_file import UnusableFile, read_records

MOST_PEOPLE = 20_000
_COLUMNS = {
    "reference": "reference",
    "ref": "reference",
    "version": "version",
    "audience": "version",
    "role": "role",
    "team": "team",
    "setting": "team",
    "team or setting": "team",
    "organisation": "organisation",
    "organization": "organisation",
}
_CONTACT = re.compile(
    r"\b(name|forename|surname|firstname|lastname|fullname|e ?mail|mail|phone|mobile|tel|telephone"
    r"|address|postcode|post code|street|town|birth|dob|born|nhs|insurance|nino|swe|swe no"
    r"|registration|contact|username|login|manager)\b"
)
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,35}")
_FORMULA = re.compile(r"[=+@\t\r-]")
_TELEPHONE = re.compile(r"(?:00?44|0)\d{9,10}")
_REGISTRATION = re.compile(r"SW[ -]?\d{4,7}", re.IGNORECASE)  # public, so as good as a name
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list as read: reference and version of everybody, or the faults because of which nobody."""

    file: str
    people: tuple[tuple[str, str], ...] = ()
    faults: tuple[ListFault, ...] = ()
    by_version: dict[str, int] = field(default_factory=dict)
    teams: int = 0
    organisations: int = 0

    @property
    def refused(self) -> bool:
        """Whether nobody of this list may be imported: one fault is enough."""
        return any(not fault.wrong.is_warning for fault in self.faults)


@dataclass(slots=True)
class _Listing:
    """What has been read so far."""

    file: str
    versions: tuple[str, ...]
    people: dict[str, str] = field(default_factory=dict)
    faults: list[ListFault] = field(default_factory=list)
    teams: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)

    def note(self, wrong: Wrong, row: int, column: str = "") -> None:
        """Remember a fault."""
        self.faults.append(ListFault(wrong, self.file, row, column))

    def take(self, number: int, cells: dict[str, str]) -> None:
        """One row: a person, or what is wrong with it."""
        formulas = [name for name, cell in cells.items() if _FORMULA.match(cell)]
        too_long = [name for name, cell in cells.items() if len(cell) > _LONGEST]
        for wrong, names in ((Wrong.FORMULA, formulas), (Wrong.TOO_LONG, too_long)):
            for name in names:
                self.note(wrong, number, name)
        version = self._version(number, cells)
        if formulas or too_long or not self._is_reference(number, cells["reference"]):
            return
        if version:
            self._add(number, cells["reference"], version)
            self.teams.add(cells.get("team", ""))
            self.organisations.add(cells.get("organisation", ""))

    def _is_reference(self, number: int, reference: str) -> bool:
        tests = (
            (not reference, Wrong.NO_REFERENCE),
            ("@" in reference, Wrong.ADDRESS),
            (bool(_TELEPHONE.fullmatch(reference)), Wrong.ADDRESS),
            (bool(_REGISTRATION.fullmatch(reference)), Wrong.REGISTRATION),
            (not _REFERENCE.fullmatch(reference), Wrong.NOT_A_REFERENCE),
        )
        wrong = next((wrong for holds, wrong in tests if holds), None)
        if wrong:
            self.note(wrong, number, "reference")
        return wrong is None

    def _version(self, number: int, cells: dict[str, str]) -> str:
        """The version; a role stands for it only where there are several and no column says it."""
        said = cells.get("version", "")
        if not said and len(self.versions) == 1:
            return self.versions[0]
        said = said or cells.get("role", "")
        known = {version.casefold(): version for version in self.versions}
        found = known.get(said.casefold(), "")
        if not found:
            self.note(Wrong.OTHER_VERSION if said else Wrong.NO_VERSION, number, "version")
        return found

    def _add(self, number: int, reference: str, version: str) -> None:
        known = self.people.get(reference)
        if known is None:
            self.people[reference] = version
        else:
            self.note(Wrong.TWICE if known == version else Wrong.TWO_VERSIONS, number, "reference")


def read_people(path: Path, versions: Collection[str]) -> ReadList:
    """Read a list as far as it can be read. Never raises for what a file may hold."""
    listing = _Listing(path.name, tuple(versions))
    try:
        records = read_records(path)
        first, heading = next(records)
        columns = _columns(listing, first, heading)
        if not listing.faults:
            for number, record in islice(records, MOST_PEOPLE):
                _take(listing, number, record, columns, len(heading))
            if next(records, None):
                listing.note(Wrong.TOO_MANY, 0)
    except UnusableFile as unusable:
        faults = tuple(ListFault.of(problem) for problem in unusable.problems)
        return ReadList(path.name, faults=faults)
    return _read(listing)


def _read(listing: _Listing) -> ReadList:
    read = ReadList(
        listing.file,
        tuple(listing.people.items()),
        tuple(listing.faults),
        dict(Counter(listing.people.values())),
        len(listing.teams - {""}),
        len(listing.organisations - {""}),
    )
    return ReadList(listing.file, faults=read.faults) if read.refused else read


def _take(
    listing: _Listing, number: int, record: list[str], columns: dict[str, int], width: int
) -> None:
    too_short = len(record) <= max(columns.values())
    if too_short or any(cell.strip() for cell in record[width:]):
        listing.note(Wrong.BROKEN_ROW, number)
    else:
        listing.take(number, {name: record[at].strip() for name, at in columns.items()})


def _columns(listing: _Listing, row: int, heading: list[str]) -> dict[str, int]:
    """Where each known column stands. Any other column is a fault, whatever it holds."""
    found: dict[str, int] = {}
    for at, cell in enumerate(heading):
        plain = " ".join(re.findall(r"[a-z0-9]+", cell.casefold()))
        name = _COLUMNS.get(plain)
        if name is None and cell.strip():  # its words may be data: say where, never what
            is_contact = _CONTACT.search(plain) or "@" in cell
            wrong = Wrong.CONTACT_COLUMN if is_contact else Wrong.OTHER_COLUMN
            listing.note(wrong, row, f"column {at + 1}")
        elif name is None:
            continue
        elif name in found:
            listing.note(Wrong.REPEATED_COLUMN, row, name)
        else:
            found[name] = at
    if "reference" not in found:
        listing.note(Wrong.NO_REFERENCE_COLUMN, row)
    return found
