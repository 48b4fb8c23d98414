"""Guessing: five tries are free, then each costs more; nobody waits for somebody else."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from surveys.staff import guesses
from surveys.staff.guesses import Answered, Guesses, wait_after

ROOT = Path(__file__).parents[3]


@pytest.fixture
def door(tmp_path):
    return Guesses(tmp_path / "guesses.json", b"p" * 32)


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


def test_sixth_try_waits_and_waiting_lets_one_more_in(door):
    assert [door.take("sam", 0.0) for _ in range(6)] == [0, 0, 0, 0, 0, 30]
    assert door.take("sam", 29.5) == 1
    assert door.take("sam", 30.0) == 0
    assert door.take("sam", 30.0) == 60


def test_owner_who_comes_is_not_held_to_earlier_failures(door):
    for _ in range(4):
        door.take("sam", 0.0)
    door.succeeded("sam", 0.0)
    assert [door.take("sam", 0.0) for _ in range(5)] == [0] * 5


def test_thirty_people_behind_one_address_never_wait_for_each_other(door):
    for _ in range(6):
        door.take("guessed at", 0.0)
    assert all(door.take(f"person {number}", 0.0) == 0 for number in range(30) for _ in range(5))


def test_failures_are_forgotten_after_a_quiet_hour(door):
    for _ in range(5):
        door.take("sam", 0.0)
    assert [door.take("sam", 30.0 + 3601.0) for _ in range(5)] == [0] * 5


def test_an_attacker_gets_fewer_than_a_hundred_tries_a_day(door):
    tries = 0
    for second in range(0, 24 * 3600, 10):
        tries += door.take("sam", float(second)) == 0
    assert tries < 110


def test_names_do_not_fill_the_file(door, monkeypatch):
    monkeypatch.setattr(guesses, "MOST_NAMES", 3)
    for number in range(10):
        door.take(str(number), 0.0)
    assert len(json.loads(door.path.read_text())) == 3
    assert [door.take("9", 0.0) for _ in range(5)] == [0, 0, 0, 0, 30]


def test_a_flood_of_other_names_ends_no_wait(door, monkeypatch):
    monkeypatch.setattr(guesses, "MOST_NAMES", 3)
    for _ in range(5):
        door.take("sam", 0.0)
    for number in range(20):
        door.take(f"single {number}", 1.0)
    for number in range(20):
        for _ in range(5):
            door.take(f"five of {number}", 2.0)
    assert door.take("sam", 3.0) == 27


def test_who_has_waited_is_remembered_through_a_flood_of_single_tries(door, monkeypatch):
    monkeypatch.setattr(guesses, "MOST_NAMES", 3)
    for _ in range(5):
        door.take("sam", 0.0)
    for number in range(20):
        door.take(f"single {number}", 31.0)
    assert door.take("sam", 31.0) == 0
    assert door.take("sam", 31.0) == 89  # the sixth costs a minute, from the next half minute on


def test_waits_that_are_over_do_not_fill_the_file_either(door, monkeypatch):
    monkeypatch.setattr(guesses, "MOST_NAMES", 3)
    for number in range(20):
        for _ in range(5):
            door.take(str(number), 0.0)
    assert len(json.loads(door.path.read_text())) == 20
    door.take("another", 31.0)
    assert len(json.loads(door.path.read_text())) == 3 + 1


def test_two_workers_share_one_count(door):
    """Two processes that try at once get five tries together, not five each."""
    program = (
        "import sys; from pathlib import Path; from surveys.staff.guesses import Guesses;"
        "door = Guesses(Path(sys.argv[1]), b'p' * 32);"
        "print(sum(door.take('sam', 0.0) == 0 for _ in range(20)))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, door.path],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert sum(int(process.communicate(timeout=60)[0]) for process in started) == 5


def test_threads_of_one_worker_share_it_too(door):
    passed = []
    threads = [
        threading.Thread(target=lambda: passed.append(door.take("sam", 0.0))) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed) == [0] * 5 + [30] * 15


def test_the_file_names_nobody_and_tells_no_time_finer_than_half_a_minute(door):
    door.take("password sam okafor", 1_795_771_517.25)
    written = door.path.read_text()
    ((digest, (count, step)),) = json.loads(written).items()
    assert (len(digest), count, step) == (64, 1, 59_859_051)
    assert "sam" not in written and "1795771" not in written
    assert door.path.stat().st_mode & 0o777 == 0o600
    other = Guesses(door.path, b"q" * 32)
    other.take("password sam okafor", 1_795_771_517.25)
    assert len(json.loads(door.path.read_text())) == 2, "without the site's key it tells nothing"


@pytest.mark.parametrize("torn", [b"{", b"[]", b'{"a": 1}', b"\xff", b'{"a": [1, null]}'])
def test_a_torn_file_locks_nobody_out_and_is_mended(door, torn):
    door.path.write_bytes(torn)
    assert [door.take("sam", 0.0) for _ in range(6)] == [0, 0, 0, 0, 0, 30]


def test_what_counts_once_counts_once(tmp_path):
    answered = Answered(tmp_path / "answered.json", b"p" * 32)
    assert answered.first_time(b"challenge", 0.0)
    assert not answered.first_time(b"challenge", 299.0)
    assert answered.first_time(b"another", 299.0)
