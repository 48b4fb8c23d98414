"""Which codes of the SSDA903 return belong to which collection year.

In: a column and a code, as they pass by while a return is read. Out: the collection years that the
codes of a file have in common. No code is kept, and none decides who is asked: a file whose codes
no single year has together was put together wrongly, and that is worth saying.

A collection year is named by the year in which it begins: 2024 is April 2024 to March 2025.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from surveys.inspections.return_problems import Kind

Years = tuple[int, int]
FIRST, LAST = 0, 9999
ALWAYS: Years = (FIRST, LAST)
IN_TOUCH = frozenset({"YES", "NO", "DIED", "REFU", "NREQ", "RHOM"})
_APRIL = 4


def _codes(years: Years, words: str) -> dict[str, Years]:
    return dict.fromkeys(words.split(), years)


_BY_COLUMN = {
    "SEX": {**_codes((FIRST, 2023), "1 2"), **_codes((2024, LAST), "M F U")},
    "PLACE": {
        **_codes(ALWAYS, "A3 A4 A5 A6 K1 K2 P1 P3 R1 R2 R3 R5 S1 T0 T1 T2 T3 T4"),
        **_codes(ALWAYS, "U1 U2 U3 U4 U5 U6"),
        **_codes((FIRST, 2024), "H5 P2 Z1"),
        **_codes((2024, LAST), "K3"),
        **_codes((2025, LAST), "Z11 Z12 Z13 Z14"),
    },
    "PLACE_PROVIDER": _codes(ALWAYS, "PR0 PR1 PR2 PR3 PR4 PR5"),
    "IN_TOUCH": dict.fromkeys(IN_TOUCH, ALWAYS),
}


@dataclass(slots=True)
class YearsOfAFile:
    """The collection years that all codes of one file met so far belong to."""

    first: int = FIRST
    last: int = LAST
    columns: set[str] = field(default_factory=set)

    def take(self, column: str, code: str) -> Kind | None:
        """Note a code; what is wrong with it, if it is a code of no year. A blank is none."""
        if not code:
            return None
        years = _BY_COLUMN[column].get(code.upper())
        if years is None:
            return Kind.NO_SUCH_CODE
        if years != ALWAYS:
            self.columns.add(column)
        self.first, self.last = max(self.first, years[0]), min(self.last, years[1])
        return None

    @property
    def disagree(self) -> bool:
        """Whether no single collection year has all these codes."""
        return self.first > self.last

    @property
    def words(self) -> str:
        """The years in words; empty when every year has these codes, or none."""
        if self.disagree or (self.first, self.last) == ALWAYS:
            return ""
        if self.first == self.last:
            return year_name(self.first)
        if self.first == FIRST:
            return f"{year_name(self.last)} or before"
        return f"{year_name(self.first)} or after" if self.last == LAST else self._both()

    def _both(self) -> str:
        return f"{year_name(self.first)} to {year_name(self.last)}"


def collection_year(day: date) -> int:
    """The collection year that a day falls into."""
    return day.year if day.month >= _APRIL else day.year - 1


def year_name(year: int) -> str:
    """A collection year as it is written: 2024-25."""
    return f"{year}-{(year + 1) % 100:02}"
