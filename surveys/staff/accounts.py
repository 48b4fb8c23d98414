"""Accounts of the people behind the desk, and the one table they are kept in.

In: a name, a password, roles. Out: an Account. Accounts are closed, never deleted, so that a name
in the audit log always means the same person. Nothing here says when anybody did anything.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from surveys.audiences import Audience
from surveys.database import metadata, writing
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
    sqlite_with_rowid=False,
)


class AccountError(ValueError):
    """The account cannot be made or changed. The message says why."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in to the desk, and as what."""

    id: bytes
    name: str
    roles: frozenset[Audience]
    active: bool


def plain_name(name: str) -> str:
    """The one spelling of a name: "  Sam  SMITH " and "sam smith" are the same account."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def add_account(engine: Engine, name: str, password: str, roles: Iterable[str]) -> Account:
    """Make an account. Raises AccountError, or UnfitPassword, and then has changed nothing."""
    account = Account(secrets.token_bytes(16), _fit_name(name), _known_roles(roles), active=True)
    row = {
        "id": account.id,
        "name": account.name,
        "password_hash": hash_password(password),
        "roles": json.dumps(sorted(account.roles)),
        "active": True,
    }
    try:
        with writing(engine).begin() as connection:
            connection.execute(insert(account_table), row)
    except IntegrityError:
        raise AccountError(f"There is already an account named {account.name!r}.") from None
    return account


def account_for(engine: Engine, name: str, password: str) -> Account | None:
    """The active account that name and password open, or None.

    Takes as long for an unknown or closed account as for a wrong password.
    """
    query = select(account_table).where(account_table.c.name == plain_name(name))
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    usable = row is not None and row.active
    if not fits(password, row.password_hash if row is not None and usable else None):
        return None
    return _account(row) if row is not None else None


def account_with_id(engine: Engine, account_id: bytes) -> Account | None:
    """The account, open or closed, or None when there never was one."""
    query = select(account_table).where(account_table.c.id == account_id)
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return _account(row) if row is not None else None


def all_accounts(engine: Engine) -> tuple[Account, ...]:
    """Every account, open and closed, by name."""
    with engine.connect() as connection:
        rows = connection.execute(select(account_table).order_by(account_table.c.name)).all()
    return tuple(_account(row) for row in rows)


def change_password(engine: Engine, name: str, password: str) -> None:
    """Replace a password. Raises AccountError for an unknown name, or UnfitPassword."""
    _change(engine, name, password_hash=hash_password(password))


def close_account(engine: Engine, name: str) -> None:
    """Let the account sign in no more. Raises AccountError for an unknown name."""
    _change(engine, name, active=False)


def _change(engine: Engine, name: str, **values: object) -> None:
    change = update(account_table).where(account_table.c.name == plain_name(name)).values(**values)
    with writing(engine).begin() as connection:
        if connection.execute(change).rowcount != 1:
            raise AccountError(f"There is no account named {plain_name(name)!r}.")


def _account(row: Row) -> Account:
    roles = frozenset(Audience(role) for role in json.loads(row.roles))
    return Account(row.id, row.name, roles, row.active)


def _fit_name(name: str) -> str:
    plain = plain_name(name)
    if not 1 <= len(plain) <= LONGEST_NAME or not plain.isprintable():
        raise AccountError(f"A name has 1 to {LONGEST_NAME} printable characters.")
    return plain


def _known_roles(roles: Iterable[str]) -> frozenset[Audience]:
    found = frozenset(roles)
    if not found or not found <= {role.value for role in STAFF_ROLES}:
        raise AccountError("An account has one or more of: " + ", ".join(sorted(STAFF_ROLES)) + ".")
    return frozenset(Audience(role) for role in found)
