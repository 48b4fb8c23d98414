"""The inspection record: which authority, which framework, which day was Day 1.

In: what was announced. Out: rows of the table ``inspection``, which this file owns. The id is
random, so it tells neither how many inspections there were nor in what order.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    LargeBinary,
    Select,
    String,
    Table,
    insert,
    select,
)

from surveys.database import metadata, writing
from surveys.inspections.working_days import require_working_day

inspection_table = Table(
    "inspection",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("authority", String(200), nullable=False),
    Column("framework", String(40), nullable=False),
    Column("day_1", Date, nullable=False),
    Column("title", String(200), nullable=False),
    Column("invented", Boolean, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Inspection:
    """One inspection (or annual round). ``invented`` marks demonstrations for ever."""

    id: bytes
    authority: str
    framework: str
    day_1: date
    title: str
    invented: bool


def open_inspection(
    engine: Engine,
    *,
    authority: str,
    framework: str,
    day_1: date,
    title: str,
    invented: bool = False,
) -> Inspection:
    """Record a new inspection and return it. Raises NotAWorkingDay for an impossible Day 1."""
    require_working_day(day_1)
    inspection = Inspection(secrets.token_bytes(16), authority, framework, day_1, title, invented)
    with writing(engine).begin() as connection:
        connection.execute(insert(inspection_table), _as_row(inspection))
    return inspection


def inspection_by_id(engine: Engine, inspection_id: bytes) -> Inspection | None:
    """The inspection with this id, or None."""
    query = select(inspection_table).where(inspection_table.c.id == inspection_id)
    with engine.connect() as connection:
        found = _inspections(connection, query)
    return found[0] if found else None


def inspections(engine: Engine) -> list[Inspection]:
    """Every inspection, the latest Day 1 first; equal days in the order of their random ids."""
    query = select(inspection_table).order_by(
        inspection_table.c.day_1.desc(), inspection_table.c.id
    )
    with engine.connect() as connection:
        return _inspections(connection, query)


def _inspections(connection: Connection, query: Select[Any]) -> list[Inspection]:
    return [Inspection(**row._mapping) for row in connection.execute(query)]


def _as_row(inspection: Inspection) -> dict[str, object]:
    return {column: getattr(inspection, column) for column in inspection_table.c.keys()}  # noqa: SIM118
