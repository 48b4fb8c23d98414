"""A backup holds the rows and nothing else, opens with its key alone, and serves when restored."""

import io
import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
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
from surveys.backup import making, staging
from surveys.backup.commands import backup
from surveys.backup.keys import BackupKeysUnfit, add_backup_key, backup_keys
from surveys.backup.making import make_backup, prune
from surveys.backup.packing import BackupRefused
from surveys.backup.restoring import BackupDamaged, check_database, is_sealed, restore
from surveys.backup.staging import clear_left_over
from surveys.database import open_engine
from surveys.retention.erasing import close_wave
from surveys.retention.running import run_retention
from surveys.vault.envelope import CannotOpen, Purpose
from surveys.vault.opening import new_private_key
from surveys.vault.slots import change_draft, count_states
from surveys.vault.store import envelopes_of

ROOT = Path(__file__).parents[3]
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


@settings(max_examples=60, deadline=None)
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


def left_in(home):
    return [path.name for path in home.glob("backup-unfinished-*")]


WAITS = """
import sys, time
from pathlib import Path
from surveys.backup import staging
with staging.staging(Path(sys.argv[1])) as folder:
    (folder / "heard.sqlite3").write_text("a copy")
    print("begun", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def at_work(kept):
    """Another process in the middle of a backup."""
    made = subprocess.Popen(
        [sys.executable, "-c", WAITS, kept.home], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert made.stdout.readline() == "begun\n"
    yield made
    made.kill()
    made.wait()
    made.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_backup_that_is_told_to_stop_clears_away_at_once(kept, at_work, number):
    assert len(left_in(kept.home)) == 1
    at_work.send_signal(number)
    assert at_work.wait(20) not in (0, None)
    assert left_in(kept.home) == []


def test_what_a_kill_left_goes_when_the_site_starts_and_no_sooner(kept, at_work):
    assert clear_left_over(kept.home) == 0, "somebody is at work in it"
    [name] = left_in(kept.home)
    assert (kept.home / name / "heard.sqlite3").exists()
    at_work.kill()
    at_work.wait()
    assert left_in(kept.home) == [name], "a kill leaves it"
    assert clear_left_over(kept.home) == 1
    assert left_in(kept.home) == []


def test_second_backup_leaves_the_first_one_its_copy(kept, at_work, folder):
    before = left_in(kept.home)
    make_backup(kept.site, folder, TODAY)
    assert left_in(kept.home) == before != []


def test_starting_site_clears_away_what_a_kill_left(site_home):
    from app import build_app
    from config.settings import read_settings

    left = site_home / "backup-unfinished-abc"
    left.mkdir()
    (left / "heard.sqlite3").write_text("a copy")
    build_app(read_settings(site_home)).extensions["heard"].engine.dispose()
    assert not left.exists()


def test_copy_that_cannot_be_cleared_away_keeps_no_site_from_starting(kept, monkeypatch, caplog):
    (kept.home / "backup-unfinished-abc").mkdir()

    def fails(_path):
        raise PermissionError("not yours")

    monkeypatch.setattr(staging.shutil, "rmtree", fails)
    assert clear_left_over(kept.home) == 0
    assert "could not be removed" in caplog.text


def test_two_workers_that_start_at_once_do_not_stumble_over_each_other(kept, monkeypatch, caplog):
    (kept.home / "backup-unfinished-abc").mkdir()
    real = shutil.rmtree

    def was_quicker(path):
        real(path)
        raise FileNotFoundError(path)

    monkeypatch.setattr(staging.shutil, "rmtree", was_quicker)
    assert clear_left_over(kept.home) == 0
    assert left_in(kept.home) == [] and caplog.text == ""


def test_handlers_of_signals_are_as_before_afterwards(kept, folder):
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    make_backup(kept.site, folder, TODAY)
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == before


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


def test_backup_key_is_refused_in_the_sites_own_folder(kept):
    done = run(kept.site, "key", "--offline-folder", kept.home / "usb")
    assert done.exit_code == 1 and "inside the site's own folder" in done.output
    assert not (kept.home / "usb").exists() and backup_keys(kept.site.public_keys) == ()


def test_one_key_too_many_leaves_no_file(kept, tmp_path):
    for _ in range(3):
        key = new_private_key(Purpose.BACKUP)
        add_backup_key(kept.site.public_keys, key.public)
    before = backup_keys(kept.site.public_keys)
    done = run(kept.site, "key", "--offline-folder", tmp_path / "usb")
    assert done.exit_code == 1 and "3 keys at most" in done.output
    assert "passphrase" not in done.output and not (tmp_path / "usb").exists()
    assert backup_keys(kept.site.public_keys) == before


def test_backup_key_whose_passphrase_was_not_taken_down_is_gone_again(kept, tmp_path, monkeypatch):
    def leaves(*_words):
        raise KeyboardInterrupt

    monkeypatch.setattr("surveys.keys.ceremony_asking.hand_over", leaves)
    assert run(kept.site, "key", "--offline-folder", tmp_path / "usb").exit_code == 1
    assert list((tmp_path / "usb").iterdir()) == [] and not backup_keys(kept.site.public_keys)


def test_passphrase_of_a_backup_key_is_cleared_from_the_screen(kept, tmp_path, monkeypatch):
    cleared = []
    monkeypatch.setattr("click.clear", lambda: cleared.append("the screen"))
    assert run(kept.site, "key", "--offline-folder", tmp_path / "usb").exit_code == 0
    assert cleared == ["the screen"]


def flask(folder, *words, home=""):
    """A command as somebody types it on another machine, in a folder of their own."""
    environment = {"PATH": os.environ["PATH"], "HEARD_HOME": str(home)} if home else {
        "PATH": os.environ["PATH"]
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "app.py"), *map(str, words)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_on_a_new_machine_a_backup_is_checked_and_restored_without_a_site(kept, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    path = make_backup(kept.site, tmp_path / "backups", TODAY).path
    checked = flask(empty, "backup", "check", path)
    assert checked.returncode == 0, checked.stderr
    assert "Whole: " in checked.stdout and "slots not tried" in checked.stdout
    assert "No site is set up here" in checked.stdout and "HEARD_HOME" in checked.stdout
    done = flask(empty, "backup", "restore", path, "--into", "new", home=empty / "new")
    assert done.returncode == 0, done.stderr
    assert "No audit log is here" in done.stdout
    assert (empty / "new" / "heard.sqlite3").is_file()
    refused = flask(empty, "backup", tmp_path / "backups")
    assert refused.returncode and "Heard does not start" in refused.stderr


def test_restoring_where_the_database_is_spoilt_has_the_log_and_the_key(app, site_home, tmp_path):
    site = app.extensions["heard"]
    record(audit_log_of(site), TODAY, "Sam", "sign_in")
    path = make_backup(site, tmp_path / "backups", TODAY).path
    withdraw(site, "Dana")
    site.engine.dispose()
    for spoilt in site_home.glob("*.sqlite3*"):
        spoilt.write_bytes(b"no database at all" * 999)
    checked = flask(tmp_path, "backup", "check", path, home=site_home)
    assert checked.returncode == 0 and "slots opens with this site's" in checked.stdout
    done = flask(tmp_path, "backup", "restore", path, "--into", "new", home=site_home)
    assert done.returncode == 0, done.stderr
    assert "1 withdrawn after this backup" in done.stdout


def test_unsealed_backup_says_that_it_is(kept, folder):
    assert "NOT sealed" in run(kept.site, folder).output


def test_backup_by_day_leaves_nothing_in_the_log_of_sqlite(kept, folder):
    log = kept.home / "heard.sqlite3-wal"
    said = run(kept.site, folder).output
    assert log.stat().st_size == 0
    assert "not compacted" not in said


def test_check_finds_slots_of_another_site(kept, folder, tmp_path):
    make_backup(kept.site, folder, TODAY)
    other = kept_site(tmp_path / "other", people=1, drafts=0, finals=0)
    checked = run(other.site, "check", folder / "heard-2026-11-21.tar")
    assert checked.exit_code == 1 and "cannot be relied on" in checked.output
    other.engine.dispose()


def damage(kept, access):
    with kept.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE slot SET content = zeroblob(length(content)) WHERE id = ?", (access.slot_id,)
        )


def test_backup_is_made_in_spite_of_a_damaged_slot_and_says_so(kept, folder):
    damage(kept, kept.drafts[0])
    made = run(kept.site, folder)
    assert made.exit_code == 1
    assert "NOT sealed" in made.output and "The backup was made. 1 of 24 slots does" in made.output
    [path] = folder.iterdir()
    checked = run(kept.site, "check", path)
    assert checked.exit_code == 1
    assert "1 of 24 slots do not open with this site's storage key" in checked.output
    whole = restore(path, folder / "restored")
    engine = open_engine(f"sqlite:///{whole.database}")
    assert change_draft(engine, kept.site.storage_key, kept.drafts[1], lambda draft: draft)
    engine.dispose()


def withdraw(site, by):
    """As `flask retention withdraw` notes it."""
    record(audit_log_of(site), TODAY, by, "withdrawn", {"of": "one code"})


def test_restoring_names_what_was_withdrawn_since(kept, folder, tmp_path):
    site = kept.site
    record(audit_log_of(site), TODAY, "Sam", "sign_in")
    withdraw(site, "Before Backup")
    assert run(site, folder).exit_code == 0
    [path] = folder.iterdir()
    none = run(site, "restore", path, "--into", tmp_path / "at-once")
    assert none.exit_code == 0 and "Nothing was withdrawn between this backup" in none.output
    withdraw(site, "Dana")
    record(audit_log_of(site), TODAY, "Sam", "sign_in")
    withdraw(site, "Eli")
    about = {"survey": "care4me", "wave": "1", "invitations": "2", "reason": "died"}
    record(audit_log_of(site), TODAY, "Cora", "invitation_withdrawn", about)
    since = run(site, "restore", path, "--into", tmp_path / "later")
    assert since.output.partition("3 withdrawn after this backup and in it again:\n")[2] == (
        "  2026-11-21, a response or draft, by its code, by Dana\n"
        "  2026-11-21, a response or draft, by its code, by Eli\n"
        "  2026-11-21, invitations, by Cora\n"
        "Do it once more before the site serves. A response can be found with its code only: ask "
        "those people to come with theirs again (flask retention withdraw).\n"
    )


def test_restoring_says_when_nobody_can_know_what_was_withdrawn_since(kept, folder, tmp_path):
    site, elsewhere = kept.site, tmp_path / "other.jsonl"
    record(audit_log_of(site), TODAY, "Sam", "sign_in")
    run(site, folder)
    [path] = folder.iterdir()
    withdraw(site, "Dana")
    record(elsewhere, TODAY, "Somebody", "sign_in")
    said = run(site, "restore", path, "--into", tmp_path / "a", "--audit-log", elsewhere).output
    assert "is in it again" in said and "is not known" in said and "Dana" not in said
    newest = tmp_path / "newest.jsonl"
    audit_log_of(site).rename(newest)
    assert "is not known" in run(site, "restore", path, "--into", tmp_path / "b").output
    given = run(site, "restore", path, "--into", tmp_path / "c", "--audit-log", newest)
    assert "1 withdrawn after this backup" in given.output


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
    said = run(made.site, tmp_path / "by-day")
    assert said.exit_code == 0 and "The database itself was not compacted" in said.output
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
