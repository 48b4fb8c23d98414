"""The waves: one round of one survey in one inspection, and how far it has come.

In: a survey and its window, to the minute. Out: Wave values. The vault has no clock: opening and
closing are somebody's act, and whoever asks about the window brings the time.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    UniqueConstraint,
    insert,
    select,
    update,
)

from questionnaires.fingerprint import instrument_hash
from questionnaires.model import Survey
from questionnaires.responses import largest_response_bytes
from surveys.database import metadata, writing
from surveys.vault.envelope import ID_LENGTH, HeaderFields, survey_id

PADDING_STEP = 1024
DAY_BEGINS, DAY_ENDS = time(0, 0), time(23, 59)
GRACE = timedelta(hours=1)
_ONE_MINUTE = timedelta(minutes=1)

wave_table = Table(
    "wave",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("inspection_id", LargeBinary(16), nullable=False),
    Column("survey", String(60), nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("opens_on", String(10), nullable=False),
    Column("closes_on", String(10), nullable=False),
    Column("padded_length", Integer, nullable=False),
    Column("instrument_hash", LargeBinary(32), nullable=False),
    Column("single_custodian", Boolean, nullable=False),
    Column("opens_at", String(5), nullable=False, server_default="00:00"),
    Column("closes_at", String(5), nullable=False, server_default="23:59"),
    Column("closed_on", String(10), nullable=True),
    Column("retention_until", String(10), nullable=True),
    UniqueConstraint("inspection_id", "survey", "number"),
    sqlite_with_rowid=False,
)


class WaveStatus(StrEnum):
    """How far a wave has come."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    RELEASED = "released"
    PUBLISHED = "published"


# Reopening is allowed until the release; nothing leads back from there. The release itself is
# made by release.py alone, together with moving the rows.
_NEXT = {
    WaveStatus.OPEN: (WaveStatus.PREPARED, WaveStatus.CLOSED),
    WaveStatus.CLOSED: (WaveStatus.OPEN,),
    WaveStatus.PUBLISHED: (WaveStatus.RELEASED,),
}


class WrongStatus(Exception):
    """The wave is not where it would have to be for this step."""


@dataclass(frozen=True, slots=True)
class Wave:
    """One round of one survey in one inspection."""

    id: bytes
    inspection_id: bytes
    survey: str
    number: int
    status: WaveStatus
    opens_on: date
    closes_on: date
    padded_length: int
    instrument_hash: bytes
    single_custodian: bool
    opens_at: time = DAY_BEGINS
    closes_at: time = DAY_ENDS
    closed_on: date | None = None
    retention_until: date | None = None

    @property
    def ended_on(self) -> date:
        """The day from which on nobody answers: that of closing, or the last of the window."""
        open_again = self.status in (WaveStatus.PREPARED, WaveStatus.OPEN)
        return self.closes_on if open_again or self.closed_on is None else self.closed_on

    def takes_answers(self, now: datetime, *, inside: bool) -> bool:
        """Whether answers are taken now; the minute of closing still counts.

        Whoever was inside by then has an hour more to finish. The zone is that of ``now``.
        """
        if self.status is not WaveStatus.OPEN:
            return False
        opens = datetime.combine(self.opens_on, self.opens_at, now.tzinfo)
        closes = datetime.combine(self.closes_on, self.closes_at, now.tzinfo) + _ONE_MINUTE
        return opens <= now < (closes + GRACE if inside else closes)

    @property
    def header(self) -> HeaderFields:
        """What every envelope of the wave says in its header."""
        survey = survey_id(self.inspection_id, self.survey)
        return HeaderFields(survey, self.instrument_hash, self.number)


def prepare_wave(
    engine: Engine,
    survey: Survey,
    inspection_id: bytes,
    opens_on: date,
    closes_on: date,
    *,
    number: int = 1,
    single_custodian: bool = True,
    opens_at: time = DAY_BEGINS,
    closes_at: time = DAY_ENDS,
    retention_until: date | None = None,
) -> Wave:
    """Store a new wave, not yet open. Raises ValueError when it would close before it opens."""
    if (closes_on, closes_at) < (opens_on, opens_at):
        raise ValueError("a wave cannot close before it opens")
    wave = Wave(
        secrets.token_bytes(ID_LENGTH),
        inspection_id,
        survey.id,
        number,
        WaveStatus.PREPARED,
        opens_on,
        closes_on,
        padded_length(survey),
        instrument_hash(survey),
        single_custodian,
        opens_at,
        closes_at,
        retention_until=retention_until,
    )
    add_wave(engine, wave)
    return wave


def padded_length(survey: Survey) -> int:
    """The one length of all responses: the longest that any version allows, in whole KiB."""
    longest = max(largest_response_bytes(version) for version in survey.questionnaires)
    return -(-longest // PADDING_STEP) * PADDING_STEP


def add_wave(engine: Engine, wave: Wave) -> None:
    """Store a wave as it is."""
    row = {column: getattr(wave, column) for column in wave_table.columns.keys()}  # noqa: SIM118
    row |= {
        "status": wave.status.value,
        "opens_on": wave.opens_on.isoformat(),
        "closes_on": wave.closes_on.isoformat(),
        "opens_at": wave.opens_at.isoformat("minutes"),
        "closes_at": wave.closes_at.isoformat("minutes"),
        "closed_on": wave.closed_on.isoformat() if wave.closed_on else None,
        "retention_until": wave.retention_until.isoformat() if wave.retention_until else None,
    }
    with writing(engine).begin() as connection:
        connection.execute(insert(wave_table).values(row))


def find_wave(engine: Engine, wave_id: bytes) -> Wave | None:
    """The wave with this id, if there is one."""
    with engine.connect() as connection:
        query = select(wave_table).where(wave_table.c.id == wave_id)
        row = connection.execute(query).one_or_none()
    return wave_from_row(row) if row else None


def all_waves(engine: Engine, inspection_id: bytes | None = None) -> list[Wave]:
    """Every wave, or those of one inspection: by survey, then number."""
    query = select(wave_table).order_by(wave_table.c.survey, wave_table.c.number, wave_table.c.id)
    if inspection_id is not None:
        query = query.where(wave_table.c.inspection_id == inspection_id)
    with engine.connect() as connection:
        return [wave_from_row(row) for row in connection.execute(query)]


def note_single_custodian(engine: Engine, wave_id: bytes) -> None:
    """Note that one person holds both keys of a wave; nothing ever takes this back."""
    noted = update(wave_table).where(wave_table.c.id == wave_id).values(single_custodian=True)
    with writing(engine).begin() as connection:
        connection.execute(noted)


def set_status(engine: Engine, wave_id: bytes, status: WaveStatus) -> None:
    """Take a wave one step on. Raises WrongStatus when the step is not the next one."""
    with writing(engine).begin() as connection:
        move_wave(connection, wave_id, _NEXT.get(status, ()), status)


def note_closed(connection: Connection, wave_id: bytes, day: date) -> None:
    """Close an open wave and keep the day, within a transaction. Raises WrongStatus."""
    move_wave(connection, wave_id, _NEXT[WaveStatus.CLOSED], WaveStatus.CLOSED)
    step = update(wave_table).where(wave_table.c.id == wave_id)
    connection.execute(step.values(closed_on=day.isoformat()))


def set_retention(engine: Engine, wave_id: bytes, until: date) -> None:
    """Say on which day the sealed answers of a wave are erased."""
    step = update(wave_table).where(wave_table.c.id == wave_id)
    with writing(engine).begin() as connection:
        connection.execute(step.values(retention_until=until.isoformat()))


def move_wave(
    connection: Connection, wave_id: bytes, allowed: tuple[WaveStatus, ...], status: WaveStatus
) -> None:
    """Set the status within a transaction. Raises WrongStatus unless it is one of ``allowed``."""
    step = update(wave_table).where(
        wave_table.c.id == wave_id, wave_table.c.status.in_([one.value for one in allowed])
    )
    if connection.execute(step.values(status=status.value)).rowcount != 1:
        raise WrongStatus(f"this wave cannot become {status} now")


def wave_from_row(row: Row[Any]) -> Wave:
    """A Wave from a row that has the wave table's columns."""
    found = {column: row._mapping[wave_table.c[column]] for column in wave_table.columns.keys()}  # noqa: SIM118
    found |= {
        "status": WaveStatus(found["status"]),
        "opens_on": date.fromisoformat(found["opens_on"]),
        "closes_on": date.fromisoformat(found["closes_on"]),
        "opens_at": time.fromisoformat(found["opens_at"]),
        "closes_at": time.fromisoformat(found["closes_at"]),
        "closed_on": _day(found["closed_on"]),
        "retention_until": _day(found["retention_until"]),
    }
    return Wave(**found)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
