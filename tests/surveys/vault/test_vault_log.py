"""The write-ahead log: nothing that was overwritten can be read there once answers are sent."""

import shutil
import sqlite3
import struct
import time

import pytest
from vault_wave import STORAGE_KEY

from surveys.vault.compacting import empty_log
from surveys.vault.drafts import Draft, open_draft
from surveys.vault.envelope import CannotOpen
from surveys.vault.slot_content import unshut
from surveys.vault.slots import change_draft

LOG_HEADER, FRAME_HEADER = 32, 24


def log_of(vault):
    path = vault.path.with_name(vault.path.name + "-wal")
    return path.read_bytes() if path.exists() else b""


def commits_in(log):
    """Where in the log each transaction ended (https://www.sqlite.org/walformat.html)."""
    if len(log) < LOG_HEADER:
        return
    page_length, salts = struct.unpack(">8xI4x8s", log[:24])
    frame = FRAME_HEADER + page_length
    for start in range(LOG_HEADER, len(log) - frame + 1, frame):
        pages_after_commit, frame_salts = struct.unpack(">4xI8s", log[start : start + 16])
        if frame_salts == salts and pages_after_commit:
            yield start + frame


def drafts_in_log(vault, access, folder):
    """What a thief of the files, the storage key and the code opens: every earlier state."""
    log, found = log_of(vault), []
    for number, end in enumerate(commits_in(log)):
        path = folder / f"{number}.sqlite3"
        shutil.copy(vault.path, path)
        path.with_name(path.name + "-wal").write_bytes(log[:end])
        with sqlite3.connect(path) as thief:
            query = "SELECT content FROM slot WHERE id = ?"
            [stored] = thief.execute(query, (access.slot_id,)).fetchone()
        thief.close()
        try:
            payload = unshut(stored, STORAGE_KEY, access.slot_id, vault.wave.id).payload
            found.append(open_draft(payload, access, vault.wave.instrument_hash))
        except CannotOpen:
            continue
    return [draft for draft in found if draft.answers]


@pytest.fixture
def answered(sqlite_vault):
    empty_log(sqlite_vault.engine)
    for number in range(4):
        sqlite_vault.answer(sqlite_vault.accesses[0], **{f"question_{number}": "yes"})
    return sqlite_vault


def test_no_earlier_draft_can_be_recovered_after_sending(answered, tmp_path):
    access = answered.accesses[0]
    assert drafts_in_log(answered, access, tmp_path), "the attack works before"
    assert answered.finish(access) is True
    assert drafts_in_log(answered, access, tmp_path) == []
    assert log_of(answered) == b""


def test_deleted_answers_can_be_had_out_of_the_log_too(answered, tmp_path):
    access = answered.accesses[0]
    change_draft(answered.engine, STORAGE_KEY, access, lambda draft: Draft(draft.audience, {}))
    assert drafts_in_log(answered, access, tmp_path), "the attack works before"
    assert empty_log(answered.engine) is True
    assert drafts_in_log(answered, access, tmp_path) == []


def test_sending_does_not_fail_or_linger_when_others_are_busy(answered):
    with answered.engine.connect() as other:
        other.exec_driver_sql("SELECT count(*) FROM slot").scalar()
        began = time.monotonic()
        assert answered.finish(answered.accesses[0]) is True
        assert time.monotonic() - began < 5
        assert empty_log(answered.engine) is False
    assert log_of(answered) != b""
    assert empty_log(answered.engine) is True
    assert log_of(answered) == b""


def test_writers_keep_their_patience_after_the_log_was_emptied(answered):
    empty_log(answered.engine)
    with answered.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 15000
