"""The record of what was erased: so that a run that was interrupted ends rightly when run again.

In: an erasure, within the very transaction that erases. Out: rows of the table ``erasure``, which
this file owns, with counts in tens only. What is recorded and not yet certified is certified by
the next run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from surveys.database import metadata, writing

erasure_table = Table(
    "erasure",
    metadata,
    Column("subject", LargeBinary(16), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("title", String(300), nullable=False),
    Column("erased_on", String(10), nullable=False),
    Column("counts", Text, nullable=False),
    Column("stage", String(10), nullable=False),
    sqlite_with_rowid=False,
)


class Kind(StrEnum):
    """What can be erased: whom a wave invited, a cohort, unfinished drafts, sealed answers."""

    CONTACTS = "contacts"
    COHORT = "cohort"
    DRAFTS = "drafts"
    ANSWERS = "answers"


class Stage(StrEnum):
    """How far an erasure has come: rows gone, said in a certificate, nothing left to be done."""

    ERASED = "erased"
    CERTIFIED = "certified"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased of one wave or cohort, on which day; counts are words, in tens."""

    subject: bytes
    kind: Kind
    title: str
    erased_on: date
    counts: Mapping[str, str]
    stage: Stage = Stage.ERASED


def record_erasure(connection: Connection, erasure: Erasure) -> None:
    """Keep an erasure in place of an earlier one of the same, within a transaction."""
    row = {
        "subject": erasure.subject,
        "kind": erasure.kind.value,
        "erased_on": erasure.erased_on.isoformat(),
        "title": erasure.title,
        "counts": json.dumps(dict(erasure.counts)),
        "stage": erasure.stage.value,
    }
    table = erasure_table
    same = (table.c.subject == erasure.subject, table.c.kind == erasure.kind.value)
    connection.execute(delete(table).where(*same))
    connection.execute(insert(table).values(row))


def advance(engine: Engine, erasure: Erasure, stage: Stage) -> None:
    """Say how far an erasure has come."""
    table = erasure_table
    step = update(table).where(
        table.c.subject == erasure.subject, table.c.kind == erasure.kind.value
    )
    with writing(engine).begin() as connection:
        connection.execute(step.values(stage=stage.value))


def erasure_of(engine: Engine, subject: bytes, kind: Kind) -> Erasure | None:
    """What was erased of this, if anything was."""
    table = erasure_table
    query = select(table).where(table.c.subject == subject, table.c.kind == kind.value)
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return _erasure(row) if row is not None else None


def unfinished(engine: Engine) -> tuple[Erasure, ...]:
    """Every erasure after which something is left to be done."""
    table = erasure_table
    query = select(table).where(table.c.stage != Stage.COMPLETE.value)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(table.c.kind, table.c.subject)).all()
    return tuple(map(_erasure, rows))


def in_tens(count: int) -> str:
    """A count of people as it may be written down: never exact."""
    if not count:
        return "none"
    return "fewer than 10" if count < 10 else f"at least {count // 10 * 10}"


def _erasure(row: Row[Any]) -> Erasure:
    return Erasure(
        row.subject,
        Kind(row.kind),
        row.title,
        date.fromisoformat(row.erased_on),
        json.loads(row.counts),
        Stage(row.stage),
    )
