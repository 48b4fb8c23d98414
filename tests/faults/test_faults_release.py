"""kill -9 during the release: either nothing has happened or all of it, and doing it again is right."""

import shutil
import time
from pathlib import Path

import pytest
from fault_tasks import MIX, STORAGE_KEY, at_random, number_in_envelope, task
from sqlalchemy import make_url
from vault_wave import KEYS, open_vault_wave

from analysis.opening import RollCall
from questionnaires.responses import Number
from surveys.database import open_engine
from surveys.vault.drafts import Draft
from surveys.vault.manifest_signing import verified_manifest
from surveys.vault.release import release_wave
from surveys.vault.slots import change_draft, count_states
from surveys.vault.store import count_responses, envelopes_of, manifest_of
from surveys.vault.waves import WaveStatus, find_wave, set_status

SLOTS, FINALS = 30, 20


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request, tmp_path):
    """Something that gives, again and again, an engine on the same closed wave; and the wave."""
    folder = tmp_path / "prepared"
    folder.mkdir()
    server = url = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        url = request.getfixturevalue("postgres_url")
    vault = open_vault_wave(folder, SLOTS, url)
    for number, access in enumerate(vault.accesses[:FINALS]):
        change_draft(
            vault.engine,
            STORAGE_KEY,
            access,
            lambda _, n=number: Draft("8-10", {"count": Number(n)}),
        )
        vault.finish(access)
    set_status(vault.engine, vault.wave.id, WaveStatus.CLOSED)
    vault.engine.dispose()

    def copies():
        while True:
            if server:
                name = server.new_database(template=make_url(url).database)
                engine = open_engine(server.url(name))
            else:
                copied = Path(shutil.copy(vault.path, tmp_path / "copy.sqlite3"))
                engine = open_engine(f"sqlite:///{copied}")
            try:
                yield engine
            finally:
                engine.dispose()
            if server:
                server.drop_database(name)
            else:
                for path in tmp_path.glob("copy.sqlite3*"):
                    path.unlink()

    made = copies()
    yield made, vault.wave
    made.close()


def state(engine, wave):
    """The whole of it: before, after, or something in between, which must not be."""
    status = find_wave(engine, wave.id).status
    slots = sum(count_states(engine, STORAGE_KEY, wave.id).values())
    responses, signed = count_responses(engine, wave.id), manifest_of(engine, wave.id)
    if (status, slots, responses, signed) == (WaveStatus.CLOSED, SLOTS, 0, None):
        return "before"
    if (status, slots, responses) != (WaveStatus.RELEASED, 0, FINALS):
        return "in_between"
    whole(engine, wave)
    return "after"


def whole(engine, wave):
    """Every response is there once, opens, and is the one that the manifest names."""
    roll = RollCall(verified_manifest(manifest_of(engine, wave.id), KEYS.signers, wave))
    envelopes = roll.through(envelopes_of(engine, wave.id))
    assert sorted(number_in_envelope(one, wave) for one in envelopes) == list(range(FINALS))
    roll.finish()


def test_a_release_that_is_killed_has_happened_or_not(fresh, writer, kills, figures):
    copies, wave = fresh
    found, wanted = {"before": 0, "after": 0, "in_between": 0}, kills(6)
    takes = how_long(next(copies), wave, writer)
    for number in range(wanted):
        engine = next(copies)
        engine.dispose()
        writer.tell(**task(engine, wave, do="release"))
        assert writer.line(60) == ["begun"]
        # from the first moment to a while after, and the last one when it has surely been done
        wait = takes * 1.2 * number / wanted + at_random(3) if number + 1 < wanted else 60
        lines = list(writer.lines_for(wait))
        if not lines or lines[-1][0] != "gone":
            writer.kill()
            list(writer.lines_for(60))
        outcome = state(engine, wave)
        found[outcome] += 1
        if outcome == "before":
            assert release_wave(engine, STORAGE_KEY, wave, MIX[0], keys=KEYS).released == FINALS
            assert state(engine, wave) == "after"
    figures(kills=wanted, **found)
    assert found["before"] and found["after"] and not found["in_between"]


def how_long(engine, wave, writer):
    """Seconds that a release takes when nobody interrupts it."""
    engine.dispose()
    writer.tell(**task(engine, wave, do="release"))
    assert writer.line(60) == ["begun"]
    began = time.monotonic()
    assert writer.line(60) == ["released"]
    took = time.monotonic() - began
    assert writer.line(60) == ["gone", "0"]
    return took
