"""How far a share could lie from that of all who were invited. In: protected counts. Out: a range.

Wilson's interval at 95 per cent for a part of a finite population. Counts are rounded to fives, so
the ends are taken at three people fewer and three more; without that it covers too rarely.
"""

from __future__ import annotations

from math import sqrt

from analysis.measures import Share
from analysis.summary import Item, Summary
from analysis.themes import EVERYONE

Z = 1.959964
ROUNDING_ENVELOPE = 3


def likely_range(share: Share, population: int) -> tuple[int, int]:
    """Whole percentages, outwards. Raises ValueError when the share is withheld."""
    if not share.shown:
        raise ValueError("a withheld share has no range")
    base, part = share.base, min(share.part, share.base)
    lower, _ = _wilson(max(0, part - ROUNDING_ENVELOPE) / base, base, population)
    _, upper = _wilson(min(base, part + ROUNDING_ENVELOPE) / base, base, population)
    return int(100 * lower), min(100, int(100 * upper) + 1)


def population_of(item: Item, summary: Summary) -> int | None:
    """How many were invited to be asked; None where it is withheld or depends on their answers."""
    if any(c.code == "not_asked" for table in item.tables for c in table.categories):
        return None
    invited = {row.level: row.invited.count for row in summary.coverage}
    if set(item.asked_of) >= set(summary.audiences):
        return invited.get(EVERYONE)
    counts = [invited.get(audience) for audience in item.asked_of]
    return None if None in counts else sum(count for count in counts if count is not None)


def _wilson(share: float, base: int, population: int) -> tuple[float, float]:
    """With the finite population correction as an effective base."""
    if population <= base:
        return share, share
    effective = base * (population - 1) / (population - base)
    spread = Z * Z / effective
    centre = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / effective + spread / (4 * effective)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)
