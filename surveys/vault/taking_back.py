"""Taking slots back: whose invitation was withdrawn finds nothing behind their code any more.

In: a wave and the slots that are meant, within a transaction. Out: as many slots as before, of the
same length, all written anew. A response that was handed in stays where it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, select, update

from surveys.vault.envelope import CannotOpen
from surveys.vault.slot_content import SlotContent, SlotState, capacity, shut, unshut
from surveys.vault.slots import slot_table
from surveys.vault.waves import Wave

_TAKEN_BACK = SlotContent(SlotState.ERASED, b"")


class NoSuchSlot(LookupError):
    """A slot that is meant is none of this wave: the codes were made from another seed."""


def take_slots_back(
    connection: Connection, storage_key: bytes, wave: Wave, slot_ids: Collection[bytes]
) -> None:
    """Erase what is unsent in slots of a wave and close them for good, within a transaction.

    Every slot of the wave is written anew, so that nobody can tell which were meant, nor whether
    a response lay in one: that stays, and nothing here says so. A damaged slot of somebody else is
    left as it is. Raises NoSuchSlot, or CannotOpen for a damaged one that is meant, having changed
    nothing.
    """
    query = select(slot_table.c.id, slot_table.c.content).where(slot_table.c.wave_id == wave.id)
    found = connection.execute(query.order_by(slot_table.c.id).with_for_update()).all()
    meant = frozenset(slot_ids)
    if not meant <= {row.id for row in found}:
        raise NoSuchSlot
    contents = dict(_contents(found, storage_key, wave, meant))
    for slot_id, content in contents.items():
        stays = slot_id not in meant or content.state is SlotState.FINAL
        _overwrite(connection, content if stays else _TAKEN_BACK, storage_key, slot_id, wave)


def _contents(
    rows: Iterable[Any], storage_key: bytes, wave: Wave, meant: frozenset[bytes]
) -> Iterator[tuple[bytes, SlotContent]]:
    for row in rows:
        try:
            yield row.id, unshut(row.content, storage_key, row.id, wave.id)
        except CannotOpen:
            if row.id in meant:
                raise


def _overwrite(
    connection: Connection, content: SlotContent, storage_key: bytes, slot_id: bytes, wave: Wave
) -> None:
    again = shut(content, storage_key, slot_id, wave.id, capacity(wave.padded_length))
    changed = update(slot_table).where(slot_table.c.id == slot_id)
    connection.execute(changed.values(content=again))
