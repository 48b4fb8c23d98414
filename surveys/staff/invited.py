"""Invitations to an account: a one-time code with which somebody chooses their own password.

In: a name and roles, or an account that has lost its way in. Out: a code of 128 random bits, shown
once, good for some days. Kept is a keyed digest of it and the last day. Nobody but the person who
accepts ever knows the password.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
)

from surveys.database import metadata, writing
from surveys.invitations.codes import SECRET_LENGTH, link_text, secret_from_link
from surveys.staff.accounts import (
    Account,
    AccountError,
    DutiesClash,
    account_in,
    account_named,
    insert_account,
    put_password_hash,
)
from surveys.staff.authenticator import forget_authenticator
from surveys.staff.duties import broken_duty
from surveys.staff.passkeys import forget_passkeys
from surveys.staff.passwords import at_the_door, hash_password
from surveys.staff.recovery import forget_codes

USUAL_DAYS = 3
MOST_DAYS = 30
_LABEL = b"heard staff invitation/1"

invitation_table = Table(
    "staff_invitation",
    metadata,
    Column("account_id", LargeBinary(16), ForeignKey("account.id"), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("last_day", String(10), nullable=False),
    sqlite_with_rowid=False,
)


class NoInvitation(ValueError):
    """The code opens no invitation: mistyped, used already, or replaced by a newer one."""


class InvitationEnded(NoInvitation):
    """The code was right, and its last day is over."""


def invite(
    engine: Engine, pepper: bytes, name: str, roles: Iterable[str], last_day: date
) -> tuple[Account, str]:
    """Make an account without a password, and the code that gives it one. Raises AccountError."""
    with writing(engine).begin() as connection:
        account = insert_account(connection, name, "", roles)
        return account, _new_code(connection, pepper, account.id, last_day)


def invite_again(engine: Engine, pepper: bytes, name: str, last_day: date) -> tuple[Account, str]:
    """Take password, second factors and sessions away, and make a code to begin anew.

    Raises AccountError for an unknown name or a closed account, DutiesClash for roles that one
    person may not hold together; then nothing has changed.
    """
    account = account_named(engine, name)
    if not account.active:
        raise AccountError(f"The account {account.name!r} is closed.")
    if reason := broken_duty(account.roles):
        raise DutiesClash(reason)
    with writing(engine).begin() as connection:
        forget_authenticator(connection, account.id)
        forget_passkeys(connection, account.id)
        forget_codes(connection, account.id)
        put_password_hash(connection, account.id, "")
        return account, _new_code(connection, pepper, account.id, last_day)


def accept(engine: Engine, pepper: bytes, typed: str, password: str, today: date) -> Account:
    """Give the invited account its password; the code is used up by it.

    Raises NoInvitation, InvitationEnded, DutiesClash, UnfitPassword or DoorCrowded, and then has
    changed nothing. Only a right code has a password hashed, which is slow on purpose.
    """
    digest = _digest(pepper, typed)
    with engine.connect() as connection:
        _invited_by(connection, digest, today)
    with at_the_door():
        password_hash = hash_password(password)
    with writing(engine).begin() as connection:
        account = _invited_by(connection, digest, today)
        forget_invitation(connection, account.id)
        number = put_password_hash(connection, account.id, password_hash)
    return replace(account, session_number=number, has_password=True)


def invited_until(engine: Engine) -> dict[bytes, date]:
    """The last day of every invitation that nobody has accepted, by account."""
    with engine.connect() as connection:
        rows = connection.execute(select(invitation_table)).all()
    return {row.account_id: date.fromisoformat(row.last_day) for row in rows}


def forget_invitation(connection: Connection, account_id: bytes) -> None:
    """Take the account's invitation away, within a transaction."""
    mine = invitation_table.c.account_id == account_id
    connection.execute(delete(invitation_table).where(mine))


def _invited_by(connection: Connection, digest: bytes, today: date) -> Account:
    query = select(invitation_table).where(invitation_table.c.digest == digest)
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        raise NoInvitation("This code opens no invitation.")
    if today.isoformat() > row.last_day:
        raise InvitationEnded("This invitation has ended.")
    account = account_in(connection, row.account_id)
    if account is None or not account.active:
        raise NoInvitation("The account has been closed.")
    if reason := broken_duty(account.roles):
        raise DutiesClash(reason)
    return account


def _new_code(connection: Connection, pepper: bytes, account_id: bytes, last_day: date) -> str:
    code = link_text(secrets.token_bytes(SECRET_LENGTH))
    forget_invitation(connection, account_id)
    row = {
        "account_id": account_id,
        "digest": _digest(pepper, code),
        "last_day": date(last_day.year, last_day.month, last_day.day).isoformat(),
    }
    connection.execute(insert(invitation_table), row)
    return code


def _digest(pepper: bytes, typed: str) -> bytes:
    secret = secret_from_link(typed.rpartition("#")[2])
    if secret is None:
        raise NoInvitation("This is not the code of an invitation.")
    return hmac.digest(pepper, _LABEL + secret, "sha256")
