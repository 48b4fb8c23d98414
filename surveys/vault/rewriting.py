"""The nightly rewrite: every slot written anew, so that nobody sees which of them were used.

In: an engine and the site's storage key. Out: the same slots in other bytes, all written by one
transaction in the order of their random ids; and how many were damaged, which stay as they are.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, delete, insert, select, text

from surveys.database import writing
from surveys.vault.envelope import CannotOpen
from surveys.vault.slot_content import capacity, shut, unshut
from surveys.vault.slots import slot_table
from surveys.vault.waves import wave_table


class SlotsDamaged(Exception):
    """All other slots were written anew; these open no more, and their bytes are as they were."""

    def __init__(self, damaged: int, slots: int) -> None:
        self.damaged = damaged
        verb, stays = ("does", "stays as it is") if damaged == 1 else ("do", "stay as they are")
        super().__init__(
            f"{damaged} of {slots} slots {verb} not open under the storage key, and {stays}. "
            + (_ALL if damaged == slots else _SOME)
        )


_ALL = "Probably secrets/storage_key is not the one of this database."
_SOME = "See 'A slot that does not open' in docs/retention.md."


def rewrite_slots(engine: Engine, storage_key: bytes, new_storage_key: bytes | None = None) -> int:
    """Write every slot anew, in the order of random ids, and return how many there are.

    All of them differ afterwards, so that two backups do not show who answered in between, and one
    transaction has written them all. With ``new_storage_key`` they change to that key. Whoever
    answers meanwhile waits. Raises SlotsDamaged when all that could be done is done; with a new
    key CannotOpen, changing nothing.
    """
    new_key, damaged = new_storage_key or storage_key, 0
    with writing(engine).begin() as connection:
        _keep_others_out(connection)
        query = select(slot_table, wave_table.c.padded_length).join(
            wave_table, wave_table.c.id == slot_table.c.wave_id
        )
        found = connection.execute(query.order_by(slot_table.c.id)).all()
        rows = []
        for slot_id, wave_id, stored, padded_length in found:
            try:
                content = unshut(stored, storage_key, slot_id, wave_id)
            except CannotOpen:
                if new_storage_key:
                    raise
                again, damaged = stored, damaged + 1
            else:
                again = shut(content, new_key, slot_id, wave_id, capacity(padded_length))
            rows.append({"id": slot_id, "wave_id": wave_id, "content": again})
        _empty_table(connection)
        if rows:
            connection.execute(insert(slot_table), rows)
    if damaged:
        raise SlotsDamaged(damaged, len(rows))
    return len(rows)


def _keep_others_out(connection: Connection) -> None:
    """For a transaction that writes every slot; on SQLite it is alone already.

    Locked row by row, PostgreSQL would let a slot be made in between, which would be lost, and
    would tell those who wait for a row that it is gone.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {slot_table.name} IN ACCESS EXCLUSIVE MODE"))


def _empty_table(connection: Connection) -> None:
    """Remove every slot; on PostgreSQL with the file, whose gaps would show who answered."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"TRUNCATE {slot_table.name}"))
    else:
        connection.execute(delete(slot_table))
