"""The authenticator app of an account: six digits that change every half minute (RFC 6238).

In: a secret once, then codes. Out: whether a code is right, which it is once. The secret lies
locked with the site's storage key, which is not in the database; locked up with it is the last
code's place in time, so that the table says nothing of when anybody signed in.
"""

from __future__ import annotations

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    LargeBinary,
    Table,
    delete,
    insert,
    select,
    update,
)

from surveys.database import metadata, writing
from surveys.staff.accounts import raise_session_number
from surveys.vault.cobblestone import lock, unlock

DIGITS = 6
WINDOW = 1  # half minutes that a phone's clock may be off, either way
_SECRET_LETTERS = 32  # 160 bits, as RFC 4226 recommends
_STEP_BYTES = 8
_CONTEXT = b"heard authenticator/1"

authenticator_table = Table(
    "authenticator",
    metadata,
    Column("account_id", LargeBinary(16), ForeignKey("account.id"), primary_key=True),
    Column("locked", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)


def new_secret() -> str:
    """A fresh secret, as apps take it."""
    return pyotp.random_base32(_SECRET_LETTERS)


def app_address(secret: str, name: str, authority: str) -> str:
    """The ``otpauth`` address that a QR code hands to an app."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=f"Heard {authority}")


def keep_authenticator(
    engine: Engine, storage_key: bytes, account_id: bytes, *, secret: str, code: str, now: float
) -> int | None:
    """Make this the account's app, if the code shows that it works, and end every session.

    Gives the number of the account's next sessions, or None for a wrong code. That code is used up.
    """
    step = _step_of(secret, code, now)
    if step is None:
        return None
    locked = _locked(storage_key, account_id, secret, step)
    with writing(engine).begin() as connection:
        forget_authenticator(connection, account_id)
        row = {"account_id": account_id, "locked": locked}
        connection.execute(insert(authenticator_table), row)
        return raise_session_number(connection, account_id)


def use_code(engine: Engine, storage_key: bytes, account_id: bytes, code: str, now: float) -> bool:
    """Whether the code is right and later than any used before. A right one is then used up."""
    mine = authenticator_table.c.account_id == account_id
    with writing(engine).begin() as connection:
        query = select(authenticator_table.c.locked).where(mine).with_for_update()
        locked = connection.execute(query).scalar_one_or_none()
        if locked is None:
            return False
        secret, last = _unlocked(storage_key, account_id, locked)
        step = _step_of(secret, code, now)
        if step is None or step <= last:
            return False
        fresh = _locked(storage_key, account_id, secret, step)
        connection.execute(update(authenticator_table).where(mine).values(locked=fresh))
    return True


def has_authenticator(engine: Engine, account_id: bytes) -> bool:
    """Whether the account has an app."""
    query = select(authenticator_table.c.account_id)
    with engine.connect() as connection:
        found = connection.execute(query.where(authenticator_table.c.account_id == account_id))
        return found.one_or_none() is not None


def remove_authenticator(engine: Engine, account_id: bytes) -> int:
    """Take the app away and end every session; the number of the account's next ones."""
    with writing(engine).begin() as connection:
        forget_authenticator(connection, account_id)
        return raise_session_number(connection, account_id)


def forget_authenticator(connection: Connection, account_id: bytes) -> None:
    """The same within a transaction, ending nothing."""
    mine = authenticator_table.c.account_id == account_id
    connection.execute(delete(authenticator_table).where(mine))


def _step_of(secret: str, code: str, now: float) -> int | None:
    """The half minute whose code this is, within the window around now."""
    digits = "".join(code.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(digits, for_time=now, valid_window=WINDOW)
    except OTPVerificationError:
        return None


def _locked(storage_key: bytes, account_id: bytes, secret: str, step: int) -> bytes:
    content = step.to_bytes(_STEP_BYTES) + secret.encode("ascii")
    return lock(storage_key, _CONTEXT + account_id, content)


def _unlocked(storage_key: bytes, account_id: bytes, locked: bytes) -> tuple[str, int]:
    content = unlock(storage_key, _CONTEXT + account_id, locked)
    return content[_STEP_BYTES:].decode("ascii"), int.from_bytes(content[:_STEP_BYTES])
