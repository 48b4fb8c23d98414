"""Addresses that want no more mail: as keyed hashes, which outlive the contacts.

In: the hash of an address and a month. Out: rows of the table ``opt_out``, which this file owns.
Whoever has the site's storage key can ask whether one address is in it, and read nothing out of it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
)

from surveys.database import metadata, writing
from surveys.retention.rules import months_after

opt_out_table = Table(
    "opt_out",
    metadata,
    Column("address_hash", LargeBinary(16), primary_key=True),
    Column("kept_until", String(7), nullable=False),
    sqlite_with_rowid=False,
)


def keep_out(engine: Engine, address_hash: bytes, today: date, months: int) -> None:
    """Send this address no more mail. It is kept for so many whole months: no day is written."""
    row = {"address_hash": address_hash, "kept_until": _month(months_after(today, months + 1))}
    with writing(engine).begin() as connection:
        _take_out(connection, address_hash)
        connection.execute(insert(opt_out_table).values(row))


def let_in(engine: Engine, address_hash: bytes) -> bool:
    """Send this address mail again, because its owner asked. Whether it was kept out."""
    with writing(engine).begin() as connection:
        return _take_out(connection, address_hash)


def is_out(engine: Engine, address_hash: bytes) -> bool:
    """Whether an address wants no mail."""
    table = opt_out_table
    query = select(table.c.address_hash).where(table.c.address_hash == address_hash)
    with engine.connect() as connection:
        return connection.execute(query).first() is not None


def all_out(connection: Connection) -> frozenset[bytes]:
    """The hash of every address that wants no mail."""
    return frozenset(connection.execute(select(opt_out_table.c.address_hash)).scalars())


def forget_old(connection: Connection, today: date) -> int:
    """Erase what has been kept as long as the site's rule says, within a transaction. How many."""
    table = opt_out_table
    step = delete(table).where(table.c.kept_until <= _month(today))
    return connection.execute(step).rowcount


def _take_out(connection: Connection, address_hash: bytes) -> bool:
    table = opt_out_table
    step = delete(table).where(table.c.address_hash == address_hash)
    return connection.execute(step).rowcount == 1


def _month(day: date) -> str:
    return day.isoformat()[:7]
