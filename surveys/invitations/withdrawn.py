"""Who was taken out again: cohort members who are not to be asked another time, and how many.

In: a connection and a wave. Out: rows of ``withdrawn_member`` and ``withdrawn_count``, which this
file owns. Members go with the register of invitations; how many there were, by audience, stays.
Neither says which invitation it was, what became of it, or when.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from surveys.database import metadata

withdrawn_member_table = Table(
    "withdrawn_member",
    metadata,
    Column("wave_id", LargeBinary(16), primary_key=True),
    Column("member_id", LargeBinary(16), primary_key=True),
    sqlite_with_rowid=False,
)
withdrawn_count_table = Table(
    "withdrawn_count",
    metadata,
    Column("wave_id", LargeBinary(16), primary_key=True),
    Column("audience", String(20), primary_key=True),
    Column("withdrawn", Integer, nullable=False),
    sqlite_with_rowid=False,
)


def note_withdrawn(
    connection: Connection, wave_id: bytes, audience: str, member_id: bytes | None
) -> None:
    """Count one invitation as withdrawn, and never ask its member again, within a transaction."""
    table = withdrawn_count_table
    same = (table.c.wave_id == wave_id, table.c.audience == audience)
    more = update(table).where(*same).values(withdrawn=table.c.withdrawn + 1)
    if not connection.execute(more).rowcount:
        first = {"wave_id": wave_id, "audience": audience, "withdrawn": 1}
        connection.execute(insert(table).values(first))
    if member_id is not None:
        member = {"wave_id": wave_id, "member_id": member_id}
        connection.execute(insert(withdrawn_member_table).values(member))


def members_withdrawn(engine: Engine, wave_id: bytes) -> frozenset[bytes]:
    """The cohort members of a wave who are not to be asked again."""
    table = withdrawn_member_table
    query = select(table.c.member_id).where(table.c.wave_id == wave_id)
    with engine.connect() as connection:
        return frozenset(connection.execute(query).scalars())


def withdrawn_by_audience(engine: Engine, wave_id: bytes) -> dict[str, int]:
    """How many invitations were withdrawn, by audience version. They count as invited, too."""
    table = withdrawn_count_table
    query = select(table.c.audience, table.c.withdrawn).where(table.c.wave_id == wave_id)
    with engine.connect() as connection:
        return {audience: count for audience, count in connection.execute(query)}


def forget_withdrawn_members(connection: Connection, wave_id: bytes) -> None:
    """Erase who was taken out of a wave, within a transaction; how many they were stays."""
    table = withdrawn_member_table
    connection.execute(delete(table).where(table.c.wave_id == wave_id))
