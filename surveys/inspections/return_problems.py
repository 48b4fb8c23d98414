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
    TOO_LARGE = "too_large"
    NOT_A_RETURN = "not_a_return"
    OLD_WORKBOOK = "old_workbook"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    BROKEN_WORKBOOK = "broken_workbook"
    DECLARATION = "declaration"
    BROKEN_XML = "broken_xml"
    OTHER_XML = "other_xml"
    NO_LIST = "no_list"
    SEVERAL_LISTS = "several_lists"
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
    ENDING_NOT_KNOWN = "ending_not_known"
    LEGAL_STATUS_NOT_KNOWN = "legal_status_not_known"
    IN_TOUCH_NOT_KNOWN = "in_touch_not_known"
    NO_SUCH_CODE = "no_such_code"
    CODES_OF_TWO_YEARS = "codes_of_two_years"
    NO_RESULT = "no_result"
    ERROR_CELL = "error_cell"
    REPEATED_ELEMENT = "repeated_element"

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
        Kind.TOO_LARGE,
        Kind.NOT_A_RETURN,
        Kind.OLD_WORKBOOK,
        Kind.ENCRYPTED,
        Kind.MACROS,
        Kind.BROKEN_WORKBOOK,
        Kind.DECLARATION,
        Kind.BROKEN_XML,
        Kind.OTHER_XML,
        Kind.NO_LIST,
        Kind.SEVERAL_LISTS,
        Kind.WORKBOOK,
        Kind.NOT_TEXT,
        Kind.BROKEN_QUOTES,
        Kind.MISSING_COLUMN,
        Kind.REPEATED_COLUMN,
    }
)
_WARNINGS = frozenset(
    {
        Kind.DUPLICATE_CHILD,
        Kind.ENDING_WITHOUT_DATE,
        Kind.DATE_WITHOUT_ENDING,
        Kind.ENDING_NOT_KNOWN,
        Kind.LEGAL_STATUS_NOT_KNOWN,
        Kind.IN_TOUCH_NOT_KNOWN,
        Kind.NO_SUCH_CODE,
        Kind.CODES_OF_TWO_YEARS,
    }
)

_WORDS = {
    Kind.NO_SUCH_FILE: ("the file cannot be opened", "Check the name and who may read it."),
    Kind.EMPTY_FILE: ("the file holds no rows", "Export it again with all its rows."),
    Kind.TOO_LARGE: (
        "the file is larger than any return, or unpacks to something that is",
        "Export it again with the lists of one authority only.",
    ),
    Kind.NOT_A_RETURN: (
        "these files do not make one return",
        "Give a header and an episodes file (CSV), or one XML file, or one Annex A workbook.",
    ),
    Kind.OLD_WORKBOOK: ("this is a workbook of an old kind (.xls)", "Save it as .xlsx."),
    Kind.ENCRYPTED: ("the workbook has a password", "Save a copy without a password."),
    Kind.MACROS: (
        "the workbook holds macros, and a list needs none",
        "Save it as .xlsx, the kind without macros.",
    ),
    Kind.BROKEN_WORKBOOK: (
        "this workbook cannot be opened",
        "Open it in the program that made it, and save it again as .xlsx.",
    ),
    Kind.DECLARATION: (
        "the file declares a document type or entities, which no return does",
        "Do not use this file. Export the return again.",
    ),
    Kind.BROKEN_XML: (
        "the XML breaks off or is not well formed here",
        "Export the return again; do not edit it by hand.",
    ),
    Kind.OTHER_XML: (
        "this is XML, but no SSDA903 return: its outermost element is not EXPSSDA903",
        "Export the SSDA903 return of the authority as XML.",
    ),
    Kind.NO_LIST: (
        "no sheet has the columns of List 8 (children looked after)",
        "It needs Child Unique ID, Date of Birth, Date Started to be Looked After, Child's Legal "
        "Status, Date Ceased to be Looked After and Reason Ceased to be Looked After.",
    ),
    Kind.SEVERAL_LISTS: (
        "several sheets have the columns of this list",
        "Keep one of them, so that it is clear which is meant.",
    ),
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
        "the child stands in the file again, with another date of birth",
        "Keep the one that is right; until then neither date is used.",
    ),
    Kind.DUPLICATE_CHILD: (
        "the child stands in the file again",
        "Remove one of the two; both say the same date of birth.",
    ),
    Kind.ENDING_WITHOUT_DATE: (
        "a reason for leaving, but no end date: taken as open",
        "Fill in DEC, or clear REC.",
    ),
    Kind.DATE_WITHOUT_ENDING: (
        "an end date, but no reason: not taken as leaving care",
        "Fill in REC.",
    ),
    Kind.ENDING_NOT_KNOWN: (
        "the reason for leaving is missing or not in the list: a person has to be asked",
        "Write the reason with its code, as in E4A.",
    ),
    Kind.LEGAL_STATUS_NOT_KNOWN: (
        "the legal status is not in the list: not taken as short breaks",
        "Write it with its code, as in C2.",
    ),
    Kind.IN_TOUCH_NOT_KNOWN: (
        "what is said about being in touch is not in the list: a person has to be asked",
        "Write YES, NO, DIED, REFU, NREQ or RHOM.",
    ),
    Kind.NO_SUCH_CODE: (
        "no collection year has this code; it changes nothing about who is asked",
        "Look whether the columns have slipped.",
    ),
    Kind.CODES_OF_TWO_YEARS: (
        "codes that no one collection year has together",
        "Export the return for one collection year; look whether rows of two years are mixed.",
    ),
    Kind.NO_RESULT: (
        "a formula whose result is not in the file",
        "Open the workbook, let it calculate, and save it again; or paste values.",
    ),
    Kind.ERROR_CELL: ("an error such as #N/A instead of a value", "Mend the cell."),
    Kind.REPEATED_ELEMENT: (
        "an element stands twice with different contents",
        "Export the return again; do not edit it by hand.",
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place. ``row`` counts as a spreadsheet does: column names are 1.

    ``unit`` says what is counted where it is no row of a file: lines, the rows of one sheet, the
    children of an XML file.
    """

    kind: Kind
    file: str
    row: int | None = None
    column: str | None = None
    unit: str = "row"

    @property
    def place(self) -> str:
        """Which row, or element; empty when the whole file is meant."""
        return f"{self.unit} {self.row}" if self.row else ""

    def __str__(self) -> str:
        """One line: where, what is wrong, what to do."""
        place = ", ".join(part for part in (self.file, self.place, self.column) if part)
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
        row = problem.row if problem.unit == "row" else problem.place
        writer.writerow([problem.file, row, problem.column, kind.value, kind.wrong, kind.advice])
