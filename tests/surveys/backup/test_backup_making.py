"""A backup holds the rows and nothing else, opens with its key alone, and serves when restored."""

import io
import os
import secrets
import stat
import subprocess
import tarfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_site import CHILD, CLOSES, KEPT_UNTIL, kept_site

from surveys.audit import checkpoints
from surveys.audit.log import audit_log_of, record
from surveys.backup import making
from surveys.backup.commands import backup
from surveys.backup.keys import BackupKeysUnfit, add_backup_key
from surveys.backup.making import make_backup, prune
from surveys.backup.packing import BackupRefused
from surveys.backup.restoring import BackupDamaged, check_database, is_sealed, restore
from surveys.database import open_engine
from surveys.retention.erasing import close_wave
from surveys.retention.running import run_retention
from surveys.vault.envelope import CannotOpen, Purpose
from surveys.vault.opening import new_private_key
from surveys.vault.slots import change_draft, count_states
from surveys.vault.store import envelopes_of

TODAY = date(2026, 11, 21)
KEY = new_private_key(Purpose.BACKUP)


def names_in(path):
    with tarfile.open(path) as tar:
        return {member.name: member for member in tar.getmembers()}


def content_of(path, name):
    with tarfile.open(path) as tar:
        return tar.extractfile(name).read()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def test_backup_is_one_file_named_by_its_day_for_its_owner_only(kept, folder):
    made = make_backup(kept.site, folder, TODAY)
    assert list(folder.iterdir()) == [made.path]
    assert (made.path.name, made.sealed) == ("heard-2026-11-21.tar", False)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600


def test_backup_has_no_log_no_secret_and_no_time(kept, folder):
    record(audit_log_of(kept.site), TODAY, "Sam", "sign_in")
    checkpoints.make_checkpoint(kept.site, TODAY)
    assert (kept.home / "secrets" / "audit_signing_key").exists()
    made = make_backup(kept.site, folder, TODAY)
    members = names_in(made.path)
    assert set(members) == {
        "backup.json", "heard.sqlite3", "audit.jsonl", "audit.pub",
        f"public_keys/{kept.wave.id.hex()}.json",
    }  # fmt: skip
    for member in members.values():
        assert (member.mtime, member.uid, member.uname, member.mode) == (0, 0, "", 0o600)
    whole = made.path.read_bytes()
    for value in (kept.site.storage_key, kept.site.pepper, kept.site.site_id):
        assert value not in whole and value.hex().encode() not in whole
    assert (kept.home / "secrets" / "audit_signing_key").read_bytes() not in whole
    assert content_of(made.path, "heard.sqlite3")[18:20] == b"\1\1", "not in the mode of a log"


def test_deleted_content_is_not_in_the_backup(kept, folder):
    """On free pages and in the log it may be; VACUUM INTO takes neither."""
    close_wave(kept.site, kept.wave, CLOSES)
    kept.release()
    envelope = next(envelopes_of(kept.engine, kept.wave.id))
    raw = kept.engine.raw_connection()  # an engine that leaves behind what it deletes
    raw.cursor().execute("PRAGMA secure_delete=OFF")
    raw.cursor().execute("DELETE FROM response")
    raw.cursor().execute("DELETE FROM cohort_member")
    files = b"".join(path.read_bytes() for path in kept.home.glob("heard.sqlite3*"))
    assert envelope[-64:] in files and CHILD.encode() in files, "the marker is there to be found"
    made = make_backup(kept.site, folder, TODAY)
    raw.close()
    whole = made.path.read_bytes()
    assert envelope[-64:] not in whole and CHILD.encode() not in whole


def test_every_slot_differs_from_one_backup_to_the_next(kept, folder):
    slots = []
    for day in (TODAY, TODAY + timedelta(days=1)):
        path = restore(make_backup(kept.site, folder, day).path, folder / str(day)).database
        engine = open_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            slots.append(dict(connection.exec_driver_sql("SELECT id, content FROM slot").all()))
        engine.dispose()
    assert slots[0].keys() == slots[1].keys()
    assert not set(slots[0].values()) & set(slots[1].values())


def test_sealed_backup_opens_with_its_key_only_and_shows_nothing(kept, folder):
    add_backup_key(kept.site.public_keys, KEY.public)
    made = make_backup(kept.site, folder, TODAY)
    assert (made.path.name, made.sealed, is_sealed(made.path)) == (
        "heard-2026-11-21.sealed", True, True,
    )  # fmt: skip
    whole = made.path.read_bytes()
    assert CHILD.encode() not in whole and b"SQLite" not in whole
    restored = restore(made.path, folder / "restored", KEY)
    assert check_database(restored, kept.site.storage_key) == (
        "1 waves", "every one of 24 slots opens with this site's storage key",
    )  # fmt: skip
    for key in (None, new_private_key(Purpose.BACKUP), new_private_key(Purpose.RESPONSE)):
        other = folder / f"other-{secrets.token_hex(4)}"
        with pytest.raises(CannotOpen):
            restore(made.path, other, key)
        assert list(other.iterdir()) == [], "nothing of it is left"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sealed")
    made = kept_site(folder / "site", people=2, drafts=0, finals=0)
    add_backup_key(made.site.public_keys, KEY.public)
    path = make_backup(made.site, folder / "backups", TODAY).path
    made.engine.dispose()
    return folder, path.read_bytes()


@settings(max_examples=60)
@given(st.integers(0, 2**40), st.booleans(), st.integers(0, 7))
def test_sealed_backup_that_was_changed_or_cut_opens_never(sealed, somewhere, cut, bit):
    folder, whole = sealed
    position = somewhere % len(whole)
    changed = whole[:position]
    if not cut:
        changed += bytes([whole[position] ^ 1 << bit])
        changed += whole[position + 1 :]
    path = folder / "changed.sealed"
    path.write_bytes(changed)
    with pytest.raises((CannotOpen, BackupDamaged)):
        restore(path, folder / f"changed-{secrets.token_hex(6)}", KEY)


def test_backup_that_was_changed_is_found_file_by_file(kept, folder):
    path = make_backup(kept.site, folder, TODAY).path
    name = f"public_keys/{kept.wave.id.hex()}.json"
    _pack_again(path, {name: b"{}"})
    with pytest.raises(BackupDamaged, match="not as it was packed"):
        restore(path, folder / "restored")


@pytest.mark.parametrize("name", ["../outside", "/outside", "secrets/storage_key", "app.py"])
def test_backup_with_anything_else_in_it_is_refused(kept, folder, name):
    path = make_backup(kept.site, folder, TODAY).path
    _pack_again(path, {name: b"x"})
    with pytest.raises(BackupDamaged):
        restore(path, folder / "restored")
    assert not (folder / "outside").exists()


def _pack_again(path, changes):
    with tarfile.open(path) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar.getmembers()}
    with tarfile.open(path, "w") as tar:
        for name, content in (members | changes).items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def test_backup_of_35_days_ago_stays_and_an_older_one_goes(folder):
    folder.mkdir()
    ages = (0, 35, 36, 400)
    for age in ages:
        (folder / f"heard-{TODAY - timedelta(days=age)}.sealed").touch()
    (folder / "heard-2020-01-01.sqlite3").touch()
    assert prune(folder, TODAY) == 2
    assert {path.name for path in folder.iterdir()} == {
        "heard-2026-11-21.sealed", "heard-2026-10-17.sealed", "heard-2020-01-01.sqlite3",
    }  # fmt: skip


def test_erased_answers_are_in_no_backup_that_is_left_after_35_days(kept, folder):
    """What the certificate promises."""
    close_wave(kept.site, kept.wave, CLOSES)
    kept.release()
    envelope = next(envelopes_of(kept.engine, kept.wave.id))
    make_backup(kept.site, folder, KEPT_UNTIL)
    run_retention(kept.site, KEPT_UNTIL)
    [certificate] = (kept.home / "certificates").glob(f"{KEPT_UNTIL}-answers-*.txt")
    gone_on = KEPT_UNTIL + timedelta(days=36)
    assert f"is gone on {gone_on}" in certificate.read_text()
    for days in range(1, 36):
        make_backup(kept.site, folder, KEPT_UNTIL + timedelta(days=days))
    assert (folder / f"heard-{KEPT_UNTIL}.tar").exists()
    make_backup(kept.site, folder, gone_on)
    left = sorted(folder.iterdir())
    assert len(left) == 36
    assert not [path for path in left if envelope[-64:] in path.read_bytes()]


def test_private_key_in_the_sites_folder_stops_the_backup(kept, folder):
    (kept.home / "summaries").mkdir()
    (kept.home / "summaries" / "left.json").write_text('{"kind": "heard private key"}')
    with pytest.raises(BackupRefused, match=r"left\.json"):
        make_backup(kept.site, folder, TODAY)


def test_secret_in_a_file_that_is_packed_stops_the_backup(kept, folder):
    (kept.home / "instruments").mkdir()
    text = "x" * ((1 << 20) - 30) + kept.site.storage_key.hex()
    (kept.home / "instruments" / "note.json").write_text(text)
    with pytest.raises(BackupRefused, match=r"note\.json holds a secret"):
        make_backup(kept.site, folder, TODAY)
    assert not list(kept.home.glob("backup-unfinished-*"))


def test_backup_into_the_sites_own_folder_is_refused(kept):
    with pytest.raises(BackupRefused, match="another disk"):
        make_backup(kept.site, kept.home / "backups", TODAY)


def test_damaged_backup_keys_stop_the_backup(kept, folder):
    (kept.site.public_keys / "backup.json").write_text("{}")
    with pytest.raises(BackupKeysUnfit):
        make_backup(kept.site, folder, TODAY)


def test_backup_that_was_killed_leaves_nothing_after_the_next(kept, folder, monkeypatch):
    left = kept.home / "backup-unfinished-abc"
    left.mkdir()
    (left / "heard.sqlite3").write_text("a copy")

    def dies(_path, _pieces):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(making, "_write", dies)
        with pytest.raises(KeyboardInterrupt):
            make_backup(kept.site, folder, TODAY)
    assert not list(kept.home.glob("backup-unfinished-*"))
    assert list(folder.iterdir()) == []
    make_backup(kept.site, folder, TODAY)


def test_backup_that_could_not_be_written_leaves_no_half(kept, folder, monkeypatch):
    def half(_path):
        yield b"half of it"
        raise OSError("No space left on device")

    monkeypatch.setattr(making, "_pieces", half)
    with pytest.raises(OSError, match="No space"):
        make_backup(kept.site, folder, TODAY)
    assert list(folder.iterdir()) == []


def test_what_killed_runs_left_in_the_folder_goes_on_the_next_day(folder):
    folder.mkdir()
    for day in (TODAY, TODAY - timedelta(days=1)):
        for ending in ("tar", "sealed"):
            (folder / f".heard-{day}.{ending}.unfinished").touch()
    (folder / ".heard-notes.unfinished").touch()
    assert prune(folder, TODAY) == 0, "no backup went"
    assert {path.name for path in folder.iterdir()} == {
        ".heard-2026-11-21.tar.unfinished", ".heard-2026-11-21.sealed.unfinished",
        ".heard-notes.unfinished",
    }  # fmt: skip


@pytest.mark.parametrize("step", ["backup_keys", "rewrite_slots", "pack", "_write"])
def test_old_backups_go_even_when_no_new_one_can_be_made(kept, folder, monkeypatch, step):
    folder.mkdir()
    old = folder / "heard-2026-10-16.sealed"
    old.touch()

    def fails(*_given):
        raise OSError("broken")

    monkeypatch.setattr(making, step, fails)
    with pytest.raises(OSError, match="broken"):
        make_backup(kept.site, folder, TODAY)
    assert not old.exists()


def run(site, *words, say=None):
    return CliRunner().invoke(backup, list(map(str, words)), obj=site, input=say)


def test_commands_make_check_and_restore(kept, folder, tmp_path):
    shown = run(kept.site, "key", "--offline-folder", tmp_path / "usb").output
    passphrase = tmp_path / "usb" / "passphrase"
    passphrase.write_text(shown.split("passphrase  ")[1].splitlines()[0])
    key = ("--key-file", tmp_path / "usb" / "backup-1.key", "--passphrase-file", passphrase)
    made = run(kept.site, folder)
    assert made.exit_code == 0 and "sealed to the backup keys" in made.output
    [path] = folder.iterdir()
    checked = run(kept.site, "check", path, *key)
    assert checked.exit_code == 0, checked.output
    assert "Whole: " in checked.output and "every one of 24 slots opens" in checked.output
    assert "sealed: give a key file" in run(kept.site, "check", path).output
    assert run(kept.site, "check", path, *key[2:]).exit_code == 2, "a passphrase of no key"
    words = passphrase.read_text()
    asked = run(kept.site, "restore", path, "--into", tmp_path / "new", *key[:2], say=f"{words}\n")
    assert asked.exit_code == 0 and "Passphrase of backup-1.key" in asked.output
    assert words not in asked.output
    assert (tmp_path / "new" / "heard.sqlite3").exists()
    assert "not empty" in run(kept.site, "restore", path, "--into", tmp_path / "new", *key).output


def test_unsealed_backup_says_that_it_is(kept, folder):
    assert "NOT sealed" in run(kept.site, folder).output


def test_check_finds_slots_of_another_site(kept, folder, tmp_path):
    make_backup(kept.site, folder, TODAY)
    other = kept_site(tmp_path / "other", people=1, drafts=0, finals=0)
    checked = run(other.site, "check", folder / "heard-2026-11-21.tar")
    assert checked.exit_code == 1 and "cannot be relied on" in checked.output
    other.engine.dispose()


def test_restored_site_serves_and_goes_on(app, site_home, tmp_path):
    """A real site, backed up, restored into another folder with its secrets, and served."""
    from app import build_app
    from config.settings import read_settings

    site = app.extensions["heard"]
    assert run(site, tmp_path / "backups").exit_code == 0
    [path] = (tmp_path / "backups").iterdir()
    home = tmp_path / "restored"
    restore(path, home)
    for name in ("site.toml", "secrets"):
        os.symlink(site_home / name, home / name)
    served = build_app(read_settings(home))
    assert served.test_client().get("/").status_code == 200
    assert Path(served.extensions["heard"].engine.url.database).parent == home
    served.extensions["heard"].engine.dispose()


def test_restored_site_erases_again_what_was_erased_since(kept, folder):
    from dataclasses import replace

    close_wave(kept.site, kept.wave, CLOSES)
    make_backup(kept.site, folder, CLOSES)
    run_retention(kept.site, KEPT_UNTIL)
    home = folder / "restored"
    database = restore(folder / f"heard-{CLOSES}.tar", home).database
    engine = open_engine(f"sqlite:///{database}")
    back = replace(kept.site, engine=engine, summaries=home / "summaries")
    assert count_states(engine, kept.site.storage_key, kept.wave.id).total() == 24
    run_retention(back, KEPT_UNTIL)
    assert count_states(engine, kept.site.storage_key, kept.wave.id).total() == 0
    engine.dispose()


def test_restored_drafts_open_with_their_codes(kept, folder):
    make_backup(kept.site, folder, TODAY)
    restored = restore(folder / "heard-2026-11-21.tar", folder / "restored")
    engine = open_engine(f"sqlite:///{restored.database}")
    draft = change_draft(engine, kept.site.storage_key, kept.drafts[0], lambda draft: draft)
    assert draft.answers["wish"].text == "a quiet room"
    engine.dispose()


def test_postgresql_is_dumped_sealed_and_comes_back(
    tmp_path, folder, postgres_url, postgres_server
):
    made = kept_site(tmp_path / "site", postgres_url)
    add_backup_key(made.site.public_keys, KEY.public)
    done = make_backup(made.site, folder, TODAY)
    assert CHILD.encode() not in done.path.read_bytes()
    restored = restore(done.path, folder / "restored", KEY)
    assert restored.database.name == "heard.pgdump"
    assert "tables" in check_database(restored)[0]
    name = postgres_server.new_database()
    url = postgres_server.url(name)
    engine = open_engine(url)
    from surveys.backup.packing import postgresql_environment

    subprocess.run(
        ["pg_restore", "--no-owner", "--dbname", name, restored.database],
        env=postgresql_environment(engine), check=True,
    )  # fmt: skip
    states = count_states(engine, made.site.storage_key, made.wave.id)
    assert states.total() == 24
    engine.dispose()
    made.engine.dispose()
    postgres_server.drop_database(name)
