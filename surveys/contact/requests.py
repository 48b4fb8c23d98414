"""Messages that wait, and the steps taken for each: the two tables of this room.

In: sealed bytes. Out: sealed bytes. A message has a random id, a day and a state, and nothing that
could tie it to a session, a code, a survey or an answer. A step has the day, and who of the staff
took it; what was done is sealed like the message.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Engine,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as _postgresql_insert
from sqlalchemy.dialects.sqlite import insert as _sqlite_insert
from sqlalchemy.exc import OperationalError

from surveys.database import metadata, writing

contact_request_table = Table(
    "contact_request",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("day", Date, nullable=False),
    Column("state", String(10), nullable=False),
    sqlite_with_rowid=False,
)

contact_step_table = Table(
    "contact_step",
    metadata,
    Column("request_id", LargeBinary(16), ForeignKey("contact_request.id"), primary_key=True),
    Column("step", String(20), primary_key=True),
    Column("day", Date, nullable=False),
    Column("who", String(80), nullable=False),
    Column("sealed", LargeBinary, nullable=True),
    sqlite_with_rowid=False,
)


class State(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SEEN = "seen"
    DONE = "done"


class Step(StrEnum):
    """What happens once, at most, to a message. "Again" is after it was taken on, and not done."""

    TOLD_LEAD = "told_lead"
    TOLD_DEPUTY = "told_deputy"
    TOLD_THIRD = "told_third"
    AGAIN_LEAD = "again_lead"
    AGAIN_DEPUTY = "again_deputy"
    AGAIN_THIRD = "again_third"
    SEEN = "seen"
    DONE = "done"


class NotKept(Exception):
    """The database is busy or full. Nothing was kept."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken."""

    day: date
    who: str


@dataclass(frozen=True, slots=True)
class Request:
    """A message as everybody may know it: not one word of it."""

    id: bytes
    day: date
    state: State
    steps: dict[Step, Taken]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A message and, once something was done, the note on that; for holders of a key only."""

    message: bytes = field(repr=False)
    note: bytes | None = field(repr=False)


def add_request(engine: Engine, request_id: bytes, sealed: bytes, day: date) -> bool:
    """Keep a message. False, changing nothing, when its id is there: a second press.

    Raises NotKept when the database could not take it just now.
    """
    row = {"id": request_id, "sealed": sealed, "day": day, "state": State.WAITING.value}
    # A violation of the key would stand in PostgreSQL's own log, with the id and the time
    new = _postgresql_insert if engine.dialect.name == "postgresql" else _sqlite_insert
    unless_there = new(contact_request_table).on_conflict_do_nothing()
    words = unless_there.returning(contact_request_table.c.id)
    try:
        with writing(engine).begin() as connection:
            return connection.execute(words, row).one_or_none() is not None
    except OperationalError as error:
        raise NotKept from error


def has_request(engine: Engine, request_id: bytes) -> bool:
    """Whether this message was kept already."""
    query = select(contact_request_table.c.id).where(contact_request_table.c.id == request_id)
    with engine.connect() as connection:
        return connection.execute(query).one_or_none() is not None


def all_requests(engine: Engine) -> list[Request]:
    """Every message, the oldest day first; within a day in the order of random ids."""
    table, steps = contact_request_table.c, contact_step_table.c
    order = select(table.id, table.day, table.state).order_by(table.day, table.id)
    with engine.connect() as connection:
        found = connection.execute(order).all()
        taken = connection.execute(select(steps.request_id, steps.step, steps.day, steps.who)).all()
    by_request: dict[bytes, dict[Step, Taken]] = defaultdict(dict)
    for row in taken:
        by_request[row.request_id][Step(row.step)] = Taken(row.day, row.who)
    return [Request(row.id, row.day, State(row.state), by_request[row.id]) for row in found]


def count_states(engine: Engine) -> Counter[State]:
    """How many messages are in each state."""
    state = contact_request_table.c.state
    with engine.connect() as connection:
        rows = connection.execute(select(state, func.count()).group_by(state)).all()
    return Counter({State(name): count for name, count in rows})


def sealed_request(engine: Engine, request_id: bytes) -> Sealed | None:
    """What is sealed of a message; None when there is no such message."""
    table, steps = contact_request_table.c, contact_step_table.c
    note = select(steps.sealed).where(steps.request_id == request_id, steps.step == Step.DONE)
    with engine.connect() as connection:
        message = connection.execute(select(table.sealed).where(table.id == request_id)).scalar()
        found = connection.execute(note).scalar()
    return None if message is None else Sealed(message, found)


def mark_seen(engine: Engine, request_id: bytes, who: str, day: date) -> bool:
    """Somebody takes a waiting message on. False when somebody has, or there is none."""
    with writing(engine).begin() as connection:
        moved = _move(connection, request_id, {State.WAITING}, State.SEEN)
        if moved:
            _add_step(connection, request_id, Step.SEEN, Taken(day, who))
    return moved


def mark_done(engine: Engine, request_id: bytes, who: str, day: date, note: bytes) -> bool:
    """Something was done, as the sealed note says. False when it was, or there is no such one."""
    with writing(engine).begin() as connection:
        moved = _move(connection, request_id, {State.WAITING, State.SEEN}, State.DONE)
        if moved:
            _add_step(connection, request_id, Step.DONE, Taken(day, who), note)
    return moved


def note_told(engine: Engine, request_ids: Collection[bytes], step: Step, day: date) -> None:
    """Somebody was told of these messages. Telling twice is noted once."""
    with writing(engine).begin() as connection:
        for request_id in sorted(request_ids):
            known = contact_step_table.c
            query = select(known.step).where(known.request_id == request_id, known.step == step)
            if connection.execute(query).one_or_none() is None:
                _add_step(connection, request_id, step, Taken(day, ""))


def delete_done(engine: Engine, done_by: date) -> int:
    """Delete every message on which the work was done on or before a day. Returns how many."""
    steps = contact_step_table.c
    query = select(steps.request_id).where(steps.step == Step.DONE, steps.day <= done_by)
    with writing(engine).begin() as connection:
        gone = connection.execute(query).scalars().all()
        connection.execute(delete(contact_step_table).where(steps.request_id.in_(gone)))
        connection.execute(
            delete(contact_request_table).where(contact_request_table.c.id.in_(gone))
        )
    return len(gone)


def rewrite_requests(engine: Engine) -> None:
    """Write every message and every step anew, in the order of random ids, in one transaction.

    So nothing that the database notes of a row's making tells which slot was written beside it: not
    of a message, and not of the step that says who was told of it a moment later.
    """
    table = contact_request_table.c
    with writing(engine).begin() as connection:
        for request_id in connection.execute(select(table.id).order_by(table.id)).scalars().all():
            same = update(contact_request_table).where(table.id == request_id)
            connection.execute(same.values(state=table.state))
        _rewrite_steps(connection)


def _rewrite_steps(connection: Connection) -> None:
    """What is written again is what this very statement deleted: a step taken meanwhile stays."""
    gone = delete(contact_step_table).returning(*contact_step_table.c)
    rows = [dict(row) for row in connection.execute(gone).mappings()]
    rows.sort(key=lambda row: (row["request_id"], row["step"]))
    if rows:
        connection.execute(insert(contact_step_table), rows)


def _move(
    connection: Connection, request_id: bytes, before: Collection[State], after: State
) -> bool:
    table = contact_request_table.c
    step = update(contact_request_table).where(table.id == request_id, table.state.in_(before))
    return connection.execute(step.values(state=after.value)).rowcount == 1


def _add_step(
    connection: Connection, request_id: bytes, step: Step, taken: Taken, sealed: bytes | None = None
) -> None:
    row = {
        "request_id": request_id,
        "step": step.value,
        "day": taken.day,
        "who": taken.who,
        "sealed": sealed,
    }
    connection.execute(insert(contact_step_table), row)
