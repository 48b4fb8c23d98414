"""Leaving out responses that cannot be counted, when that was asked for.

In: nothing. Out: how many there were; of each only that it was one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class LeftOut:
    """How many responses were left out so far. Whoever is given none of these refuses instead."""

    count: int = 0
