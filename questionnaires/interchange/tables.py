"""A sheet as plain text: headings, and rows that know their number.

In: nothing but values. Out: what both the writer and the reader of workbooks speak of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_OTHER_NAMES = {
    "relevance": "relevant",
    "readonly": "read_only",
    "constraining_message": "constraint_message",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet. A cell that is empty is not there."""

    sheet: str
    number: int
    cells: Mapping[str, str] = field(default_factory=dict)

    def text(self, column: str) -> str:
        """The cell exactly as written, "" when there is none."""
        return self.cells.get(column, "")

    def word(self, column: str) -> str:
        """The cell without the spaces around it, for names and codes."""
        return self.text(column).strip()


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its columns in order, and its rows without the empty ones."""

    name: str
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


def canonical(heading: str) -> str:
    """A heading as this package knows it: ``List Name`` is list_name, languages stay as written."""
    first, *rest = (part.strip() for part in heading.split("::"))
    name = "_".join(first.lower().split())
    return "::".join((_OTHER_NAMES.get(name, name), *rest))
