"""Ceremonies that fail on the way: nothing is half made, and nothing is sealed to a key of nobody's."""

import errno
import os

import pytest
from click import Abort
from click.testing import CliRunner
from key_holders import Office, site_of, stretch_little
from vault_wave import STORAGE_KEY

from questionnaires.responses import Response, response_to_bytes
from surveys.keys import ceremony, escrow_commands, key_commands, key_life_commands
from surveys.keys import rotation_commands as rotating
from surveys.keys.ceremony_drill import opens
from surveys.keys.escrow_custodians import escrow_custodians_of
from surveys.keys.key_register import KeyNote, add_notes, notes_of, register_path
from surveys.keys.wave_commands import waves
from surveys.vault.key_files import read_key_file
from surveys.vault.public_keys import keys_path, load_wave_keys
from surveys.vault.sealing import seal_response
from surveys.vault.slots import finish
from surveys.vault.waves import WaveStatus, set_status

TWO = ("--analyst", "Ana Lyst", "--custodian", "Cus Todian")


@pytest.fixture
def office(sqlite_vault, tmp_path, monkeypatch):
    """An open wave whose keys are still to be made."""
    stretch_little(monkeypatch)
    office = Office(site_of(sqlite_vault, tmp_path, single_custodian=False), tmp_path)
    office.vault, office.wave, office.name = (
        sqlite_vault,
        sqlite_vault.wave,
        sqlite_vault.wave.id.hex(),
    )
    return office


def create(office, *more, **options):
    folders = (
        "--offline-folder",
        office.folder / "ana",
        "--custodian-folder",
        office.folder / "cus",
    )
    return office.run("create", office.name, *folders, *TWO, *more, **options)


def rotate(office, layer="mix", **options):
    folder = office.folder / f"new-{layer}"
    given = ("--layer", layer, "--folder", folder, "--holder", "Nia New", "--no-spares")
    return office.run("rotate", office.name, *given, **options)


def files(office, *places):
    return sorted(path.name for place in places for path in (office.folder / place).glob("*"))


def file_of(office, role):
    (path,) = office.folder.rglob(f"{office.name[:8]}-{role}.key")
    return path


def public(office):
    return load_wave_keys(office.site.public_keys, office.wave.id)


def roles(office):
    return [note.role for note in notes_of(office.site.public_keys, office.wave.id)]


def nothing_was_made(office):
    return not keys_path(office.site.public_keys, office.wave.id).exists() and roles(office) == []


def goes_away(_files):
    """Somebody at the screen presses Ctrl-C before all passphrases are written down."""
    raise Abort


def full(*_given, **_options):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_all_names_are_looked_at_before_the_first_file_is_written(office):
    (office.folder / "cus").mkdir()
    in_the_way = office.folder / "cus" / f"{office.name[:8]}-mix-spare.key.html"
    in_the_way.write_text("somebody's")
    assert "File exists" in create(office, fails=True)
    assert nothing_was_made(office) and not (office.folder / "ana").exists()
    assert in_the_way.read_text() == "somebody's"
    in_the_way.unlink()
    create(office)
    assert len(files(office, "ana", "cus")) == 8


@pytest.mark.parametrize("number", [1, 4, 8])
def test_files_are_taken_back_when_a_stick_is_pulled_out(office, monkeypatch, number):
    real, written = os.link, []

    def pulled_out(source, target):
        written.append(target)
        if len(written) == number:
            raise OSError(errno.EIO, "Input/output error")
        real(source, target)

    with monkeypatch.context() as broken:
        broken.setattr(os, "link", pulled_out)
        assert "Input/output" in create(office, fails=True)
    assert nothing_was_made(office) and files(office, "ana", "cus") == []
    create(office)


@pytest.mark.parametrize("step", ["add_notes", "write_wave_keys"])
def test_files_are_taken_back_when_the_site_cannot_write(office, monkeypatch, step):
    with monkeypatch.context() as broken:
        broken.setattr(ceremony, step, full)
        assert "No space" in create(office, fails=True)
    assert nothing_was_made(office) and files(office, "ana", "cus") == []
    create(office)


def test_keys_that_the_register_has_already_are_one_sentence(office):
    note = KeyNote("mix", "mix", "Cus Todian", "11" * 8, "2026-11-20")
    add_notes(office.site.public_keys, office.wave.id, [note])
    assert "The register has mix of this wave already." in create(office, fails=True)
    assert files(office, "ana", "cus") == [] and roles(office) == ["mix"]


def test_nothing_is_published_before_every_passphrase_was_shown(office, monkeypatch):
    with monkeypatch.context() as leaving:
        leaving.setattr(key_commands, "hand_over", goes_away)
        create(office, fails=True)
    assert nothing_was_made(office) and files(office, "ana", "cus") == []
    create(office)
    assert roles(office) == ["analyst", "analyst-spare", "mix", "mix-spare"]


def test_change_of_keys_is_published_last(office, monkeypatch):
    create(office, "--no-spares")
    before, seen = public(office), []

    def looks(made):
        seen.append((public(office), roles(office), files(office, "new-mix")))
        assert all(file.path.exists() for file in made)

    monkeypatch.setattr(rotating, "hand_over", looks)
    rotate(office)
    begin = office.name[:8]
    assert seen == [
        (before, ["analyst", "mix", "mix-2"], [f"{begin}-mix-2.key", f"{begin}-mix-2.key.html"])
    ]
    assert public(office).generations[1:] == before.generations


@pytest.mark.parametrize("where", ["passphrase", "register", "publication"])
def test_change_of_keys_that_fails_leaves_the_wave_to_its_old_keys(office, monkeypatch, where):
    """Nobody has the new key: an answer sealed to it would be lost."""
    create(office, "--no-spares")
    before = keys_path(office.site.public_keys, office.wave.id).read_bytes()
    with monkeypatch.context() as broken:
        if where == "passphrase":
            broken.setattr(rotating, "hand_over", goes_away)
        elif where == "register":
            broken.setattr(ceremony, "add_notes", full)
        else:
            broken.setattr("surveys.keys.rotation.change_wave_keys", full)
        rotate(office, fails=True)
    assert keys_path(office.site.public_keys, office.wave.id).read_bytes() == before
    assert files(office, "new-mix") == [] and roles(office) == ["analyst", "mix"]

    whole = response_to_bytes(Response("care4me-8-10", {}))
    sealed = seal_response(whole, public(office), office.wave.header, office.wave.padded_length)
    access = office.vault.accesses[0]
    assert finish(office.vault.engine, STORAGE_KEY, access, lambda _draft: sealed)
    set_status(office.vault.engine, office.wave.id, WaveStatus.CLOSED)
    given = ["release", office.name, *map(str, office.with_keys(file_of(office, "mix")))]
    done = CliRunner().invoke(waves, given, obj=office.site)
    assert "1 responses released; 0 left out" in done.output


def test_new_key_is_kept_when_the_failure_comes_after_it_was_published(office, monkeypatch):
    """The public file is in place and the disk fails just then: answers go to the new key now."""
    create(office, "--no-spares")
    from surveys.keys import rotation

    real = rotation.change_wave_keys

    def published_and_then(*given):
        real(*given)
        full()

    with monkeypatch.context() as broken:
        broken.setattr(rotation, "change_wave_keys", published_and_then)
        assert "No space" in rotate(office, fails=True)
    new = file_of(office, "mix-2")
    key = read_key_file(new, office.phrase_of(new).read_text())
    assert key.public in public(office).mix and opens(key, public(office), office.wave)
    assert roles(office)[-1] == "mix-2"


def test_what_a_power_cut_left_of_a_change_does_not_stop_the_next(office):
    create(office, "--no-spares")
    left = KeyNote("mix-2", "mix", "Nia New", "22" * 8, "2026-11-20")
    add_notes(office.site.public_keys, office.wave.id, [left])
    rotate(office)
    assert roles(office) == ["analyst", "mix", "mix-2", "mix-3"]
    told = ("--role", "mix-2", "--word-of", "Nia New")
    assert "mix-2 is destroyed" in office.run("destroy", office.name, *told)


def test_interrupted_recovery_leaves_no_key_of_nobodys(office, monkeypatch):
    custodians = office.make_custodians()
    create(office, "--escrow", "--escrow-folder", office.folder / "safe", say="y\n")
    escrow = office.folder / "safe" / f"{office.name[:8]}-mix-escrow-1.escrow"
    before = roles(office)
    given = (
        "recover", office.name, "--layer", "mix", "--escrow-file", escrow, "--holder", "Nia New",
        *office.with_keys(*custodians[:2]), "--folder", office.folder / "new",
    )  # fmt: skip
    with monkeypatch.context() as leaving:
        leaving.setattr(key_life_commands, "hand_over", goes_away)
        office.run(*given, fails=True)
    assert roles(office) == before and files(office, "new") == []
    office.run(*given)
    assert roles(office) == [*before, "mix-recovered"]


def test_interrupted_escrow_custodian_is_none(office, monkeypatch):
    given = ("escrow-custodian", "Ada Ash", "--folder", office.folder / "ada")
    for step, how in (
        (escrow_commands, ("hand_over", goes_away)),
        (ceremony, ("add_escrow_custodian", full)),
    ):
        with monkeypatch.context() as broken:
            broken.setattr(step, *how)
            office.run(*given, fails=True)
        assert escrow_custodians_of(office.site.public_keys) == () and files(office, "ada") == []
    office.run(*given)
    (ada,) = escrow_custodians_of(office.site.public_keys)
    assert ada.name == "Ada Ash"


@pytest.fixture
def fat_stick(monkeypatch):
    """Folders as on FAT and exFAT: no links, and every file for everybody, whatever is asked."""
    real = os.open

    def open_for_all(path, flags, mode=0o777, **options):
        descriptor = real(path, flags, mode, **options)
        if flags & os.O_CREAT:
            os.fchmod(descriptor, 0o777)
        return descriptor

    def no_links(*_given, **_options):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "open", open_for_all)
    monkeypatch.setattr(os, "link", no_links)


def test_whole_ceremony_on_sticks_without_links_and_permissions(office, fat_stick):
    custodians = office.make_custodians()
    said = create(office, "--escrow", "--escrow-folder", office.folder / "safe", say="y\n")
    made = [*office.folder.glob("ana/*.key"), *office.folder.glob("cus/*.key")]
    escrows = list(office.folder.glob("safe/*.escrow"))
    assert len(made) == len(escrows) == 2
    for path in made:
        assert f"Without its passphrase it opens nothing: {path}" in said
    for path in escrows:
        assert f"Without two escrow custodians it opens nothing: {path}" in said
    options = [part for path in escrows for part in ("--escrow-file", path)]
    drilled = office.run("drill", office.name, *options, *office.with_keys(*made, *custodians))
    assert drilled.count("opens  ") == 2 and drilled.count("(3 of 3 pairs)") == 2
    assert "Not tried" not in drilled
    rotate(office)
    assert "File exists" not in drilled and roles(office)[-1] == "mix-2"
    for folder in ("ana", "cus", "safe", "ada", "new-mix"):
        assert not [name for name in files(office, folder) if "unfinished" in name]


def test_files_for_their_owner_alone_are_not_said_to_be_open(office):
    assert "keeps no permissions" not in create(office)


def test_register_that_is_damaged_is_one_sentence_in_every_command(office):
    custodians = office.make_custodians()
    create(office, "--escrow", "--escrow-folder", office.folder / "safe", say="y\n")
    key = file_of(office, "mix")
    escrow = office.folder / "safe" / f"{office.name[:8]}-mix-escrow-1.escrow"
    register_path(office.site.public_keys, office.wave.id).write_text("{")
    new = ("--folder", office.folder / "new", "--holder", "Nia New")
    given = [
        ("try", office.name, *office.with_keys(key)),
        ("drill", office.name, *office.with_keys(key)),
        ("list",),
        ("rotate", office.name, "--layer", "mix", *new),
        ("recover", office.name, "--layer", "mix", "--escrow-file", escrow, *new,
         *office.with_keys(*custodians[:2])),
        ("destroy", office.name, "--key-file", key, "--by", "Dan", "--yes"),
        ("destroy", office.name, "--role", "mix", "--word-of", "Dan"),
        ("destroy", office.name),
        ("certificate", office.name),
        ("escrow-custodian", "Ada Ash", "--retire", "--word-of", "Ada Ash", "--yes"),
    ]  # fmt: skip
    for one in given:
        assert "The key register" in office.run(*one, fails=True), one[0]
    assert key.exists() and not (office.folder / "new").exists()
