"""What a council decides about "I need to talk": when somebody looks, whom to tell, until when.

In: the table ``[contact]`` of site.toml. Out: ContactRules, and the words' one question: when will
somebody look next?
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from surveys.inspections.working_days import is_working_day

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ContactRules:
    """The council's rules. Days are whole days, because no finer time is kept.

    ``looks_from`` and ``looks_until`` are the hours of every working day in which somebody looks.
    ``again_after_working_days`` is how long a message may be taken on with nothing recorded.
    """

    looks_from: time = time(9)
    looks_until: time = time(17)
    deputy_at_once: bool = False
    deputy_after_days: int = 1
    third_after_days: int = 2
    again_after_working_days: int = 2
    delete_after_days: int = 90
    most_per_hour: int = 30

    def __post_init__(self) -> None:
        """Raise ValueError, in words, for rules that contradict themselves."""
        if not self.looks_from < self.looks_until:
            raise ValueError("looks_from must be before looks_until")
        if not 0 <= self.deputy_after_days <= self.third_after_days:
            raise ValueError("the third is told on the day of the deputy or later")
        least = (self.delete_after_days, self.most_per_hour, self.again_after_working_days)
        if min(least) < 1:
            raise ValueError(
                "delete_after_days, most_per_hour and again_after_working_days are 1 or more"
            )


def rules_from(table: Mapping[str, Any]) -> ContactRules:
    """The rules in a table of settings. Raises TypeError or ValueError, in words."""
    usual = ContactRules()
    for name, value in table.items():
        wanted = type(getattr(usual, name, None))
        if type(value) is not wanted:
            raise ValueError(f"{name} is not a setting, or not written like one")
    return ContactRules(**table)


@dataclass(frozen=True, slots=True)
class NextLook:
    """When somebody will look. ``today`` when they are at work now, and the next day after it."""

    today: bool
    following: date


def next_look(rules: ContactRules, now: datetime) -> NextLook:
    """When the people who read these messages look next, by the council's own hours."""
    today, hour = now.date(), now.time().replace(tzinfo=None)
    works = is_working_day(today)
    if works and hour < rules.looks_from:
        return NextLook(False, today)
    following = today + _ONE_DAY
    while not is_working_day(following):
        following += _ONE_DAY
    return NextLook(works and hour < rules.looks_until, following)
