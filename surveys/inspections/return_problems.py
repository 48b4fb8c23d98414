"""What can be wrong with a return: file, row, column, what is wrong, and what to do.

In: findings of the reader. Out: words and counts. A value of a cell is never repeated, because
these words go to screens and files that the return itself must not reach.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TextIO


class Kind(StrEnum):
    """Every kind of problem; the first group makes a file unusable as a whole."""

    NO_SUCH_FILE = "no_such_file"
    EMPTY_FILE = "empty_file"
    WORKBOOK = "workbook"
    NOT_TEXT = "not_text"
    BROKEN_QUOTES = "broken_quotes"
    MISSING_COLUMN = "missing_column"
    REPEATED_COLUMN = "repeated_column"
    BROKEN_ROW = "broken_row"
    BLANK_CHILD = "blank_child"
    BLANK_DATE = "blank_date"
    UNREADABLE_DATE = "unreadable_date"
    TWO_DIGIT_YEAR = "two_digit_year"
    ENDS_BEFORE_START = "ends_before_start"
    CHILD_NOT_IN_HEADER = "child_not_in_header"
    DIFFERENT_DATES_OF_BIRTH = "different_dates_of_birth"
    DUPLICATE_CHILD = "duplicate_child"
    ENDING_WITHOUT_DATE = "ending_without_date"
    DATE_WITHOUT_ENDING = "date_without_ending"

    @property
    def wrong(self) -> str:
        """What is wrong, in words."""
        return _WORDS[self][0]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return _WORDS[self][1]

    @property
    def spoils_file(self) -> bool:
        """Whether nothing of the file can be used."""
        return self in _SPOILING

    @property
    def is_warning(self) -> bool:
        """Whether the row is used all the same."""
        return self in _WARNINGS


_SPOILING = frozenset(
    {
        Kind.NO_SUCH_FILE,
        Kind.EMPTY_FILE,
        Kind.WORKBOOK,
        Kind.NOT_TEXT,
        Kind.BROKEN_QUOTES,
        Kind.MISSING_COLUMN,
        Kind.REPEATED_COLUMN,
    }
)
_WARNINGS = frozenset({Kind.DUPLICATE_CHILD, Kind.ENDING_WITHOUT_DATE, Kind.DATE_WITHOUT_ENDING})

_WORDS = {
    Kind.NO_SUCH_FILE: ("the file cannot be opened", "Check the name and who may read it."),
    Kind.EMPTY_FILE: ("the file holds no rows", "Export it again with all its rows."),
    Kind.WORKBOOK: ("this is an Excel workbook", "Save the sheet as CSV UTF-8."),
    Kind.NOT_TEXT: ("this is not a text file", "Save the table as CSV UTF-8."),
    Kind.BROKEN_QUOTES: (
        "a quotation mark is not closed, or stands inside a cell",
        "Export the file again; the rows from here on cannot be told apart.",
    ),
    Kind.MISSING_COLUMN: (
        "this column is missing from the first row",
        "Export the file with the column names of the SSDA903 return.",
    ),
    Kind.REPEATED_COLUMN: ("this column stands twice", "Remove one of the two columns."),
    Kind.BROKEN_ROW: (
        "the row has more or fewer cells than the first row",
        "Look for a separator or a line break inside a cell.",
    ),
    Kind.BLANK_CHILD: ("no child identifier", "Fill in the identifier or remove the row."),
    Kind.BLANK_DATE: ("no date", "Fill in the date."),
    Kind.UNREADABLE_DATE: ("the date cannot be read", "Write it as day/month/year: 31/03/2026."),
    Kind.TWO_DIGIT_YEAR: (
        "the year has two digits, which could mean two centuries",
        "Write the year with four digits: 31/03/2026.",
    ),
    Kind.ENDS_BEFORE_START: ("the episode ends before it starts", "Correct DECOM or DEC."),
    Kind.CHILD_NOT_IN_HEADER: (
        "the child is not in the header file: no date of birth",
        "Export both files for the same period and the same children.",
    ),
    Kind.DIFFERENT_DATES_OF_BIRTH: (
        "the child stands in the header file again, with another date of birth",
        "Keep the row that is right; until then neither date is used.",
    ),
    Kind.DUPLICATE_CHILD: (
        "the child stands in the header file again",
        "Remove one of the two rows; both say the same date of birth.",
    ),
    Kind.ENDING_WITHOUT_DATE: (
        "a reason for leaving, but no end date: taken as open",
        "Fill in DEC, or clear REC.",
    ),
    Kind.DATE_WITHOUT_ENDING: (
        "an end date, but no reason: not taken as leaving care",
        "Fill in REC.",
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place. ``row`` counts as a spreadsheet does: column names are 1."""

    kind: Kind
    file: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """One line: where, what is wrong, what to do."""
        row = f"row {self.row}" if self.row else None
        place = ", ".join(part for part in (self.file, row, self.column) if part)
        return f"{place}: {self.kind.wrong}. {self.kind.advice}"


def count_problems(problems: Iterable[Problem]) -> dict[tuple[str, Kind, str | None], int]:
    """How many of each kind, by file and column, the most frequent first."""
    counted = Counter((problem.file, problem.kind, problem.column) for problem in problems)
    return dict(counted.most_common())


def write_problems(problems: Iterable[Problem], path: Path) -> None:
    """Every problem as one row of a CSV file that opens in a spreadsheet."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        _write_rows(problems, file)


def _write_rows(problems: Iterable[Problem], file: TextIO) -> None:
    writer = csv.writer(file)
    writer.writerow(["file", "row", "column", "kind", "what is wrong", "what to do"])
    for problem in problems:
        kind = problem.kind
        writer.writerow(
            [problem.file, problem.row, problem.column, kind.value, kind.wrong, kind.advice]
        )
