"""Cells and tables, before and after protection. Plain values: no pandas, no Flask, no SQL.

A withheld cell has a status and no number. Nothing downstream of protection holds a raw count.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CellStatus(StrEnum):
    """What became of a cell."""

    PUBLISHED = "published"
    PRIMARY_SUPPRESSED = "primary_suppressed"
    COMPLEMENTARY_SUPPRESSED = "complementary_suppressed"
    NETTED = "netted"  # shown only inside a net category, because its group is small
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Cell:
    """A protected cell: a count only when published."""

    status: CellStatus
    count: int | None = None

    def __post_init__(self) -> None:
        if (self.count is not None) != (self.status is CellStatus.PUBLISHED):
            raise ValueError("a cell has a count exactly when it is published")


def published(count: int) -> Cell:
    """A published cell holding a protected count."""
    return Cell(CellStatus.PUBLISHED, count)


def withheld(status: CellStatus = CellStatus.PRIMARY_SUPPRESSED) -> Cell:
    """A cell with a status and no number."""
    return Cell(status)


@dataclass(frozen=True, slots=True)
class Category:
    """A column of a table: an option, a non-answer, or a net of options."""

    code: str
    label: str
    kind: str  # "option" | "non_answer" | "net"
    valence: str = "none"
    members: tuple[str, ...] = ()  # of a net, or of merged thin options


@dataclass(frozen=True, slots=True)
class Row:
    """A raw row, for the row side only: a level of a group and its counts by category."""

    level: str
    label: str
    counts: tuple[int, ...]

    @property
    def base(self) -> int:
        """Everyone in the level; non-answers and not-asked are categories like the rest."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class FrequencyTable:
    """A raw table, for the row side only: item x group. ``group`` is "all" for one-way."""

    item: str
    group: str
    categories: tuple[Category, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ProtectedRow:
    """A protected row: a base and one cell per category, in the table's order."""

    level: str
    label: str
    base: Cell
    cells: tuple[Cell, ...]
    small_group: bool = False  # base 10-19: only net categories are shown


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """What may be published of a FrequencyTable."""

    item: str
    group: str
    group_label: str
    categories: tuple[Category, ...]
    rows: tuple[ProtectedRow, ...]
