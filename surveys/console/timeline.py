"""An inspection's calendar as a person reads it: what is done, what is today, what is next.

In: milestones and today's date. Out: steps in order of date, and the one sentence about today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext

from surveys.inspections.calendar import Milestone
from surveys.inspections.working_days import is_working_day, working_days_between


class StepState(StrEnum):
    """Where a step lies, seen from today."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone, in words, and where it lies. ``until`` is ``date`` for a single day."""

    days: str
    date: dt.date
    until: dt.date
    event: str
    deliverable: str
    state: StepState


def steps_of(milestones: Sequence[Milestone], today: dt.date) -> tuple[Step, ...]:
    """The milestones in order of date. Everything on the next date to come is next."""
    ordered = sorted(milestones, key=lambda milestone: (milestone.date, milestone.until))
    coming = min((milestone.date for milestone in ordered if milestone.date > today), default=None)
    return tuple(_step(milestone, today, coming) for milestone in ordered)


def _step(milestone: Milestone, today: dt.date, coming: dt.date | None) -> Step:
    return Step(
        days=_days(milestone),
        date=milestone.date,
        until=milestone.until,
        event=gettext(milestone.event),
        deliverable=gettext(milestone.deliverable) if milestone.deliverable else "",
        state=_state(milestone, today, coming),
    )


def _days(milestone: Milestone) -> str:
    if milestone.last_day < 1:
        return gettext("Before Day 1")
    if milestone.last_day == milestone.day:
        return gettext("Day %(day)d", day=milestone.day)
    return gettext("Days %(first)d to %(last)d", first=milestone.day, last=milestone.last_day)


def _state(milestone: Milestone, today: dt.date, coming: dt.date | None) -> StepState:
    if milestone.until < today:
        return StepState.DONE
    if milestone.is_on(today):
        return StepState.NOW
    return StepState.NEXT if milestone.date == coming else StepState.LATER


@dataclass(frozen=True, slots=True)
class Place:
    """Where today lies: ``day`` is the last working day begun, 0 before Day 1."""

    day: int
    last_day: int
    is_working_day: bool

    @property
    def is_over(self) -> bool:
        """Whether the last milestone's day has passed."""
        return self.day > self.last_day or (self.day == self.last_day and not self.is_working_day)


def place_of(milestones: Sequence[Milestone], day_1: dt.date, today: dt.date) -> Place:
    """Where today lies between Day 1 and the last milestone's day."""
    last_day = max((milestone.last_day for milestone in milestones), default=1)
    day = 0 if today < day_1 else 1 + working_days_between(day_1, today)
    return Place(day, last_day, is_working_day(today))
