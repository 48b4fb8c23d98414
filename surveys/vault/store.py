"""The responses of released waves, still sealed to the analyst.

In: envelopes and their manifest, from release.py alone and all of a wave at once. Out: envelopes in
the order of their random ids. A row has nothing else: no time, no sequence, no person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from surveys.database import metadata
from surveys.vault.manifest import SignedManifest

_AT_ONCE = 200

response_table = Table(
    "response",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("wave_id", LargeBinary(16), nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
manifest_table = Table(
    "release_manifest",
    metadata,
    Column("wave_id", LargeBinary(16), primary_key=True),
    Column("document", LargeBinary, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
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
    ordered, streaming = query.order_by(response_table.c.id), {"yield_per": _AT_ONCE}
    with (
        engine.connect() as connection,
        connection.execute(ordered, execution_options=streaming) as rows,
    ):
        yield from rows.scalars()


def replace_envelopes(connection: Connection, envelopes: Mapping[bytes, bytes]) -> None:
    """Store other envelopes under the same response ids, within a transaction."""
    for response_id in sorted(envelopes):
        row = update(response_table).where(response_table.c.id == response_id)
        connection.execute(row.values(envelope=envelopes[response_id]))


def count_responses(engine: Engine, wave_id: bytes) -> int:
    """How many responses of a wave have been released."""
    query = select(func.count()).where(response_table.c.wave_id == wave_id)
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


def delete_responses(connection: Connection, wave_id: bytes) -> int:
    """Delete every response of a wave, and its manifest, within a transaction. How many."""
    connection.execute(delete(manifest_table).where(manifest_table.c.wave_id == wave_id))
    step = delete(response_table).where(response_table.c.wave_id == wave_id)
    return connection.execute(step).rowcount


def add_manifest(connection: Connection, wave_id: bytes, signed: SignedManifest) -> None:
    """Store the manifest of a wave's release, within its transaction."""
    row = {"wave_id": wave_id, "document": signed.document, "signature": signed.signature}
    connection.execute(insert(manifest_table).values(row))


def manifest_of(engine: Engine, wave_id: bytes) -> SignedManifest | None:
    """The manifest of a wave's release as it lies there; nothing is verified here."""
    query = select(manifest_table.c.document, manifest_table.c.signature)
    with engine.connect() as connection:
        row = connection.execute(query.where(manifest_table.c.wave_id == wave_id)).one_or_none()
    return SignedManifest(row.document, row.signature) if row else None
