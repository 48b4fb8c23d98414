"""Passwords: the stated cost, a fair minimum, and as much work for nobody as for somebody."""

import re
import time

import pytest

from surveys.staff import passwords
from surveys.staff.passwords import UnfitPassword, fits, hash_password, new_password

STATED = "$argon2id$v=19$m=65536,t=3,p=4$"
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
