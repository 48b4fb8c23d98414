"""What can be wrong with a list of adults: where, what, and what to do.

In: findings of the reader. Out: words and a CSV file of them. A value of a cell is never repeated,
because the worst fault of such a list is that it holds names.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from surveys.inspections.return_problems import Problem


class Words(Protocol):
    """What a fault says, whichever list of faults it is from."""

    @property
    def value(self) -> str:
        """Its name."""

    @property
    def wrong(self) -> str:
        """What is wrong."""

    @property
    def advice(self) -> str:
        """What to do about it."""

    @property
    def is_warning(self) -> bool:
        """Whether the row is used all the same."""


class Wrong(StrEnum):
    """Every kind of fault. The first group is about columns, the second about rows."""

    NO_REFERENCE_COLUMN = "no_reference_column"
    CONTACT_COLUMN = "contact_column"
    OTHER_COLUMN = "other_column"
    REPEATED_COLUMN = "repeated_column"
    BROKEN_ROW = "broken_row"
    TOO_MANY = "too_many"
    NO_REFERENCE = "no_reference"
    NOT_A_REFERENCE = "not_a_reference"
    ADDRESS = "address"
    REGISTRATION = "registration"
    TWICE = "twice"
    TWO_VERSIONS = "two_versions"
    NO_VERSION = "no_version"
    OTHER_VERSION = "other_version"
    FORMULA = "formula"
    TOO_LONG = "too_long"

    @property
    def wrong(self) -> str:
        """What is wrong, in words."""
        return _WORDS[self][0]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return _WORDS[self][1]

    @property
    def is_warning(self) -> bool:
        """Whether the row is used all the same."""
        return self is Wrong.TWICE


_WORDS = {
    Wrong.NO_REFERENCE_COLUMN: (
        "there is no column called reference",
        "Add one: a number or code for each person that only the council can read.",
    ),
    Wrong.CONTACT_COLUMN: (
        "this column looks like a name, an address or a number that leads to a person",
        "Remove it. Addresses come in a file of their own: flask invitations contacts.",
    ),
    Wrong.OTHER_COLUMN: (
        "this column is not known",
        "Keep only reference, version, role, team (or setting) and organisation.",
    ),
    Wrong.REPEATED_COLUMN: ("this column stands twice", "Remove one of the two columns."),
    Wrong.BROKEN_ROW: (
        "the row has more or fewer cells than the first row",
        "Look for a separator or a line break inside a cell.",
    ),
    Wrong.TOO_MANY: ("the list is longer than any council's", "Give the list of one council only."),
    Wrong.NO_REFERENCE: ("no reference", "Fill it in or remove the row."),
    Wrong.NOT_A_REFERENCE: (
        "the reference has blanks or signs that none has; it may be a name",
        "Use letters and digits, with . _ / - between them, 36 at most.",
    ),
    Wrong.ADDRESS: (
        "the reference looks like an e-mail address or a telephone number",
        "Use a reference that leads nowhere. Addresses come in a file of their own: flask "
        "invitations contacts.",
    ),
    Wrong.REGISTRATION: (
        "the reference looks like a number of Social Work England's register, which anybody can "
        "look up",
        "Use a reference of the council's own.",
    ),
    Wrong.TWICE: ("the reference stands in the list already", "Remove one of the two rows."),
    Wrong.TWO_VERSIONS: (
        "the reference stands in the list already, with another version",
        "Keep the row that is right.",
    ),
    Wrong.NO_VERSION: ("no version", "Say which version of the survey this person is asked."),
    Wrong.OTHER_VERSION: (
        "the survey has no such version",
        "Write a version as the survey calls it.",
    ),
    Wrong.FORMULA: (
        "the cell begins like a formula",
        "Write the value itself, not beginning with = + - @.",
    ),
    Wrong.TOO_LONG: ("the cell is far too long", "Look for a separator that was lost."),
}


@dataclass(frozen=True, slots=True)
class ListFault:
    """One thing wrong in one place of a list. The row counts as a spreadsheet does."""

    wrong: Words
    file: str
    row: int = 0
    column: str = ""

    @classmethod
    def of(cls, problem: Problem) -> ListFault:
        """The same of a file that could not be read at all."""
        return cls(problem.kind, problem.file, problem.row or 0, problem.column or "")

    def __str__(self) -> str:
        """One line: where, what is wrong, what to do."""
        row = f"row {self.row}" if self.row else ""
        place = ", ".join(part for part in (self.file, row, self.column) if part)
        return f"{place}: {self.wrong.wrong}. {self.wrong.advice}"


def write_faults(faults: Iterable[ListFault], path: Path) -> None:
    """Every fault as one row of a CSV file that opens in a spreadsheet."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "row", "column", "kind", "what is wrong", "what to do"])
        for fault in faults:
            wrong = fault.wrong
            place = [fault.file, fault.row or None, fault.column]
            writer.writerow([*place, wrong.value, wrong.wrong, wrong.advice])
