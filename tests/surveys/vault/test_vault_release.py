"""The release: all or nothing, sorted by random ids, unreadable by the custodian, nothing left."""

import hashlib
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, select, update
from vault_wave import ANALYST, HEADER, KEYS, MIX, STORAGE_KEY, new_access, new_wave

from questionnaires.responses import Chosen, response_from_bytes
from surveys.vault import release
from surveys.vault.compacting import NotCompacted, compact
from surveys.vault.drafts import Draft
from surveys.vault.envelope import CannotOpen, Purpose, take_apart
from surveys.vault.manifest_signing import verified_manifest
from surveys.vault.opening import new_private_key, open_envelope
from surveys.vault.public_keys import WaveKeys, write_wave_keys
from surveys.vault.release import ReleaseRefused, release_wave
from surveys.vault.sealing import seal_response
from surveys.vault.slots import NewSlot, count_states, create_slots, finish, read_draft, slot_table
from surveys.vault.store import count_responses, envelopes_of, manifest_of, response_table
from surveys.vault.waves import WaveStatus, WrongStatus, add_wave, find_wave, set_status

ROOT = Path(__file__).parents[3]


@pytest.fixture
def closed(vault):
    """Six slots: three final, one partial, two empty; the wave is closed."""
    for number, access in enumerate(vault.accesses[:4]):
        vault.answer(access, zinnia=f"marker{number}")
    for access in vault.accesses[:3]:
        vault.finish(access)
    set_status(vault.engine, vault.wave.id, WaveStatus.CLOSED)
    return vault


def run(vault, key=MIX[0], keys=KEYS, **options):
    return release_wave(vault.engine, STORAGE_KEY, vault.wave, key, keys=keys, **options)


def everything(vault):
    with vault.engine.connect() as connection:
        slots = connection.execute(select(slot_table)).all()
        responses = connection.execute(select(response_table)).all()
    return slots, responses, find_wave(vault.engine, vault.wave.id).status


def test_finals_become_responses_and_the_rest_is_dropped(closed):
    report = run(closed)
    assert (report.slots, report.empty, report.partial) == (6, 2, 1)
    assert (report.released, report.unfit) == (3, 0)
    slots, responses, status = everything(closed)
    assert (len(slots), len(responses), status) == (0, 3, WaveStatus.RELEASED)
    assert count_responses(closed.engine, closed.wave.id) == 3
    opened = [
        response_from_bytes(open_envelope(one, ANALYST[0], closed.wave.header).content)
        for one in envelopes_of(closed.engine, closed.wave.id)
    ]
    found = sorted(response.answers["zinnia"].codes for response in opened)
    assert found == [("marker0",), ("marker1",), ("marker2",)]


def test_rows_are_sorted_by_ids_that_no_slot_had(closed):
    known = {access.slot_id for access in closed.accesses}
    before = closed.raw_files()
    run(closed)
    _, responses, _ = everything(closed)
    ids = [row.id for row in responses]
    assert ids == sorted(ids) and not known & set(ids)
    assert not any(one in before for one in ids)
    assert ids == [
        take_apart(one).header.response_id for one in envelopes_of(closed.engine, closed.wave.id)
    ]


def test_custodian_cannot_read_and_analyst_cannot_release(closed):
    with pytest.raises(ReleaseRefused, match="not a release custodian's key"):
        run(closed, ANALYST[0])
    run(closed)
    for envelope in envelopes_of(closed.engine, closed.wave.id):
        with pytest.raises(CannotOpen):
            open_envelope(envelope, MIX[0], closed.wave.header)


def test_wrong_key_is_refused_and_changes_nothing(closed):
    before = everything(closed)
    with pytest.raises(ReleaseRefused, match="Nothing has been changed"):
        run(closed, new_private_key(Purpose.MIX))
    assert everything(closed) == before


def test_wrong_storage_key_is_refused_and_changes_nothing(closed):
    before = everything(closed)
    with pytest.raises(CannotOpen):
        release_wave(closed.engine, bytes(32), closed.wave, MIX[0], keys=KEYS)
    assert everything(closed) == before


@pytest.mark.parametrize("status", [WaveStatus.OPEN, WaveStatus.RELEASED])
def test_only_a_closed_wave_is_released(closed, status):
    if status is WaveStatus.OPEN:
        set_status(closed.engine, closed.wave.id, WaveStatus.OPEN)
    else:
        run(closed)
    before = everything(closed)
    with pytest.raises(WrongStatus):
        run(closed)
    assert everything(closed) == before


@pytest.mark.parametrize("step", ["add_responses", "delete_slots"])
def test_fault_in_the_middle_leaves_everything_as_it_was(closed, monkeypatch, step):
    before = everything(closed)
    real = getattr(release, step)

    def fail_afterwards(*arguments):
        real(*arguments)
        raise OSError("disk full")

    monkeypatch.setattr(release, step, fail_afterwards)
    with pytest.raises(OSError, match="disk full"):
        run(closed)
    assert everything(closed) == before
    monkeypatch.undo()
    assert run(closed).released == 3


def test_killed_before_the_commit_leaves_everything_as_it_was(closed, tmp_path):
    before = everything(closed)
    seed = MIX[0].seed.hex()
    write_wave_keys(tmp_path, closed.wave.id, KEYS)
    program = f"""
import os, signal, sys
from pathlib import Path
sys.path[:0] = [{str(Path(__file__).parent)!r}, {str(ROOT)!r}]
from surveys.database import open_engine
from surveys.vault import release
from surveys.vault.envelope import Purpose, SuiteId
from surveys.vault.opening import PrivateKey
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.waves import find_wave
engine = open_engine({closed.engine.url.render_as_string(hide_password=False)!r})
release.delete_slots = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
key = PrivateKey(Purpose.MIX, SuiteId.XWING, bytes.fromhex("{seed}"))
wave = find_wave(engine, bytes.fromhex("{closed.wave.id.hex()}"))
release.release_wave(
    engine, bytes.fromhex("{STORAGE_KEY.hex()}"), wave, key,
    keys=load_wave_keys(Path({str(tmp_path)!r}), wave.id),
)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL
    assert everything(closed) == before
    assert run(closed).released == 3


def replace_final(vault, access, payload):
    """What a malicious server could put into a slot."""
    set_status(vault.engine, vault.wave.id, WaveStatus.OPEN)
    assert finish(vault.engine, STORAGE_KEY, access, lambda _draft: payload)
    set_status(vault.engine, vault.wave.id, WaveStatus.CLOSED)


def sealed_for(vault, keys=KEYS, header=None):
    return seal_response(b"{}", keys, header or vault.wave.header, vault.wave.padded_length)


def test_unfit_finals_stop_the_release_until_they_are_left_out_on_purpose(closed):
    replace_final(closed, closed.accesses[4], b"not an envelope")
    before = everything(closed)
    with pytest.raises(ReleaseRefused, match="1 of 4") as refused:
        run(closed)
    assert "offline tablet" in str(refused.value) and "--leave-out-unfit" in str(refused.value)
    assert everything(closed) == before
    report = run(closed, leave_out_unfit=True)
    assert (report.released, report.unfit) == (3, 1)


def test_final_sealed_to_other_recipients_is_unfit(closed):
    others = WaveKeys((new_private_key(Purpose.RESPONSE).public,), KEYS.mix)
    replace_final(closed, closed.accesses[4], sealed_for(closed, others))
    with pytest.raises(ReleaseRefused, match="1 of 4"):
        run(closed)


def test_final_of_another_wave_is_unfit(closed):
    replace_final(closed, closed.accesses[4], sealed_for(closed, header=HEADER))
    with pytest.raises(ReleaseRefused, match="1 of 4"):
        run(closed)


def test_copy_of_another_final_is_counted_once(closed):
    payload = sealed_for(closed)
    replace_final(closed, closed.accesses[4], payload)
    replace_final(closed, closed.accesses[5], payload)
    with pytest.raises(ReleaseRefused, match="1 of 5"):
        run(closed)
    assert run(closed, leave_out_unfit=True).released == 4


def test_damaged_slot_stops_the_release(closed):
    with closed.engine.begin() as connection:
        one = slot_table.c.id == closed.accesses[5].slot_id
        connection.execute(update(slot_table).where(one).values(content=b"damaged"))
    before = everything(closed)
    with pytest.raises(CannotOpen):
        run(closed)
    assert everything(closed) == before


def test_other_waves_are_left_alone(closed):
    wave, access = new_wave(), new_access()
    add_wave(closed.engine, wave)
    slot = NewSlot(access.slot_id, access.part_key, Draft("8-10", {"q": Chosen(("yes",))}))
    create_slots(closed.engine, STORAGE_KEY, wave, [slot])
    run(closed)
    assert read_draft(closed.engine, STORAGE_KEY, access)[0] == wave
    assert sum(count_states(closed.engine, STORAGE_KEY, wave.id).values()) == 1


def test_nothing_of_slots_answers_or_codes_is_left_in_the_files(closed):
    run(closed)
    closed.engine.dispose()
    raw = closed.raw_files()
    for access in closed.accesses:
        assert access.slot_id not in raw and access.part_key not in raw
    for secret in (b"marker", b"zinnia", b"care4me-8-10", STORAGE_KEY, MIX[0].seed):
        assert secret not in raw
    _, responses, _ = everything(closed)
    assert all(row.id in raw for row in responses)  # the search finds what is there


def test_write_ahead_log_is_empty_after_the_release(sqlite_vault):
    closed = sqlite_vault
    closed.finish(closed.accesses[0])
    set_status(closed.engine, closed.wave.id, WaveStatus.CLOSED)
    run(closed)
    log = closed.path.with_name(closed.path.name + "-wal")
    assert not log.exists() or log.stat().st_size == 0


def test_release_signs_a_manifest_of_what_it_let_out(closed):
    report = run(closed)
    signed = manifest_of(closed.engine, closed.wave.id)
    assert report.fingerprint == hashlib.sha256(signed.document).digest()
    manifest = verified_manifest(signed, KEYS.signers, closed.wave)
    assert (manifest.slots, manifest.released, manifest.unfit) == (6, 3, 0)
    assert manifest.recipients == KEYS.analyst_ids
    parts = map(take_apart, envelopes_of(closed.engine, closed.wave.id))
    names = (hashlib.sha256(one.header_bytes + one.body).digest() for one in parts)
    assert list(manifest.envelopes) == sorted(names)


def test_a_key_that_is_the_wave_s_but_not_its_signer_s_is_refused(closed):
    before = everything(closed)
    with pytest.raises(ReleaseRefused, match="not a release custodian's key"):
        run(closed, keys=replace(KEYS, signers=KEYS.signers[1:]))
    assert everything(closed) == before


def test_release_of_a_wave_that_nobody_answered(vault):
    set_status(vault.engine, vault.wave.id, WaveStatus.CLOSED)
    report = run(vault)
    assert (report.empty, report.released) == (6, 0)
    signed = manifest_of(vault.engine, vault.wave.id)
    assert verified_manifest(signed, KEYS.signers, vault.wave).envelopes == ()


def test_release_is_one_transaction(closed):
    commits = []
    event.listen(closed.engine, "commit", commits.append)
    run(closed)
    assert len(commits) == 1


def test_compacting_says_when_somebody_is_in_the_way(closed):
    hurry = {"timeout": 0.05} if closed.path else {"options": "-c lock_timeout=50"}
    hasty = closed.other_engine(connect_args=hurry)
    with closed.engine.connect() as other:
        other.exec_driver_sql("SELECT count(*) FROM slot").scalar()
        with pytest.raises(NotCompacted):
            compact(hasty)
    compact(hasty)
    hasty.dispose()
