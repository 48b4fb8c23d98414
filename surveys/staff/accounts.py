"""Accounts of the people behind the desk, and the one table they are kept in.

In: a name, a password, roles. Out: an Account. Accounts are closed, never deleted, so that a name
in the audit log always means the same person. Nothing here says when anybody did anything.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from surveys.audiences import Audience
from surveys.database import metadata, writing
from surveys.staff.duties import broken_duty
from surveys.staff.passwords import fits, hash_password

STAFF_ROLES = frozenset(Audience) - {Audience.PUBLIC, Audience.RESPONDENT}
LONGEST_NAME = 80

account_table = Table(
    "account",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False, unique=True),
    Column("password_hash", String(200), nullable=False),
    Column("roles", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("session_number", Integer, nullable=False, default=0),
    sqlite_with_rowid=False,
)


class AccountError(ValueError):
    """The account cannot be made or changed. The message says why."""


class NameTaken(AccountError):
    """There is an account with this name already, perhaps a closed one."""


class DutiesClash(AccountError):
    """One person may not hold these roles together. The message is the reason (duties.py)."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in to the desk, and as what.

    ``session_number`` is the one that the account's sessions must carry to count. Without a
    password the account waits for its owner to accept an invitation.
    """

    id: bytes
    name: str
    roles: frozenset[Audience]
    active: bool
    session_number: int = 0
    has_password: bool = True


def plain_name(name: str) -> str:
    """What makes two spellings one account: "  Sam  SMITH " and "sam smith" are the same."""
    return _tidy(name).casefold()


def add_account(engine: Engine, name: str, password: str, roles: Iterable[str]) -> Account:
    """Make an account. Raises AccountError, or UnfitPassword, and then has changed nothing."""
    password_hash = hash_password(password)
    with writing(engine).begin() as connection:
        return insert_account(connection, name, password_hash, roles)


def insert_account(
    connection: Connection, name: str, password_hash: str, roles: Iterable[str]
) -> Account:
    """Make an account within a transaction; with "" as hash no password opens it.

    Raises AccountError: NameTaken, DutiesClash, or another for a name or role that is none.
    """
    account = Account(
        secrets.token_bytes(16), _fit_name(name), _known_roles(roles), active=True,
        has_password=bool(password_hash),
    )  # fmt: skip
    if reason := broken_duty(account.roles):
        raise DutiesClash(reason)
    if _row_named(connection, account.name) is not None:
        raise NameTaken(f"There is already an account named {account.name!r}.")
    row = {
        "id": account.id,
        "name": account.name,
        "password_hash": password_hash,
        "roles": json.dumps(sorted(account.roles)),
        "active": True,
    }
    connection.execute(insert(account_table), row)
    return account


def account_for(engine: Engine, name: str, password: str) -> Account | None:
    """The active account that name and password open, or None.

    Takes as long for an account that is unknown, closed or without password as for a wrong one.
    """
    with engine.connect() as connection:
        row = _row_named(connection, name)
    if row is not None and not row.active:
        row = None
    right = fits(password, row.password_hash or None if row is not None else None)
    return _account(row) if row is not None and right else None


def account_with_id(engine: Engine, account_id: bytes) -> Account | None:
    """The account, open or closed, or None when there never was one."""
    with engine.connect() as connection:
        return account_in(connection, account_id)


def account_in(connection: Connection, account_id: bytes) -> Account | None:
    """The same within a transaction."""
    query = select(account_table).where(account_table.c.id == account_id)
    row = connection.execute(query).one_or_none()
    return _account(row) if row is not None else None


def all_accounts(engine: Engine) -> tuple[Account, ...]:
    """Every account, open and closed, by name."""
    with engine.connect() as connection:
        rows = connection.execute(select(account_table).order_by(account_table.c.name)).all()
    return tuple(_account(row) for row in rows)


def account_named(engine: Engine, name: str) -> Account:
    """The account with this name in any spelling. Raises AccountError when there is none."""
    with engine.connect() as connection:
        row = _row_named(connection, name)
    if row is None:
        raise AccountError(f"There is no account named {_tidy(name)!r}.")
    return _account(row)


def change_password(engine: Engine, name: str, password: str) -> Account:
    """Replace a password and end every session; the account as it is after.

    Raises AccountError for an unknown name, or UnfitPassword.
    """
    password_hash = hash_password(password)
    account = account_named(engine, name)
    with writing(engine).begin() as connection:
        number = put_password_hash(connection, account.id, password_hash)
    return replace(account, session_number=number, has_password=True)


def put_password_hash(connection: Connection, account_id: bytes, password_hash: str) -> int:
    """Store the hash, "" for no password, and end every session; the number of the next ones."""
    step = update(account_table).where(account_table.c.id == account_id)
    connection.execute(step.values(password_hash=password_hash))
    return raise_session_number(connection, account_id)


def raise_session_number(connection: Connection, account_id: bytes) -> int:
    """End every session of the account; gives the number that the next ones must carry."""
    mine = account_table.c.id == account_id
    raised = account_table.c.session_number + 1
    connection.execute(update(account_table).where(mine).values(session_number=raised))
    return connection.execute(select(account_table.c.session_number).where(mine)).scalar_one()


def end_sessions(engine: Engine, account_id: bytes, session_number: int) -> None:
    """End every session that carries this number; nothing when they have ended already.

    So an old cookie cannot end the sessions that were begun after it.
    """
    step = update(account_table).where(
        account_table.c.id == account_id, account_table.c.session_number == session_number
    )
    with writing(engine).begin() as connection:
        connection.execute(step.values(session_number=session_number + 1))


def close_account(engine: Engine, name: str) -> Account:
    """Let the account sign in no more. Raises AccountError for an unknown name."""
    return _change(engine, name, active=False)


def _change(engine: Engine, name: str, **values: object) -> Account:
    with writing(engine).begin() as connection:
        row = _row_named(connection, name)
        if row is None:
            raise AccountError(f"There is no account named {_tidy(name)!r}.")
        step = update(account_table).where(account_table.c.id == row.id)
        connection.execute(step.values(**values))
    return _account(row)


def _row_named(connection: Connection, name: str) -> Row | None:
    """The row with this name in any spelling. A site has dozens of accounts, so all are read."""
    wanted = plain_name(name)
    rows = connection.execute(select(account_table)).all()
    return next((row for row in rows if plain_name(row.name) == wanted), None)


def _account(row: Row) -> Account:
    roles = frozenset(Audience(role) for role in json.loads(row.roles))
    return Account(row.id, row.name, roles, row.active, row.session_number, bool(row.password_hash))


def _fit_name(name: str) -> str:
    tidy = _tidy(name)
    if not 1 <= len(tidy) <= LONGEST_NAME or not tidy.isprintable():
        raise AccountError(f"A name has 1 to {LONGEST_NAME} printable characters.")
    return tidy


def _tidy(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split())


def _known_roles(roles: Iterable[str]) -> frozenset[Audience]:
    found = frozenset(roles)
    if not found or not found <= {role.value for role in STAFF_ROLES}:
        raise AccountError("An account has one or more of: " + ", ".join(sorted(STAFF_ROLES)) + ".")
    return frozenset(Audience(role) for role in found)
