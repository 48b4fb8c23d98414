"""The responses of released waves, still sealed to the analyst.

In: envelopes, from release.py alone and all of a wave at once. Out: envelopes in the order of
their random ids. A row has nothing else: no time, no sequence, no person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Column, Connection, Engine, LargeBinary, Table, func, insert, select

from surveys.database import metadata

_AT_ONCE = 200

response_table = Table(
    "response",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("wave_id", LargeBinary(16), nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)


def add_responses(connection: Connection, wave_id: bytes, envelopes: Mapping[bytes, bytes]) -> None:
    """Insert envelopes by response id, in the order of the ids, within a transaction."""
    rows = [
        {"id": response_id, "wave_id": wave_id, "envelope": envelopes[response_id]}
        for response_id in sorted(envelopes)
    ]
    if rows:
        connection.execute(insert(response_table), rows)


def envelopes_of(engine: Engine, wave_id: bytes) -> Iterator[bytes]:
    """Every envelope of a wave, in the order of random ids, without holding them all at once."""
    query = select(response_table.c.envelope).where(response_table.c.wave_id == wave_id)
    with engine.connect() as connection:
        streaming = connection.execution_options(yield_per=_AT_ONCE)
        yield from streaming.execute(query.order_by(response_table.c.id)).scalars()


def count_responses(engine: Engine, wave_id: bytes) -> int:
    """How many responses of a wave have been released."""
    query = select(func.count()).where(response_table.c.wave_id == wave_id)
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


def fingerprint_of(envelopes: Iterable[bytes]) -> bytes:
    """One hash over all envelopes of a wave, so that a row added, lost or changed is noticed."""
    hashes = sorted(hashlib.sha256(envelope).digest() for envelope in envelopes)
    return hashlib.sha256(b"".join(hashes)).digest()
