"""The register of invitations: who was offered a survey, and nothing of what became of it.

Holds no code, no hash of one, no slot and no time. A code is made again from the credential seed
and the invitation's random id, so a lost card is reprinted identically. After the close the
register is erased (surveys/retention); how many were invited, by audience, stays.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from surveys.database import metadata, writing
from surveys.invitations.withdrawn import (
    forget_withdrawn_members,
    members_withdrawn,
    note_withdrawn,
)

invitation_table = Table(
    "invitation",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("wave_id", LargeBinary(16), nullable=False, index=True),
    Column("member_id", LargeBinary(16), nullable=True),
    Column("audience", String(20), nullable=False),
    Column("channel", String(10), nullable=False),
    sqlite_with_rowid=False,
)
invitation_count_table = Table(
    "invitation_count",
    metadata,
    Column("wave_id", LargeBinary(16), primary_key=True),
    Column("audience", String(20), primary_key=True),
    Column("invited", Integer, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """One person asked to take part in one wave, by card (five words) or link."""

    id: bytes
    wave_id: bytes
    member_id: bytes | None
    audience: str
    channel: str


def new_invitation(
    wave_id: bytes, audience: str, channel: str, member_id: bytes | None = None
) -> Invitation:
    """An invitation with a random id. ``channel`` is "card" or "link"."""
    return Invitation(secrets.token_bytes(16), wave_id, member_id, audience, channel)


def add_invitations(engine: Engine, invitations: Iterable[Invitation]) -> None:
    """Store invitations, all or none, in the order of their random ids."""
    rows = [
        {
            "id": invitation.id,
            "wave_id": invitation.wave_id,
            "member_id": invitation.member_id,
            "audience": invitation.audience,
            "channel": invitation.channel,
        }
        for invitation in sorted(invitations, key=lambda invitation: invitation.id)
    ]
    if rows:
        with writing(engine).begin() as connection:
            connection.execute(insert(invitation_table), rows)


def invitations_of(engine: Engine, wave_id: bytes) -> Iterator[Invitation]:
    """Every invitation of a wave, in the order of random ids."""
    query = select(invitation_table).where(invitation_table.c.wave_id == wave_id)
    with engine.connect() as connection:
        for row in connection.execute(query.order_by(invitation_table.c.id)):
            yield Invitation(**row._mapping)


def members_invited(engine: Engine, wave_id: bytes) -> frozenset[bytes]:
    """Cohort members who have an invitation or had one withdrawn, so that nobody is asked twice."""
    invited = (invitation.member_id for invitation in invitations_of(engine, wave_id))
    there = frozenset(member for member in invited if member is not None)
    return there | members_withdrawn(engine, wave_id)


def invited_by_audience(engine: Engine, wave_id: bytes) -> dict[str, int]:
    """How many were invited, by audience version; those whose invitation was erased count too."""
    with engine.connect() as connection:
        return _still_there(connection, wave_id) + _counted(connection, wave_id)


def take_out(connection: Connection, invitation: Invitation) -> bool:
    """Take a withdrawn invitation out of the register, within a transaction. False if it is gone.

    It still counts as invited, because it was, and as withdrawn.
    """
    table, counts = invitation_table, invitation_count_table
    if not connection.execute(delete(table).where(table.c.id == invitation.id)).rowcount:
        return False
    key = {"wave_id": invitation.wave_id, "audience": invitation.audience}
    same = [counts.c[name] == value for name, value in key.items()]
    more = update(counts).where(*same).values(invited=counts.c.invited + 1)
    if not connection.execute(more).rowcount:
        connection.execute(insert(counts).values({**key, "invited": 1}))
    note_withdrawn(connection, invitation.wave_id, invitation.audience, invitation.member_id)
    return True


def erase_invitations(connection: Connection, wave_id: bytes) -> int:
    """Erase every invitation of a wave but for the counts, within a transaction. How many."""
    forget_withdrawn_members(connection, wave_id)
    there = _still_there(connection, wave_id)
    if there:
        invited = there + _counted(connection, wave_id)
        for table in (invitation_table, invitation_count_table):
            connection.execute(delete(table).where(table.c.wave_id == wave_id))
        rows = [
            {"wave_id": wave_id, "audience": audience, "invited": count}
            for audience, count in sorted(invited.items())
        ]
        connection.execute(insert(invitation_count_table), rows)
    return there.total()


def _still_there(connection: Connection, wave_id: bytes) -> Counter[str]:
    query = (
        select(invitation_table.c.audience, func.count())
        .where(invitation_table.c.wave_id == wave_id)
        .group_by(invitation_table.c.audience)
    )
    return Counter({audience: count for audience, count in connection.execute(query)})


def _counted(connection: Connection, wave_id: bytes) -> Counter[str]:
    table = invitation_count_table
    query = select(table.c.audience, table.c.invited).where(table.c.wave_id == wave_id)
    return Counter({audience: count for audience, count in connection.execute(query)})
