"""The calendar of one inspection: what happens when, when surveys are open, where today is.

In: a framework and Day 1. Out: dates. The clock stays outside: today is an argument.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from surveys.inspections.frameworks import Framework, Moment, TimelineEntry
from surveys.inspections.working_days import nth_working_day, working_days_between

LONDON = ZoneInfo("Europe/London")
_ONE_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Milestone:
    """One line of the calendar. For a single day ``last_day`` is ``day`` and ``until`` ``date``."""

    day: int
    date: dt.date
    last_day: int
    until: dt.date
    event: str
    deliverable: str

    def is_on(self, day: dt.date) -> bool:
        """Whether the day falls into this milestone."""
        return self.date <= day <= self.until


@dataclass(frozen=True, slots=True)
class SurveyWindow:
    """When the surveys of an inspection are open, by London's clock."""

    opens_on: dt.date
    opens_at: dt.time
    closes_on: dt.date
    closes_at: dt.time
    reminders: tuple[dt.date, ...]

    def is_open(self, now: dt.datetime) -> bool:
        """Whether answers are taken now; the minute of closing still counts."""
        opens = dt.datetime.combine(self.opens_on, self.opens_at, LONDON)
        closes = dt.datetime.combine(self.closes_on, self.closes_at, LONDON) + _ONE_MINUTE
        return opens <= now < closes


@dataclass(frozen=True, slots=True)
class Today:
    """Where a day stands in a calendar.

    ``day`` is the number of the working day; on a weekend that of the working day before.
    ``now`` may hold several milestones, or none between two of them.
    """

    day: int
    now: tuple[Milestone, ...]
    passed: Milestone | None
    next: Milestone | None
    days_to_next: int | None
    working_days_to_next: int | None


def calendar_for(framework: Framework, day_1: dt.date) -> tuple[Milestone, ...]:
    """The framework's timeline as dates, in order. Raises NotAWorkingDay for a bad Day 1."""
    milestones = (_milestone(entry, day_1) for entry in framework.timeline)
    return tuple(sorted(milestones, key=lambda milestone: (milestone.day, milestone.last_day)))


def survey_window(framework: Framework, day_1: dt.date) -> SurveyWindow:
    """When surveys open, close and are brought to mind. Raises NotAWorkingDay as above."""
    window = framework.window
    return SurveyWindow(
        _date_of(window.opens, day_1),
        window.opens.at,
        _date_of(window.closes, day_1),
        window.closes.at,
        tuple(nth_working_day(day_1, day) for day in window.reminders),
    )


def today_in(calendar: tuple[Milestone, ...], today: dt.date) -> Today:
    """Which milestones today falls into, which is over, which comes next and how soon."""
    ended = [milestone for milestone in calendar if milestone.until < today]
    following = next((milestone for milestone in calendar if milestone.date > today), None)
    return Today(
        day=_day_number(calendar[0], today),
        now=tuple(milestone for milestone in calendar if milestone.is_on(today)),
        passed=max(ended, key=lambda milestone: milestone.until, default=None),
        next=following,
        days_to_next=(following.date - today).days if following else None,
        working_days_to_next=working_days_between(today, following.date) if following else None,
    )


def _milestone(entry: TimelineEntry, day_1: dt.date) -> Milestone:
    first = nth_working_day(day_1, entry.day)
    last_day = entry.day if entry.to is None else entry.to
    last = nth_working_day(day_1, last_day)
    return Milestone(entry.day, first, last_day, last, entry.event, entry.deliverable)


def _date_of(moment: Moment, day_1: dt.date) -> dt.date:
    return nth_working_day(day_1, moment.day)


def _day_number(known: Milestone, today: dt.date) -> int:
    """Counted from any milestone, since every one of them is a working day with a number."""
    if today >= known.date:
        return known.day + working_days_between(known.date, today)
    return known.day - working_days_between(today, known.date)
