"""A slot that does not open: named, kept as it is, and no reason for everything else to stand still."""

import secrets

import pytest
from sqlalchemy import select, update
from vault_wave import KEYS, MIX, STORAGE_KEY

from surveys.database import writing
from surveys.vault.envelope import CannotOpen
from surveys.vault.manifest_signing import verified_manifest
from surveys.vault.release import release_wave
from surveys.vault.rewriting import SlotsDamaged, rewrite_slots
from surveys.vault.slots import count_finals, erase_drafts, read_draft, slot_table
from surveys.vault.store import count_responses, manifest_of
from surveys.vault.waves import WaveStatus, find_wave, set_status


def stored(vault):
    with vault.engine.connect() as connection:
        return {row.id: row.content for row in connection.execute(select(slot_table))}


def spoil(vault, access):
    """Change one byte of a stored slot; the bytes as they are then."""
    content = stored(vault)[access.slot_id]
    bad = content[:200] + bytes([content[200] ^ 1]) + content[201:]
    with vault.engine.begin() as connection:
        one = slot_table.c.id == access.slot_id
        connection.execute(update(slot_table).where(one).values(content=bad))
    return bad


def test_rewrite_leaves_a_damaged_slot_as_it_is_and_says_so_when_all_others_are_written(vault):
    damaged, begun, *_ = vault.accesses
    vault.answer(begun, feels_safe="yes")
    bad, before = spoil(vault, damaged), stored(vault)
    with pytest.raises(SlotsDamaged, match=r"^1 of 6 slots does not open"):
        rewrite_slots(vault.engine, STORAGE_KEY)
    after = stored(vault)
    assert after[damaged.slot_id] == bad
    assert {slot for slot in after if after[slot] == before[slot]} == {damaged.slot_id}
    assert read_draft(vault.engine, STORAGE_KEY, begun)[1].answers
    assert count_finals(vault.engine, STORAGE_KEY, vault.wave.id) == 0


def test_rewrite_with_a_wrong_storage_key_changes_nothing_and_says_what_is_likely(vault):
    before = stored(vault)
    with pytest.raises(SlotsDamaged, match=r"6 of 6.*storage_key is not the one"):
        rewrite_slots(vault.engine, secrets.token_bytes(32))
    assert stored(vault) == before


def test_damaged_slot_keeps_the_storage_key_from_being_changed(vault):
    spoil(vault, vault.accesses[0])
    before = stored(vault)
    with pytest.raises(CannotOpen):
        rewrite_slots(vault.engine, STORAGE_KEY, secrets.token_bytes(32))
    assert stored(vault) == before


def test_drafts_are_erased_beside_a_damaged_slot(vault):
    damaged, begun, *_ = vault.accesses
    vault.answer(begun, feels_safe="yes")
    bad = spoil(vault, damaged)
    with writing(vault.engine).begin() as connection:
        assert erase_drafts(connection, STORAGE_KEY, vault.wave) == 1
    assert stored(vault)[damaged.slot_id] == bad
    assert read_draft(vault.engine, STORAGE_KEY, begun) is None


@pytest.fixture
def closed(vault):
    """Six slots: three final, one begun, two empty, of which one is damaged; the wave is closed."""
    for access in vault.accesses[:4]:
        vault.answer(access, feels_safe="yes")
    for access in vault.accesses[:3]:
        vault.finish(access)
    spoil(vault, vault.accesses[5])
    set_status(vault.engine, vault.wave.id, WaveStatus.CLOSED)
    return vault


def release(vault, storage_key=STORAGE_KEY, **options):
    return release_wave(vault.engine, storage_key, vault.wave, MIX[0], keys=KEYS, **options)


def test_release_names_damaged_slots_and_changes_nothing_unless_it_is_asked(closed):
    before = stored(closed)
    with pytest.raises(CannotOpen, match=r"^1 of 6 slots do not open.*--leave-out-unfit"):
        release(closed)
    assert stored(closed) == before
    assert find_wave(closed.engine, closed.wave.id).status is WaveStatus.CLOSED


def test_damaged_slot_can_be_left_out_and_is_counted_as_unfit(closed):
    report = release(closed, leave_out_unfit=True)
    assert (report.slots, report.released, report.unfit) == (6, 3, 1)
    assert count_responses(closed.engine, closed.wave.id) == 3 and stored(closed) == {}
    signed = manifest_of(closed.engine, closed.wave.id)
    manifest = verified_manifest(signed, KEYS.signers, closed.wave)
    assert (manifest.slots, manifest.released, manifest.unfit) == (6, 3, 1)


@pytest.mark.parametrize("leave_out", [False, True])
def test_with_a_wrong_storage_key_nothing_is_released_whatever_is_asked(closed, leave_out):
    before = stored(closed)
    with pytest.raises(CannotOpen, match="storage_key is not the one"):
        release(closed, bytes(32), leave_out_unfit=leave_out)
    assert stored(closed) == before
