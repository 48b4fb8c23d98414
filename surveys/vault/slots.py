"""The slots: one per invitation, made before anybody answers, overwritten while they do.

In: an Access (from the code) and what to do with the draft behind it. Out: drafts, and whether a
response was handed in. A slot's row has a random id and never changes its length; each change is
one write in one transaction under the lock, so that two tabs lose nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    Table,
    delete,
    insert,
    select,
    update,
)

from surveys.database import metadata, writing
from surveys.vault.cobblestone import new_key
from surveys.vault.compacting import empty_log
from surveys.vault.drafts import Access, Draft, open_draft, seal_draft
from surveys.vault.envelope import CannotOpen
from surveys.vault.slot_content import (
    SlotContent,
    SlotState,
    capacity,
    draft_bound,
    shut,
    unshut,
)
from surveys.vault.waves import Wave, WaveStatus, wave_from_row, wave_table

_AT_ONCE = 200
_STAND_IN_ROOM = 28 * 1024

slot_table = Table(
    "slot",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("wave_id", LargeBinary(16), nullable=False),
    Column("content", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class NewSlot:
    """A slot to be made, with the draft that waits in it."""

    slot_id: bytes
    part_key: bytes = field(repr=False)
    draft: Draft


@dataclass(frozen=True, slots=True)
class _Found:
    wave: Wave
    content: SlotContent


_CONTINUED = (SlotState.EMPTY, SlotState.PARTIAL)
_NOTHING = SlotContent(SlotState.ERASED, b"")


def create_slots(
    engine: Engine, storage_key: bytes, wave: Wave, new_slots: Iterable[NewSlot]
) -> None:
    """Make slots, all or none, in the order of their random ids, each with an unbegun draft."""
    rows = []
    for new in sorted(new_slots, key=lambda new: new.slot_id):
        access = Access(new.slot_id, new.part_key)
        content = _draft_content(new.draft, access, wave)
        rows.append(_row(content, storage_key, new.slot_id, wave))
    if rows:
        with writing(engine).begin() as connection:
            connection.execute(insert(slot_table), rows)


def read_draft(engine: Engine, storage_key: bytes, access: Access) -> tuple[Wave, Draft] | None:
    """The draft behind a code, with its wave.

    None when there is nothing to continue: an unknown code, a response already handed in, or a
    wave that is not open. Nobody can tell these apart.
    """
    with engine.connect() as connection:
        found = _find(connection, storage_key, access)
    if found is None or found.content.state not in _CONTINUED:
        return None
    return found.wave, _draft(found, access)


def change_draft(
    engine: Engine, storage_key: bytes, access: Access, change: Callable[[Draft], Draft]
) -> Draft | None:
    """Replace the draft by ``change(draft)`` and return it; None as for read_draft.

    Raises TooLong, changing nothing, when the new draft does not fit.
    """
    with writing(engine).begin() as connection:
        found = _find(connection, storage_key, access)
        if found is None or found.content.state not in _CONTINUED:
            return None
        draft = change(_draft(found, access))
        content = _draft_content(draft, access, found.wave)
        _overwrite(connection, content, storage_key, access.slot_id, found.wave)
    return draft


def finish(
    engine: Engine, storage_key: bytes, access: Access, seal: Callable[[Draft], bytes]
) -> bool | None:
    """Put ``seal(draft)`` in the place of the draft; the code opens nothing from then on.

    True when this call did it; False when it had been done before (nothing changes); None for an
    unknown code or a wave that is not open. Raises what ``seal`` raises, changing nothing.
    The drafts before it go from the write-ahead log as well, unless others are busy in it.
    """
    with writing(engine).begin() as connection:
        found = _find(connection, storage_key, access)
        if found is None or found.content.state is SlotState.ERASED:
            return None
        if found.content.state is SlotState.FINAL:
            return False
        content = SlotContent(SlotState.FINAL, seal(_draft(found, access)))
        _overwrite(connection, content, storage_key, access.slot_id, found.wave)
    empty_log(engine)
    return True


def read_final(engine: Engine, storage_key: bytes, access: Access) -> bytes | None:
    """The response handed in with a code, as it was sealed, while it waits for the release."""
    with engine.connect() as connection:
        found = _find(connection, storage_key, access, (WaveStatus.OPEN, WaveStatus.CLOSED))
    if found is None or found.content.state is not SlotState.FINAL:
        return None
    return found.content.payload


def count_finals(engine: Engine, storage_key: bytes, wave_id: bytes) -> int:
    """How many responses of a wave wait for their release; a damaged slot is none of them."""
    with engine.connect() as connection:
        contents = contents_of(connection, storage_key, wave_id, damaged=[])
        return sum(content.state is SlotState.FINAL for content in contents)


def has_slots(engine: Engine, wave_id: bytes) -> bool:
    """Whether a wave has any slot; it has none after the release, or when they were erased."""
    query = select(slot_table.c.id).where(slot_table.c.wave_id == wave_id).limit(1)
    with engine.connect() as connection:
        return connection.execute(query).one_or_none() is not None


def count_states(engine: Engine, storage_key: bytes, wave_id: bytes) -> Counter[SlotState]:
    """How many slots of a wave are in each state."""
    with engine.connect() as connection:
        contents = contents_of(connection, storage_key, wave_id)
        return Counter(content.state for content in contents)


def contents_of(
    connection: Connection,
    storage_key: bytes,
    wave_id: bytes,
    *,
    for_update: bool = False,
    damaged: list[bytes] | None = None,
) -> Iterator[SlotContent]:
    """Every slot of a wave, unlocked. Raises CannotOpen at the first that is damaged.

    With a list for the ids of damaged slots, these are left out and named there.
    """
    query = select(slot_table.c.id, slot_table.c.content).where(slot_table.c.wave_id == wave_id)
    query = query.order_by(slot_table.c.id)
    if for_update:
        query = query.with_for_update()
    with connection.execute(query, execution_options={"yield_per": _AT_ONCE}) as rows:
        for slot_id, stored in rows:
            try:
                content = unshut(stored, storage_key, slot_id, wave_id)
            except CannotOpen:
                if damaged is None:
                    raise
                damaged.append(slot_id)
            else:
                yield content


def erase_drafts(connection: Connection, storage_key: bytes, wave: Wave) -> int:
    """Erase every draft with answers in it, within a transaction, and return how many there were.

    If there was any, all slots of the wave are written anew, so that nobody can tell which it was.
    What opens with no key any more is neither: a damaged slot stays as it is until the release.
    """
    query = select(slot_table.c.id, slot_table.c.content).where(slot_table.c.wave_id == wave.id)
    found = connection.execute(query.order_by(slot_table.c.id).with_for_update()).all()
    contents = {one.id: content for one in found if (content := _whole(storage_key, wave.id, *one))}
    drafts = {key for key, content in contents.items() if content.state is SlotState.PARTIAL}
    for slot_id, content in contents.items() if drafts else ():
        left = _NOTHING if slot_id in drafts else content
        _overwrite(connection, left, storage_key, slot_id, wave)
    return len(drafts)


def _whole(storage_key: bytes, wave_id: bytes, slot_id: bytes, stored: bytes) -> SlotContent | None:
    try:
        return unshut(stored, storage_key, slot_id, wave_id)
    except CannotOpen:
        return None


def erase_slot(engine: Engine, storage_key: bytes, access: Access) -> bool:
    """Erase what lies behind a code, draft or response, while its wave is open or closed.

    False for an unknown code, or after the release: nobody can find a response then. Whether
    anything was in the slot is not told.
    """
    with writing(engine).begin() as connection:
        found = _find(connection, storage_key, access, (WaveStatus.OPEN, WaveStatus.CLOSED))
        if found is None:
            return False
        _overwrite(connection, _NOTHING, storage_key, access.slot_id, found.wave)
    empty_log(engine)
    return True


def delete_slots(connection: Connection, wave_id: bytes) -> int:
    """Delete every slot of a wave, within a transaction, and return how many there were."""
    step = delete(slot_table).where(slot_table.c.wave_id == wave_id)
    return connection.execute(step).rowcount


def _find(
    connection: Connection,
    storage_key: bytes,
    access: Access,
    statuses: tuple[WaveStatus, ...] = (WaveStatus.OPEN,),
) -> _Found | None:
    """The slot of a wave that is open, or in one of the states given.

    Locks it on engines that lock rows, if the transaction writes.

    Finding none costs the same unlocking as finding one, so that time does not tell them apart.
    """
    query = (
        select(slot_table.c.content, wave_table)
        .join(wave_table, wave_table.c.id == slot_table.c.wave_id)
        .where(
            slot_table.c.id == access.slot_id,
            wave_table.c.status.in_(status.value for status in statuses),
        )
    )
    if connection.get_execution_options().get("begin_write"):
        query = query.with_for_update(of=slot_table)
    row = connection.execute(query).one_or_none()
    if row is None:
        unshut(*_stand_in(), b"", b"")
        return None
    wave = wave_from_row(row)
    return _Found(wave, unshut(row.content, storage_key, access.slot_id, wave.id))


@cache
def _stand_in() -> tuple[bytes, bytes]:
    """A slot with nothing in it, as long as those of a long questionnaire, and its key."""
    key = new_key()
    return shut(SlotContent(SlotState.EMPTY, b""), key, b"", b"", _STAND_IN_ROOM), key


def _draft(found: _Found, access: Access) -> Draft:
    return open_draft(found.content.payload, access, found.wave.instrument_hash)


def _draft_content(draft: Draft, access: Access, wave: Wave) -> SlotContent:
    state = SlotState.PARTIAL if draft.answers else SlotState.EMPTY  # opening it is no answer
    bound = draft_bound(wave.padded_length)
    return SlotContent(state, seal_draft(draft, access, wave.instrument_hash, bound))


def _row(content: SlotContent, storage_key: bytes, slot_id: bytes, wave: Wave) -> dict[str, bytes]:
    stored = shut(content, storage_key, slot_id, wave.id, capacity(wave.padded_length))
    return {"id": slot_id, "wave_id": wave.id, "content": stored}


def _overwrite(
    connection: Connection, content: SlotContent, storage_key: bytes, slot_id: bytes, wave: Wave
) -> None:
    row = _row(content, storage_key, slot_id, wave)
    changed = update(slot_table).where(slot_table.c.id == slot_id)
    connection.execute(changed.values(content=row["content"]))
