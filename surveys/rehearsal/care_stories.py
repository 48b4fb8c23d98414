"""Invents when children who do not exist came into care, moved, and left it.

In: a generator of numbers, how many children, a reference date. Out: stories whose shares resemble
England's published figures; each says for itself who it is about, so that rules can be checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np


class Ending(StrEnum):
    """How a story stands on the reference date."""

    IN_CARE = "in care"
    LEFT = "left"
    ADOPTED = "adopted"
    ASKED = "left in a way a person should be asked about"
    OTHER_COUNCIL = "taken over by another council"
    DIED = "died"
    LONG_GONE = "left more than a year ago"


@dataclass(frozen=True)
class Story:
    """One invented child's time in care. The last stretch has no end while the child is in care."""

    born: date
    age: int
    ending: Ending
    rec: str
    stretches: tuple[tuple[date, date | None], ...]
    short_breaks: bool
    by_agreement: bool

    @property
    def is_nearly_grown(self) -> bool:
        """Whether the child is 16 or over on the reference date."""
        return self.age >= 16


_SHARES = {
    Ending.IN_CARE: 0.625,
    Ending.LEFT: 0.2,
    Ending.ADOPTED: 0.025,
    Ending.ASKED: 0.01,
    Ending.OTHER_COUNCIL: 0.025,
    Ending.DIED: 0.0025,
    Ending.LONG_GONE: 0.1125,
}
_AGES_IN_CARE = ((0, 1, 0.044), (1, 5, 0.123), (5, 10, 0.185), (10, 16, 0.378), (16, 18, 0.27))
_AGES_ON_LEAVING = ((0, 1, 0.05), (1, 5, 0.2), (5, 10, 0.16), (10, 16, 0.22), (16, 18, 0.15))
_GROWN_ON_LEAVING = 0.22  # leave on their 18th birthday
_ADOPTED_AGES = ((1, 5, 0.7), (5, 9, 0.3))
_CODES = {
    Ending.ADOPTED: ("E11", "E12"),
    Ending.OTHER_COUNCIL: ("E3",),
    Ending.DIED: ("E2",),
}
_CODES_OF_CHILDREN = ("E4A", "E4A", "E4B", "E13", "E41", "E45", "E46", "E48", "E8")
_CODES_OF_ADULTS = ("E5", "E6", "E17", "E17", "E7")
_CODES_ASKED = ("E15", "E9", "E16")
_SHORT_BREAKS_SHARE = 0.02
_BY_AGREEMENT_SHARE = 0.19
_LONGEST_IN_CARE_DAYS = 6 * 365
_WEEK = 7


def draw_stories(draw: np.random.Generator, children: int, reference_date: date) -> list[Story]:
    """As many stories as asked for, in random order, with the same shares every time."""
    endings = _endings(children)
    return [_story(draw, endings[place], reference_date) for place in draw.permutation(children)]


def _endings(children: int) -> list[Ending]:
    listed = [ending for ending, share in _SHARES.items() for _ in range(round(share * children))]
    return (listed + [Ending.IN_CARE] * children)[:children]


def _story(draw: np.random.Generator, ending: Ending, reference: date) -> Story:
    left = None if ending is Ending.IN_CARE else _day_of_leaving(draw, ending, reference)
    grown = ending in (Ending.LEFT, Ending.LONG_GONE) and draw.random() < _GROWN_ON_LEAVING
    born = _birthday(draw, ending, left or reference, grown=grown)
    return Story(
        born=born,
        age=_age(born, reference),
        ending=ending,
        rec=_code(draw, ending, grown=grown),
        stretches=_stretches(draw, born, left, reference),
        short_breaks=ending in (Ending.IN_CARE, Ending.LEFT)
        and bool(draw.random() < _SHORT_BREAKS_SHARE),
        by_agreement=bool(draw.random() < _BY_AGREEMENT_SHARE),
    )


def _day_of_leaving(draw: np.random.Generator, ending: Ending, reference: date) -> date:
    """Within twelve months, or safely before them."""
    ago = draw.integers(380, 700) if ending is Ending.LONG_GONE else draw.integers(0, 360)
    return reference - timedelta(days=int(ago))


def _birthday(draw: np.random.Generator, ending: Ending, at: date, *, grown: bool) -> date:
    if grown:
        return _years_before(at, 18)
    if ending is Ending.IN_CARE:
        age = _draw_age(draw, _AGES_IN_CARE)
    elif ending is Ending.ADOPTED:
        age = _draw_age(draw, _ADOPTED_AGES)
    elif ending is Ending.ASKED:
        age = int(draw.integers(15, 18))
    else:
        age = _draw_age(draw, _AGES_ON_LEAVING)
    return _years_before(at, age) - timedelta(days=int(draw.integers(_WEEK, 360)))


def _draw_age(draw: np.random.Generator, bands: Sequence[tuple[int, int, float]]) -> int:
    shares = np.array([share for *_, share in bands])
    first, after, _ = bands[int(draw.choice(len(bands), p=shares / shares.sum()))]
    return int(draw.integers(first, after))


def _code(draw: np.random.Generator, ending: Ending, *, grown: bool) -> str:
    if ending is Ending.IN_CARE:
        return ""
    if ending is Ending.ASKED:
        codes: Sequence[str] = _CODES_ASKED
    else:
        codes = _CODES.get(ending, _CODES_OF_ADULTS if grown else _CODES_OF_CHILDREN)
    return codes[int(draw.integers(len(codes)))]


def _stretches(
    draw: np.random.Generator, born: date, left: date | None, reference: date
) -> tuple[tuple[date, date | None], ...]:
    """From one to six stretches without a gap, the first not before birth."""
    until = left or reference
    longest = min((until - born).days, _LONGEST_IN_CARE_DAYS)
    length = int(draw.integers(min(_WEEK, longest), longest + 1))
    moves = min(int(draw.geometric(0.45)) - 1, 5, max(length // 14, 1) - 1)
    days = draw.choice(np.arange(1, max(length, 2)), size=moves, replace=False)
    starts = [until - timedelta(days=length - int(day)) for day in (0, *sorted(days))]
    return tuple(zip(starts, (*starts[1:], left), strict=True))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _age(born: date, on: date) -> int:
    whole = on.year - born.year
    return whole if (born.month, born.day) <= (on.month, on.day) else whole - 1
