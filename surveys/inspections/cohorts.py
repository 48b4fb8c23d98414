"""Who is asked: the children of an inspection's cohort, as pseudonyms from the return.

In: decisions of the eligibility rules. Out: rows of the table ``cohort_member``, which this file
owns. A member's random id stays the same however often the return is imported.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
)

from surveys.database import metadata, writing
from surveys.inspections.eligibility import Decision

cohort_member_table = Table(
    "cohort_member",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("inspection_id", LargeBinary(16), nullable=False, index=True),
    Column("survey", String(60), nullable=False),
    Column("child", String(60), nullable=False),
    Column("audience", String(20), nullable=False),
    UniqueConstraint("inspection_id", "child"),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A child to be asked one survey. ``child`` is the return's identifier, never a name."""

    id: bytes
    inspection_id: bytes
    survey: str
    child: str
    audience: str


@dataclass(frozen=True, slots=True)
class CohortChange:
    """What an import did. ``stopped`` were members until a hard stop appeared in the return.

    Whoever holds an invitation made for one of ``stopped`` must withdraw it.
    """

    added: int
    kept: int
    stopped: tuple[bytes, ...]


def import_cohort(
    engine: Engine, inspection_id: bytes, decisions: Iterable[Decision]
) -> CohortChange:
    """Add every included child who is not yet a member: all of them, or none.

    A member who is already there keeps id, survey and audience, because an invitation may hang
    on them; a member whom a hard stop now names is removed. Raises ValueError, before anything
    is written, when a decision includes a child whom a hard stop names.
    """
    decided = tuple(decisions)
    if any(decision.included and decision.rule.is_hard_stop for decision in decided):
        raise ValueError("a hard stop can never be included")
    with writing(engine).begin() as connection:
        members = _members_by_child(connection, inspection_id)
        stopped = _remove_stopped(connection, members, decided)
        newcomers = _newcomers(inspection_id, members, decided)
        if newcomers:
            connection.execute(insert(cohort_member_table), newcomers)
    return CohortChange(len(newcomers), len(members) - len(stopped), stopped)


def members_of(engine: Engine, inspection_id: bytes, survey: str) -> list[Member]:
    """The members who are to be asked a survey, in the order of their random ids."""
    query = (
        select(cohort_member_table)
        .where(cohort_member_table.c.inspection_id == inspection_id)
        .where(cohort_member_table.c.survey == survey)
        .order_by(cohort_member_table.c.id)
    )
    with engine.connect() as connection:
        return [Member(**row._mapping) for row in connection.execute(query)]


def counts_by_audience(engine: Engine, inspection_id: bytes) -> dict[str, dict[str, int]]:
    """How many members there are, by survey and then by audience version."""
    table = cohort_member_table
    query = (
        select(table.c.survey, table.c.audience, func.count())
        .where(table.c.inspection_id == inspection_id)
        .group_by(table.c.survey, table.c.audience)
        .order_by(table.c.survey, table.c.audience)
    )
    counts: dict[str, dict[str, int]] = {}
    with engine.connect() as connection:
        for survey, audience, count in connection.execute(query):
            counts.setdefault(survey, {})[audience] = count
    return counts


def erase_members(connection: Connection, inspection_id: bytes, survey: str) -> int:
    """Erase everybody who was to be asked a survey, within a transaction. How many they were."""
    table = cohort_member_table
    step = delete(table).where(table.c.inspection_id == inspection_id, table.c.survey == survey)
    return connection.execute(step).rowcount


def _members_by_child(connection: Connection, inspection_id: bytes) -> dict[str, bytes]:
    table = cohort_member_table
    query = select(table.c.child, table.c.id).where(table.c.inspection_id == inspection_id)
    return {child: member_id for child, member_id in connection.execute(query)}


def _remove_stopped(
    connection: Connection, members: dict[str, bytes], decisions: tuple[Decision, ...]
) -> tuple[bytes, ...]:
    stopped = tuple(
        sorted(
            members[decision.child]
            for decision in decisions
            if decision.rule.is_hard_stop and decision.child in members
        )
    )
    for member_id in stopped:
        connection.execute(delete(cohort_member_table).where(cohort_member_table.c.id == member_id))
    return stopped


def _newcomers(
    inspection_id: bytes, members: dict[str, bytes], decisions: tuple[Decision, ...]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "id": secrets.token_bytes(16),
            "inspection_id": inspection_id,
            "survey": decision.survey,
            "child": decision.child,
            "audience": decision.audience,
        }
        for decision in decisions
        if decision.included and decision.child not in members
    ]
    return sorted(rows, key=lambda row: row["id"])
