"""The night's command: it counts what is open, writes every slot anew, and says when it cannot."""

from datetime import date

import pytest

from surveys import commands, nightly
from surveys.vault.compacting import NotCompacted
from surveys.vault.drafts import Draft
from surveys.vault.slots import NewSlot, create_slots
from surveys.vault.waves import WaveStatus, prepare_wave, set_status


@pytest.fixture
def slots(site):
    """What is stored of the two slots of an open wave."""
    days = date(2026, 11, 1), date(2026, 11, 30)
    wave = prepare_wave(site.engine, site.surveys["care4me"], bytes(16), *days)
    fresh = [NewSlot(bytes([n] * 16), bytes(32), Draft("8-10", {})) for n in (1, 2)]
    create_slots(site.engine, site.storage_key, wave, fresh)
    set_status(site.engine, wave.id, WaveStatus.OPEN)

    def read():
        with site.engine.connect() as connection:
            return dict(connection.exec_driver_sql("SELECT id, content FROM slot").all())

    return read


def test_night_counts_and_writes_every_slot_anew(app, site, slots):
    before = slots()
    done = app.test_cli_runner().invoke(commands.nightly, obj=site)
    assert (done.exit_code, done.output) == (0, "1 open waves counted.\n")
    after = slots()
    assert after.keys() == before.keys()
    assert not set(after.values()) & set(before.values())


def test_night_in_a_busy_database_says_so(app, site, slots, monkeypatch):
    def busy(_engine):
        raise NotCompacted("the database was busy")

    monkeypatch.setattr(nightly, "compact", busy)
    done = app.test_cli_runner().invoke(commands.nightly, obj=site)
    assert done.exit_code == 1
    assert done.output == "Error: the database was busy\n"
