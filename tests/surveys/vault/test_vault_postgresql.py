"""What only PostgreSQL could give away: xmin, ctid, old tuples, its log; and that others wait, not lose."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from vault_wave import KEYS, MIX, STORAGE_KEY, new_access

from questionnaires.responses import Number
from surveys.database import metadata, open_engine, writing
from surveys.migrations.running import downgrade, upgrade
from surveys.migrations.tables import OWNERS
from surveys.vault import rewriting
from surveys.vault.compacting import compact
from surveys.vault.drafts import Draft
from surveys.vault.release import release_wave
from surveys.vault.rewriting import rewrite_slots
from surveys.vault.slots import NewSlot, change_draft, create_slots, read_draft
from surveys.vault.waves import WaveStatus, set_status

ANSWERED = (4, 1, 5, 0)


def rows(engine, table):
    """How rows lie there: (xmin, place, id) in the order of their places."""
    query = f"SELECT xmin::text, ctid::text, id FROM {table} ORDER BY ctid"
    with engine.connect() as connection:
        return connection.execute(text(query)).all()


def contents(engine):
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT content FROM slot")).scalars())


def test_after_the_night_nothing_tells_which_slots_were_used_or_in_which_order(postgres_vault):
    vault = postgres_vault
    for night in range(3):
        for number in ANSWERED[night:]:
            vault.answer(vault.accesses[number], feels_safe="yes")
        used = rows(vault.engine, "slot")
        assert len({row.xmin for row in used}) > 1, "by day they can be told apart"
        assert [row.id for row in used] != sorted(row.id for row in used)
        rewrite_slots(vault.engine, STORAGE_KEY)
        for compacted in (False, True):
            if compacted:
                compact(vault.engine)
            found = rows(vault.engine, "slot")
            assert len({row.xmin for row in found}) == 1
            assert [row.id for row in found] == sorted(row.id for row in found)
            assert len(found) == len(vault.accesses)


def test_after_the_night_nothing_older_is_in_the_files_or_the_log(postgres_vault):
    vault = postgres_vault
    earlier = []
    for number in ANSWERED:
        vault.answer(vault.accesses[number], feels_safe="yes")
        earlier += [content[:40] for content in contents(vault.engine)]
    raw = vault.raw_files()
    assert all(one in raw for one in earlier), "by day every earlier state can be found"
    rewrite_slots(vault.engine, STORAGE_KEY)
    compact(vault.engine)
    raw = vault.raw_files()
    assert not any(one in raw for one in earlier)
    assert all(content[:40] in raw for content in contents(vault.engine))


def test_the_release_is_one_xmin_in_the_order_of_ids_that_no_slot_had(postgres_vault):
    vault = postgres_vault
    for number in ANSWERED:
        vault.finish(vault.accesses[number])
    set_status(vault.engine, vault.wave.id, WaveStatus.CLOSED)
    release_wave(vault.engine, STORAGE_KEY, vault.wave, MIX[0], keys=KEYS)
    found = rows(vault.engine, "response")
    assert len(found) == len(ANSWERED) and len({row.xmin for row in found}) == 1
    assert [row.id for row in found] == sorted(row.id for row in found)
    assert not {row.id for row in found} & {access.slot_id for access in vault.accesses}


def test_nobody_loses_an_answer_or_a_slot_to_the_nightly_rewrite(vault):
    assert Bustle(vault).lost_meanwhile() == []


def test_a_rewrite_that_kept_nobody_out_would_lose_and_be_caught(postgres_vault, monkeypatch):
    monkeypatch.setattr(rewriting, "_keep_others_out", lambda _: None)
    assert Bustle(postgres_vault).lost_meanwhile()


class Bustle:
    """People who answer and slots that are made, while all slots are written anew, and anew."""

    def __init__(self, vault):
        self.vault, self.engine = vault, vault.engine
        self.over, self.lost, self.made = threading.Event(), [], []

    def lost_meanwhile(self):
        """What was acknowledged and is not there."""
        threads = [
            threading.Thread(target=self.answer, args=(one,)) for one in self.vault.accesses[:3]
        ]
        threads.append(threading.Thread(target=self.make_slots))
        for thread in threads:
            thread.start()
        try:
            nights = 0
            while nights < 8 or len(self.made) < 4:  # on a busy machine others need their turn
                rewrite_slots(self.engine, STORAGE_KEY)
                nights += 1
                self.over.wait(0.02)
        finally:
            self.over.set()
            for thread in threads:
                thread.join()
        gone = [one for one in self.made if read_draft(self.engine, STORAGE_KEY, one) is None]
        return self.lost + ["a slot"] * len(gone)

    def answer(self, access):
        number = 0
        while not self.over.is_set() and not self.lost:
            number += 1
            given = Draft("8-10", {"count": Number(number % 11)})
            if change_draft(self.engine, STORAGE_KEY, access, lambda _, to=given: to) is None:
                self.lost.append("told that nothing is there")
            elif read_draft(self.engine, STORAGE_KEY, access) != (self.vault.wave, given):
                self.lost.append("an acknowledged answer")

    def make_slots(self):
        while not self.over.is_set():
            access = new_access()
            slot = NewSlot(access.slot_id, access.part_key, Draft("8-10", {}))
            create_slots(self.engine, STORAGE_KEY, self.vault.wave, [slot])
            self.made.append(access)


def test_migrations_build_exactly_the_tables_of_the_code(postgres_url):
    assert OWNERS
    engine = open_engine(postgres_url)
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    downgrade(engine, "base")
    upgrade(engine)
    engine.dispose()


def test_a_migration_that_fails_changes_nothing(postgres_url, monkeypatch):
    engine = open_engine(postgres_url)
    upgrade(engine, "0001")
    with writing(engine).begin() as connection:
        connection.execute(text("CREATE TABLE release_manifest (in_the_way int)"))
    with pytest.raises(Exception, match="already exists"):
        upgrade(engine)
    with engine.connect() as connection:
        version = "SELECT version_num FROM alembic_version"
        assert connection.execute(text(version)).scalar() == "0001"
    engine.dispose()
