"""Passwords: the stated cost, a fair minimum, and as much work for nobody as for somebody."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from surveys.staff import passwords
from surveys.staff.passwords import UnfitPassword, fits, hash_password, new_password

ROOT = Path(__file__).parents[3]
STATED = "$argon2id$v=19$m=65536,t=3,p=1$"
RIGHT = "a password of my own"


@pytest.fixture(scope="module")
def hashed():
    return hash_password(RIGHT)


def test_hash_states_argon2id_with_64_mib_and_three_passes(hashed):
    assert hashed.startswith(STATED)
    assert RIGHT not in hashed


def test_hash_of_the_same_password_differs(hashed):
    assert hash_password(RIGHT) != hashed


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        (RIGHT, True),
        (RIGHT + " ", False),
        (RIGHT.upper(), False),
        ("", False),
        ("x" * 10_000, False),
    ],
)
def test_only_the_password_fits(hashed, typed, right):
    assert fits(typed, hashed) is right


def test_the_same_letters_from_another_keyboard_fit():
    assert fits("Ame\u0301lie likes tea", hash_password("Am\u00e9lie likes tea"))


@pytest.mark.parametrize("length", [0, 1, 13, 201])
def test_too_short_or_too_long_is_refused(length):
    with pytest.raises(UnfitPassword, match="14 to 200"):
        hash_password("x" * length)


@pytest.mark.parametrize("length", [14, 200])
def test_the_limits_themselves_are_allowed(length):
    assert fits("x" * length, hash_password("x" * length))


def test_nobody_has_no_password_but_costs_the_same(hashed):
    assert passwords._NOBODY.startswith(STATED)
    assert len(passwords._NOBODY) == len(hashed)
    assert not fits(RIGHT, None)
    known, unknown = (min(_seconds(hash_) for _ in range(3)) for hash_ in (hashed, None))
    assert 0.4 < known / unknown < 2.5


def _seconds(hash_):
    start = time.perf_counter()
    fits("not the right password", hash_)
    return time.perf_counter() - start


def test_new_passwords_are_long_plain_and_never_the_same():
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    assert all(
        re.fullmatch(r"([a-hj-km-np-tv-z2-9]{4}-){4}[a-hj-km-np-tv-z2-9]{4}", one) for one in made
    )


@pytest.mark.parametrize("lanes", [1, 4])
def test_many_who_log_in_at_once_all_get_an_answer(lanes):
    """With several lanes each, two hashes at once used to wait for each other for ever."""
    program = (
        "import os; from concurrent.futures import ThreadPoolExecutor;"
        "from cryptography.hazmat.primitives.kdf.argon2 import Argon2id;"
        "from surveys.staff.passwords import fits;"
        f"made = Argon2id(salt=os.urandom(16), length=32, iterations=3, lanes={lanes},"
        " memory_cost=8192).derive_phc_encoded(b'a password of my own');"
        "pool = ThreadPoolExecutor(8);"
        "print(sum(pool.map(lambda _: fits('a password of my own', made), range(24))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "24", done.stderr
