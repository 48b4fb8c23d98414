"""Guessing: five tries are free, then each costs more; nobody waits for somebody else."""

import pytest

from surveys.staff import guesses
from surveys.staff.guesses import Guesses, wait_after


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        (1, 0),
        (4, 0),
        (5, 30),
        (6, 60),
        (7, 120),
        (8, 240),
        (9, 480),
        (10, 900),
        (11, 900),
        (500, 900),
    ],
)
def test_wait_doubles_from_half_a_minute_to_a_quarter_of_an_hour(failures, seconds):
    assert wait_after(failures) == seconds


def test_sixth_try_waits_and_waiting_lets_one_more_in():
    door = Guesses()
    assert [door.take("sam", 0.0) for _ in range(6)] == [0, 0, 0, 0, 0, 30]
    assert door.take("sam", 29.5) == 1
    assert door.take("sam", 30.0) == 0
    assert door.take("sam", 30.0) == 60


def test_owner_who_comes_is_not_held_to_earlier_failures():
    door = Guesses()
    for _ in range(4):
        door.take("sam", 0.0)
    door.succeeded("sam")
    assert [door.take("sam", 0.0) for _ in range(5)] == [0] * 5


def test_thirty_people_behind_one_address_never_wait_for_each_other():
    door = Guesses()
    for _ in range(6):
        door.take("guessed at", 0.0)
    assert all(door.take(f"person {number}", 0.0) == 0 for number in range(30) for _ in range(5))


def test_failures_are_forgotten_after_a_quiet_hour():
    door = Guesses()
    for _ in range(5):
        door.take("sam", 0.0)
    assert [door.take("sam", 30.0 + 3601.0) for _ in range(5)] == [0] * 5


def test_an_attacker_gets_fewer_than_a_hundred_tries_a_day():
    door, tries = Guesses(), 0
    for second in range(0, 24 * 3600, 10):
        tries += door.take("sam", float(second)) == 0
    assert tries < 110


def test_names_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(guesses, "MOST_NAMES", 3)
    door = Guesses()
    for number in range(10):
        door.take(str(number), 0.0)
    assert list(door._tries) == ["7", "8", "9"]
