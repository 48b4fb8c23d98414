"""What counts once counts once, however many ask at the same moment, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import BoundedSemaphore

import pyotp
import pytest

from surveys.database import metadata, open_engine
from surveys.staff.accounts import add_account
from surveys.staff.authenticator import keep_authenticator, new_secret, use_code
from surveys.staff.invited import NoInvitation, accept, invite
from surveys.staff.recovery import replace_codes, use_recovery_code

KEY = b"k" * 32
NOW = 1_800_000_015
AT_ONCE = 8


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request, tmp_path, monkeypatch):
    monkeypatch.setattr("surveys.staff.passwords._MEMORY_KIB", 8 * 1024)
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    made = open_engine(
        url if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    )
    metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def sam(engine):
    return add_account(engine, "Sam", "four words of my own", ["coordinator"]).id


def all_at_once(act):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [done.result() for done in [pool.submit(act) for _ in range(AT_ONCE)]]


def test_a_code_of_the_app(engine, sam):
    secret = new_secret()
    code = pyotp.TOTP(secret).at(NOW - 3600)
    keep_authenticator(engine, KEY, sam, secret=secret, code=code, now=NOW - 3600)
    fresh = pyotp.TOTP(secret).at(NOW)
    assert sum(all_at_once(lambda: use_code(engine, KEY, sam, fresh, NOW))) == 1


def test_a_recovery_code(engine, sam):
    codes = replace_codes(engine, KEY, sam)
    assert sum(all_at_once(lambda: use_recovery_code(engine, KEY, sam, codes[0]))) == 1


def test_an_invitation(engine, monkeypatch):
    door = BoundedSemaphore(AT_ONCE)  # all of them come in
    monkeypatch.setattr("surveys.staff.passwords._AT_THE_DOOR", door)
    today = date(2026, 11, 27)
    _, code = invite(engine, KEY, "Ana", ["inspector"], today)

    def take():
        try:
            return bool(accept(engine, KEY, code, "four words of my own", today))
        except NoInvitation:
            return False

    assert sum(all_at_once(take)) == 1
