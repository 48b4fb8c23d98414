"""The night: every step in its order, one line each, and no step keeps another from running."""

import logging
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from kept_site import CLOSES, KEPT_UNTIL

from surveys import commands, nightly
from surveys.audit import checkpoints
from surveys.audit.log import audit_log_of, head
from surveys.backup.rules import BackupRules
from surveys.console.progress import progress_of
from surveys.mail.addresses import Notify
from surveys.mail.sending import MailSettings
from surveys.retention.erasing import close_wave
from surveys.vault.compacting import NotCompacted

TODAY = date(2026, 11, 16)
ORDER = ["count", "rewrite", "messages", "compact", "retention", "reminders", "audit", "backup"]


@pytest.fixture(autouse=True)
def no_log_between_the_lines(monkeypatch):
    """Whichever handler a test before this one has left behind."""
    monkeypatch.setattr(nightly.log, "handlers", [logging.NullHandler()])
    monkeypatch.setattr(nightly.log, "propagate", False)


def run(site):
    return CliRunner().invoke(commands.nightly, obj=site)


def slots(kept):
    return {row[0]: row[2] for row in kept.rows()["slot"]}


def test_every_step_runs_in_order_and_says_one_line(kept, tmp_path):
    before = slots(kept)
    site = replace(kept.site, backup=BackupRules(folder=tmp_path / "backups"))
    done = run(site)
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert [line.split()[0] for line in lines] == ORDER
    said = dict(zip(ORDER, (line[11:] for line in lines), strict=True))
    assert said["count"] == "1 open waves counted."
    assert said["retention"] == "nothing is due."
    assert f"head {head(audit_log_of(site))}" not in said["audit"], "the backup is noted after it"
    assert "heard-2026-11-16.tar NOT sealed" in said["backup"]
    after = slots(kept)
    assert after.keys() == before.keys()
    assert not set(after.values()) & set(before.values())
    assert progress_of(kept.engine, kept.wave.id).at_least == 10


def test_checkpoint_of_the_night_is_signed_and_stays_part_of_the_log(kept):
    said = run(kept.site).output
    words = next(line for line in said.splitlines() if line.startswith("audit")).split()
    told = words[words.index("head") + 1].rstrip(",")
    run(kept.site)
    key = checkpoints.known_public_key(kept.site)
    assert checkpoints.verify(audit_log_of(kept.site), key, told) == ()


@pytest.mark.parametrize("broken", ORDER)
def test_step_that_fails_keeps_no_other_from_running(kept, monkeypatch, broken):
    def fails(_site, _today):
        raise RuntimeError("a secret of a row")

    steps = [(name, fails if name == broken else step) for name, step in nightly.STEPS]
    monkeypatch.setattr(nightly, "STEPS", tuple(steps))
    done = run(kept.site)
    assert done.exit_code == 1
    assert sorted(line.split()[0] for line in done.output.splitlines()) == sorted(ORDER)
    [line] = [line for line in done.output.splitlines() if "FAILED" in line]
    assert line == f"{broken:<10} FAILED: RuntimeError"
    assert "a secret of a row" not in done.output


def test_busy_database_is_named(kept, monkeypatch):
    def busy(_engine):
        raise NotCompacted("the database was busy")

    monkeypatch.setattr(nightly, "compact", busy)
    done = run(kept.site)
    assert done.exit_code == 1
    assert "compact    FAILED: the database was busy" in done.output


def test_what_needs_somebody_fails_the_night_and_is_done_all_the_same(kept):
    close_wave(kept.site, kept.wave, CLOSES)
    kept.note_keys()
    done = run(kept.now_is(KEPT_UNTIL))
    assert done.exit_code == 1
    [line] = [line for line in done.output.splitlines() if line.startswith("retention")]
    assert "FAILED: erased" in line and "flask keys destroy" in line
    assert kept.rows()["slot"] == []


def test_mail_that_does_not_leave_fails_the_step_after_the_checkpoint(kept):
    mail = MailSettings(host="127.0.0.1", sender="heard@example.gov.uk", port=1, patience=0.5)
    two = Notify(audit=("dpo@example.gov.uk", "it@example.gov.uk"))
    done = run(replace(kept.site, mail=mail, notify=two))
    assert done.exit_code == 1
    assert "audit      FAILED: the mail server did not take the mail" in done.output
    assert checkpoints.last_checkpoint(audit_log_of(kept.site))


def damage(kept, access):
    """What a bad block or a slip of somebody's hand does to one slot; the bytes as they are then."""
    with kept.engine.begin() as connection:
        [content] = connection.exec_driver_sql(
            "SELECT content FROM slot WHERE id = ?", (access.slot_id,)
        ).one()
        bad = content[:400] + bytes([content[400] ^ 1]) + content[401:]
        connection.exec_driver_sql(
            "UPDATE slot SET content = ? WHERE id = ?", (bad, access.slot_id)
        )
    return bad


def test_slot_that_does_not_open_is_named_and_stops_nothing(kept, tmp_path):
    bad, before = damage(kept, kept.finals[0]), slots(kept)
    site = replace(kept.site, backup=BackupRules(folder=tmp_path / "backups"))
    done = run(site)
    assert done.exit_code == 1
    lines = {line.split()[0]: line[11:] for line in done.output.splitlines()}
    assert list(lines) == ORDER
    assert [name for name in ORDER if "FAILED" in lines[name]] == ["rewrite"]
    named = "1 of 24 slots does not open under the storage key, and stays as it is."
    assert named in lines["rewrite"]
    assert lines["count"] == "1 open waves counted."
    assert "heard-2026-11-16.tar" in lines["backup"] and named in lines["backup"]
    after = slots(kept)
    assert {slot for slot in after if after[slot] == before[slot]} == {kept.finals[0].slot_id}
    assert after[kept.finals[0].slot_id] == bad, "its bytes are as they were"
    assert kept.finals[0].slot_id.hex() not in done.output


def test_slot_that_does_not_open_keeps_the_database_from_no_compacting(kept, monkeypatch):
    damage(kept, kept.drafts[0])
    compacted = []
    monkeypatch.setattr(nightly, "compact", compacted.append)
    assert run(kept.site).exit_code == 1
    assert compacted == [kept.engine]
