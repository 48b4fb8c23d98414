"""Working days: England's bank holidays, one-off days, and the numbering of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.inspections.working_days import (
    NotAWorkingDay,
    is_working_day,
    nth_working_day,
    working_days_between,
)

days = st.dates(date(2005, 1, 1), date(2035, 12, 31))
working_days = days.filter(is_working_day)
numbers = st.integers(-80, 80)
unhurried = settings(deadline=None, max_examples=60)


@pytest.mark.parametrize(
    "day",
    [
        date(2011, 4, 29),  # a royal wedding
        date(2012, 6, 5),  # a jubilee
        date(2020, 5, 8),  # May Day moved to VE Day
        date(2022, 6, 3),  # a jubilee
        date(2022, 9, 19),  # a state funeral
        date(2023, 5, 8),  # a coronation
        date(2010, 12, 27),  # Christmas on a Saturday
        date(2010, 12, 28),
        date(2026, 4, 3),  # Good Friday
        date(2026, 12, 28),  # Boxing Day on a Saturday
        date(2026, 11, 21),  # a Saturday
        date(2026, 11, 22),  # a Sunday
    ],
)
def test_offices_are_closed(day):
    assert not is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2020, 5, 4),  # where May Day would have been
        date(2011, 3, 17),  # a holiday in Northern Ireland only
        date(2012, 1, 3),  # a holiday in Scotland only
        date(2026, 11, 23),
    ],
)
def test_offices_are_open(day):
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (1, date(2026, 11, 23)),
        (2, date(2026, 11, 24)),
        (6, date(2026, 11, 30)),
        (0, date(2026, 11, 20)),
        (-1, date(2026, 11, 19)),
        (-5, date(2026, 11, 13)),
    ],
)
def test_day_1_counts_as_1_and_day_0_comes_before(n, expected):
    assert nth_working_day(date(2026, 11, 23), n) == expected


def test_easter_and_a_wedding_are_not_counted():
    """By hand: 22 and 25 April, 29 April and 2 May 2011 are closed."""
    day_1 = date(2011, 4, 11)
    by_hand = {
        9: date(2011, 4, 21),
        10: date(2011, 4, 26),
        11: date(2011, 4, 27),
        12: date(2011, 4, 28),
        13: date(2011, 5, 3),
        20: date(2011, 5, 12),
        31: date(2011, 5, 27),
        32: date(2011, 5, 31),
        40: date(2011, 6, 10),
    }
    assert {n: nth_working_day(day_1, n) for n in by_hand} == by_hand


@pytest.mark.parametrize(
    ("day_1", "said"),
    [
        (date(2026, 12, 25), "Friday 25 December 2026 is not a working day in England (Christmas"),
        (date(2026, 12, 25), "the next one is Tuesday 29 December 2026"),
        (date(2026, 11, 22), "(a weekend)"),
    ],
)
def test_day_1_on_a_closed_day_is_an_error_in_words(day_1, said):
    with pytest.raises(NotAWorkingDay) as raised:
        nth_working_day(day_1, 5)
    assert said in str(raised.value)


@unhurried
@given(working_days, numbers)
def test_every_numbered_day_is_a_working_day(day_1, n):
    assert is_working_day(nth_working_day(day_1, n))


@unhurried
@given(working_days, numbers)
def test_later_numbers_are_later_days_and_leave_no_working_day_out(day_1, n):
    earlier, later = nth_working_day(day_1, n), nth_working_day(day_1, n + 1)
    assert earlier < later
    between = (earlier + timedelta(days=k) for k in range(1, (later - earlier).days))
    assert not any(is_working_day(day) for day in between)


@unhurried
@given(working_days, st.integers(1, 80))
def test_counting_is_the_inverse_of_numbering(day_1, n):
    assert working_days_between(day_1, nth_working_day(day_1, n)) == n - 1
    assert working_days_between(nth_working_day(day_1, 2 - n), day_1) == n - 1


def test_nothing_lies_between_a_later_and_an_earlier_day():
    assert working_days_between(date(2026, 11, 27), date(2026, 11, 23)) == 0
