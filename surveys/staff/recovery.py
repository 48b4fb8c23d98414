"""Recovery codes: ten ways in, each good once, for whoever has lost their phone or key.

In: an account. Out: ten codes, shown once. Kept is only a keyed digest of each: a code has 80
random bits, so nobody can try them all and no slow hash is needed, and without the site's pepper,
which is not in the database, a digest cannot even be checked.
"""

from __future__ import annotations

import base64
import hmac
import secrets

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    LargeBinary,
    Table,
    delete,
    func,
    insert,
    select,
)

from surveys.database import metadata, writing

CODES = 10
_CODE_BYTES = 10
_LABEL = b"heard recovery code/1"
_GROUP = 4
# What people read for letters that these codes do not have.
_MISREAD = str.maketrans({"0": "o", "1": "l", " ": None, "-": None})

recovery_code_table = Table(
    "recovery_code",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("account_id", LargeBinary(16), ForeignKey("account.id"), nullable=False),
    sqlite_with_rowid=False,
)


def replace_codes(engine: Engine, pepper: bytes, account_id: bytes) -> tuple[str, ...]:
    """Ten fresh codes; whatever codes there were open nothing any more."""
    codes = tuple(_fresh_code() for _ in range(CODES))
    rows = [
        {"digest": _digest(pepper, account_id, code), "account_id": account_id} for code in codes
    ]
    with writing(engine).begin() as connection:
        forget_codes(connection, account_id)
        connection.execute(insert(recovery_code_table), rows)
    return codes


def use_recovery_code(engine: Engine, pepper: bytes, account_id: bytes, typed: str) -> bool:
    """Whether this is one of the account's codes; then it is one no longer."""
    digest = _digest(pepper, account_id, typed)
    mine = recovery_code_table.c.account_id == account_id
    step = delete(recovery_code_table).where(mine, recovery_code_table.c.digest == digest)
    with writing(engine).begin() as connection:
        return connection.execute(step).rowcount == 1


def codes_left(engine: Engine, account_id: bytes) -> int:
    """How many codes still open the account."""
    query = select(func.count()).select_from(recovery_code_table)
    with engine.connect() as connection:
        found = connection.execute(query.where(recovery_code_table.c.account_id == account_id))
        return found.scalar_one()


def forget_codes(connection: Connection, account_id: bytes) -> None:
    """Take every code away, within a transaction."""
    mine = recovery_code_table.c.account_id == account_id
    connection.execute(delete(recovery_code_table).where(mine))


def _fresh_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode("ascii").lower()
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def _digest(pepper: bytes, account_id: bytes, code: str) -> bytes:
    plain = code.strip().lower().translate(_MISREAD)
    return hmac.digest(pepper, _LABEL + account_id + plain.encode("utf-8", "replace"), "sha256")
