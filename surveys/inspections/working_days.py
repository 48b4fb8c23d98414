"""Working days in England: weekdays that are no bank holiday, one-off days included.

In: Day 1 and a day number. Out: the date. Day 1 counts as 1, Day 0 is the working day before
it and Day -5 lies six working days before it, so that no number is left out.
"""

from __future__ import annotations

from datetime import date, timedelta

import holidays

_BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG")
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class NotAWorkingDay(ValueError):
    """Day 1 was put on a weekend or a bank holiday; the message says which and what to do."""


def is_working_day(day: date) -> bool:
    """Whether offices in England are open: no Saturday, no Sunday, no bank holiday."""
    return day.weekday() < _SATURDAY and day not in _BANK_HOLIDAYS


def nth_working_day(day_1: date, n: int) -> date:
    """The date of Day ``n``. Raises NotAWorkingDay when ``day_1`` is none."""
    require_working_day(day_1)
    step = _ONE_DAY if n >= 1 else -_ONE_DAY
    day, left = day_1, abs(n - 1)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after ``first``, up to and including ``last``; 0 if none."""
    days = (last - first).days
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, days + 1))


def require_working_day(day_1: date) -> None:
    """Return when Day 1 can be this day. Raises NotAWorkingDay, in words, when it cannot."""
    if is_working_day(day_1):
        return
    why = _BANK_HOLIDAYS.get(day_1) or "a weekend"
    following = day_1 + _ONE_DAY
    while not is_working_day(following):
        following += _ONE_DAY
    raise NotAWorkingDay(
        f"{_in_words(day_1)} is not a working day in England ({why}). Day 1 has to be a working "
        f"day; the next one is {_in_words(following)}."
    )


def _in_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
