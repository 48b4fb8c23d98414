"""The calendar against dates worked out by hand, and where a day stands in it."""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from surveys.inspections.calendar import calendar_for, survey_window, today_in
from surveys.inspections.frameworks import load_frameworks
from surveys.inspections.working_days import NotAWorkingDay

ROOT = Path(__file__).parents[3]
LONDON = ZoneInfo("Europe/London")
DAY_1 = date(2026, 11, 23)


@pytest.fixture(scope="module")
def frameworks():
    return load_frameworks(ROOT / "config" / "frameworks")


@pytest.fixture(scope="module")
def framework(frameworks):
    return frameworks["2009"]


@pytest.fixture(scope="module")
def calendar(framework):
    return calendar_for(framework, DAY_1)


def oracle():
    with (ROOT / "tests" / "data" / "derived" / "timeline_oracle.csv").open(newline="") as file:
        names, *rows = csv.reader(file)
    return [
        {int(name[3:]): date.fromisoformat(day) for name, day in zip(names, row, strict=True)}
        for row in rows
    ]


@pytest.mark.parametrize("expected", oracle(), ids=lambda expected: str(expected[1]))
def test_calendar_agrees_with_dates_worked_out_elsewhere(framework, expected):
    dates = {}
    for milestone in calendar_for(framework, expected[1]):
        dates[milestone.day] = milestone.date
        dates[milestone.last_day] = milestone.until
    assert {day: dates[day] for day in expected} == expected


def test_calendar_crosses_easter_and_a_wedding(framework):
    by_hand = {
        1: date(2011, 4, 11),
        3: date(2011, 4, 13),
        11: date(2011, 4, 27),
        20: date(2011, 5, 12),
        40: date(2011, 6, 10),
    }
    found = {milestone.day: milestone.date for milestone in calendar_for(framework, by_hand[1])}
    assert {day: found[day] for day in by_hand} == by_hand
    assert survey_window(framework, by_hand[1]).closes_on == date(2011, 4, 26)


def test_window_opens_on_day_3_and_closes_on_day_10_with_two_reminders(framework):
    window = survey_window(framework, DAY_1)
    assert (window.opens_on, window.opens_at) == (date(2026, 11, 25), time(0, 0))
    assert (window.closes_on, window.closes_at) == (date(2026, 12, 4), time(23, 59))
    assert window.reminders == (date(2026, 11, 27), date(2026, 12, 2))


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (datetime(2026, 11, 24, 23, 59, 59, tzinfo=LONDON), False),
        (datetime(2026, 11, 25, 0, 0, tzinfo=LONDON), True),
        (datetime(2026, 11, 28, 3, 0, tzinfo=LONDON), True),  # weekends too
        (datetime(2026, 12, 4, 23, 59, 59, tzinfo=LONDON), True),
        (datetime(2026, 12, 5, 0, 0, tzinfo=LONDON), False),
        (datetime(2026, 11, 25, 0, 30, tzinfo=ZoneInfo("Europe/Paris")), False),
    ],
)
def test_window_is_open_by_londons_clock(framework, now, is_open):
    assert survey_window(framework, DAY_1).is_open(now) == is_open


def test_window_in_summer_follows_the_clock_of_summer(framework):
    window = survey_window(framework, date(2011, 4, 11))
    assert window.is_open(datetime(2011, 4, 12, 23, 30, tzinfo=ZoneInfo("UTC")))


def test_nothing_is_said_of_results_before_the_surveys_have_closed(calendar):
    closes = date(2026, 12, 4)
    early = [milestone.deliverable for milestone in calendar if milestone.date < closes]
    assert not any("Pack B" in text or "Release" in text for text in early)


def test_no_deliverable_is_an_empty_text(calendar):
    assert all(isinstance(milestone.deliverable, str) for milestone in calendar)
    assert not next(milestone for milestone in calendar if milestone.day == 20).deliverable


@pytest.mark.parametrize(
    ("today", "day", "now_days", "next_day", "days", "working_days"),
    [
        (date(2026, 10, 1), -36, [], -30, 8, 6),
        (date(2026, 11, 20), 0, [-30], 1, 3, 1),
        (date(2026, 11, 23), 1, [1], 2, 1, 1),
        (date(2026, 11, 27), 5, [3, 5], 6, 3, 1),
        (date(2026, 11, 28), 5, [3], 6, 2, 1),  # a Saturday
        (date(2027, 1, 8), 32, [], 36, 6, 4),  # between two milestones
        (date(2027, 1, 20), 40, [40], None, None, None),
        (date(2027, 2, 1), 48, [], None, None, None),
    ],
)
def test_today_stands_somewhere(calendar, today, day, now_days, next_day, days, working_days):
    found = today_in(calendar, today)
    assert found.day == day
    assert [milestone.day for milestone in found.now] == now_days
    assert (found.next.day if found.next else None) == next_day
    assert (found.days_to_next, found.working_days_to_next) == (days, working_days)


def test_passed_is_the_milestone_that_ended_last(calendar):
    assert today_in(calendar, date(2027, 1, 8)).passed.last_day == 31
    assert today_in(calendar, date(2026, 1, 1)).passed is None


def test_every_day_of_an_inspection_stands_somewhere(calendar):
    days = (calendar[0].date + timedelta(days=n) for n in range(150))
    numbers = [today_in(calendar, day).day for day in days]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(numbers[0], numbers[-1] + 1))


def test_yearly_round_has_its_own_days(frameworks):
    yearly = frameworks["ilacs"]
    window = survey_window(yearly, DAY_1)
    assert (window.opens_on, window.closes_on) == (date(2026, 12, 7), date(2027, 1, 20))
    assert len(window.reminders) == 3
    assert calendar_for(yearly, DAY_1)[0].day == -20


def test_day_1_on_a_bank_holiday_is_refused(framework):
    with pytest.raises(NotAWorkingDay, match="Good Friday"):
        calendar_for(framework, date(2011, 4, 22))
