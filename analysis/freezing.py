"""A number once released stays as it is. In: an earlier Summary of a wave and a new one.

Two roundings of the same count tell more about it than one, so a release that would show another
number in the same place is refused.
"""

from __future__ import annotations

from analysis.cells import ProtectedRow, ProtectedTable
from analysis.summary import Summary


class ReleaseDiffers(Exception):
    """The new release would change a number that was released. Nothing was written."""


def refuse_changes(earlier: Summary, new: Summary) -> None:
    """Raise ReleaseDiffers when a place that both Summaries show has two numbers."""
    known = _numbers(earlier)
    for place, number in _numbers(new).items():
        if known.get(place, number) != number:
            raise ReleaseDiffers(
                f"Release {earlier.release} shows another number for {place[0]} by {place[1]}. "
                "Released numbers never change: publish with the same policy and publisher."
            )


def _numbers(summary: Summary) -> dict[tuple[str, ...], int]:
    """Every published number of a Summary by where it stands."""
    return {
        (table.item, table.group, row.level, name): number
        for item in summary.items
        for table in item.tables
        for row in table.rows
        for name, number in _numbers_of_row(table, row)
    }


def _numbers_of_row(table: ProtectedTable, row: ProtectedRow) -> list[tuple[str, int]]:
    cells = [(f"={c.code}", cell) for c, cell in zip(table.categories, row.cells, strict=True)]
    return [
        (name, cell.count) for name, cell in (("base", row.base), *cells) if cell.count is not None
    ]
