"""What can be wrong with a list of contacts: row, what is wrong, what to do.

In: findings of the reader and the importer. Out: words. The value of a cell is never repeated,
because these words go to screens and files that addresses must not reach.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Wrong(StrEnum):
    """Every kind of problem, in words; the part after the bar says what to do."""

    WORKBOOK = "this is an Excel workbook|Save the sheet as CSV UTF-8."
    NOT_TEXT = "this is not a text file|Save the table as CSV UTF-8."
    NO_ROWS = "the file holds no rows|Export it again with all its rows."
    MISSING_COLUMN = "this column is missing from the first row|Name the columns as documented."
    REPEATED_COLUMN = "this column stands twice|Remove one of the two."
    BROKEN_ROW = "the row has more or fewer cells than the first|Look for a stray separator."
    NO_REFERENCE = "no reference|Fill it in or remove the row."
    LONG_REFERENCE = "the reference is longer than 60 characters|Use a shorter one."
    SAME_REFERENCE = "the reference stands in an earlier row|Keep the row that is right."
    NO_ADDRESS = "this is no mail address|Write one address and nothing else."
    LONG_ADDRESS = "the mail address is longer than 254 characters|Ask for another one."
    SAME_ADDRESS = "the address stands in an earlier row, too|Both get mail; is that meant?"
    NO_NUMBER = "this is no telephone number|Write digits, or leave it empty."
    NO_LANGUAGE = "the survey is not offered in this language|Write one that is, or leave it empty."
    UNKNOWN = "nobody of this reference is invited|Check the reference, or issue codes first."
    HAS_A_CARD = "this person has a card, not a link|Give them their card, or ask for a link."
    NONE_LEFT = "no invitation is left|Issue more with `invitations issue --links`."

    @property
    def words(self) -> str:
        """What is wrong."""
        return self.value.partition("|")[0]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return self.value.partition("|")[2]

    @property
    def is_warning(self) -> bool:
        """Whether the row is used all the same."""
        return self is Wrong.SAME_ADDRESS


@dataclass(frozen=True, slots=True)
class ContactProblem:
    """One thing wrong. ``row`` counts as a spreadsheet does: the column names are row 1."""

    wrong: Wrong
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        """One line: where, what, what to do."""
        place = ", ".join(filter(None, (f"row {self.row}" if self.row else "", self.column)))
        return f"{place or 'the file'}: {self.wrong.words}. {self.wrong.advice}"


def write_contact_problems(problems: Iterable[ContactProblem], path: Path) -> None:
    """Every problem as one row of a CSV file. Raises FileExistsError over another file."""
    rows = [
        [one.row or "", one.column, one.wrong.name.lower(), one.wrong.words, one.wrong.advice]
        for one in problems
    ]
    write_rows(path, ["row", "column", "kind", "what is wrong", "what to do"], rows)


def write_rows(path: Path, names: list[str], rows: Iterable[Iterable[object]]) -> None:
    """A CSV file that its owner alone can read. Raises FileExistsError over another file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows)
