"""How many have answered, in tens, as of a night: the only count that the console may show.

In: the exact count, for as long as it takes to round it. Out: at least so many, or nothing.
Only the rounded figure is stored, so neither the database nor a backup knows more than the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    Engine,
    Insert,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    Update,
    insert,
    select,
    update,
)

from surveys.database import metadata, writing

SMALLEST_GROUP = 10

wave_progress_table = Table(
    "wave_progress",
    metadata,
    Column("wave_id", LargeBinary(16), primary_key=True),
    Column("offered", Integer, nullable=False),
    Column("answered_rounded", Integer, nullable=True),
    Column("counted_on", String(10), nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Progress:
    """A wave's progress on the night it was counted. ``at_least`` is None below ten."""

    offered: int
    at_least: int | None
    counted_on: date

    @property
    def is_too_small_to_count(self) -> bool:
        """Whether so few were asked that any figure could point at somebody."""
        return self.offered < 2 * SMALLEST_GROUP


def at_least(offered: int, finals: int) -> int | None:
    """The figure that may be shown: whole tens, and None below ten.

    Those who have not answered are a group too: the figure stops where fewer than ten of them
    would remain, so "at least 40" never means everybody, or everybody but one.
    """
    shown = min(finals, offered - SMALLEST_GROUP) // SMALLEST_GROUP * SMALLEST_GROUP
    return shown if shown >= SMALLEST_GROUP else None


def take_progress(engine: Engine, wave_id: bytes, offered: int, finals: int, today: date) -> None:
    """Store a wave's rounded figure. It never falls, because a release empties the slots."""
    figure = at_least(offered, finals)
    with writing(engine).begin() as connection:
        row = connection.execute(_row_of(wave_id).with_for_update()).one_or_none()
        if row is None:
            step: Insert | Update = insert(wave_progress_table).values(wave_id=wave_id)
        else:
            figure = max(figure or 0, row.answered_rounded or 0) or None
            step = update(wave_progress_table).where(wave_progress_table.c.wave_id == wave_id)
        connection.execute(
            step.values(offered=offered, answered_rounded=figure, counted_on=today.isoformat())
        )


def progress_of(engine: Engine, wave_id: bytes) -> Progress | None:
    """A wave's progress on its last night, or None when it was never counted."""
    with engine.connect() as connection:
        row = connection.execute(_row_of(wave_id)).one_or_none()
    return _progress(row) if row is not None else None


def _row_of(wave_id: bytes) -> Select[Any]:
    return select(wave_progress_table).where(wave_progress_table.c.wave_id == wave_id)


def _progress(row: Row) -> Progress:
    return Progress(row.offered, row.answered_rounded, date.fromisoformat(row.counted_on))
