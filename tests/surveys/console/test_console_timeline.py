"""The calendar from where one stands: done, now, next, later; and where today lies in it."""

from datetime import date

import pytest

from surveys.console.timeline import Place, StepState, place_of, steps_of
from surveys.inspections.calendar import Milestone

DAY_1 = date(2026, 11, 23)  # a Monday
MILESTONES = (
    Milestone(-5, date(2026, 11, 13), 0, date(2026, 11, 20), "Readiness", ""),
    Milestone(1, DAY_1, 1, DAY_1, "Notification", "Calendar"),
    Milestone(3, date(2026, 11, 25), 10, date(2026, 12, 4), "Surveys", "Surveys open"),
    Milestone(5, date(2026, 11, 27), 5, date(2026, 11, 27), "Set-up meeting", "Pack A"),
    Milestone(6, date(2026, 11, 30), 6, date(2026, 11, 30), "Timetable", ""),
    Milestone(6, date(2026, 11, 30), 10, date(2026, 12, 4), "File audits", ""),
    Milestone(40, date(2027, 1, 20), 40, date(2027, 1, 20), "Publication", "Summary"),
)
DONE, NOW, NEXT, LATER = StepState.DONE, StepState.NOW, StepState.NEXT, StepState.LATER


@pytest.mark.parametrize(
    ("today", "states"),
    [
        (date(2026, 11, 1), [NEXT, LATER, LATER, LATER, LATER, LATER, LATER]),
        (date(2026, 11, 23), [DONE, NOW, NEXT, LATER, LATER, LATER, LATER]),
        (date(2026, 11, 27), [DONE, DONE, NOW, NOW, NEXT, NEXT, LATER]),
        (date(2026, 11, 28), [DONE, DONE, NOW, DONE, NEXT, NEXT, LATER]),
        (date(2026, 12, 5), [DONE, DONE, DONE, DONE, DONE, DONE, NEXT]),
        (date(2027, 1, 20), [DONE, DONE, DONE, DONE, DONE, DONE, NOW]),
        (date(2027, 2, 1), [DONE] * 7),
    ],
)
def test_every_step_knows_where_it_lies(today, states):
    assert [step.state for step in steps_of(MILESTONES, today)] == states


def test_steps_say_their_days_in_words():
    assert [step.days for step in steps_of(MILESTONES, DAY_1)] == [
        "Before Day 1",
        "Day 1",
        "Days 3 to 10",
        "Day 5",
        "Day 6",
        "Days 6 to 10",
        "Day 40",
    ]


@pytest.mark.parametrize(
    ("today", "place", "is_over"),
    [
        (date(2026, 11, 20), Place(0, 40, True), False),
        (date(2026, 11, 23), Place(1, 40, True), False),
        (date(2026, 11, 27), Place(5, 40, True), False),
        (date(2026, 11, 29), Place(5, 40, False), False),  # a Sunday
        (date(2026, 12, 25), Place(24, 40, False), False),  # Christmas Day
        (date(2027, 1, 20), Place(40, 40, True), False),
        (date(2027, 1, 21), Place(41, 40, True), True),
        (date(2027, 1, 23), Place(42, 40, False), True),
    ],
)
def test_place_counts_working_days(today, place, is_over):
    assert place_of(MILESTONES, DAY_1, today) == place
    assert place.is_over is is_over


def test_no_milestones_are_no_steps():
    assert steps_of((), DAY_1) == ()
    assert place_of((), DAY_1, DAY_1) == Place(1, 1, True)
