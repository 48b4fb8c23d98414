"""Destroying keys: what is overwritten, what the certificate says, and that nothing opens after."""

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import combinations, product

import html5lib
import pytest
from click.testing import CliRunner
from key_holders import QUICK, Office, site_of, stretch_little
from sqlalchemy import select
from vault_wave import STORAGE_KEY, new_wave

from questionnaires.responses import Response, response_to_bytes
from surveys.database import open_engine, writing
from surveys.keys.destruction import overwrite_and_remove
from surveys.keys.escrow import read_escrow_file, recover
from surveys.keys.key_register import Ending, all_destroyed, notes_of, register_path
from surveys.keys.wave_commands import waves
from surveys.vault.envelope import CannotOpen
from surveys.vault.key_files import read_key_file
from surveys.vault.manifest_signing import verified_manifest
from surveys.vault.opening import open_envelope
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.release import release_wave
from surveys.vault.sealing import seal_response
from surveys.vault.slot_content import SlotState
from surveys.vault.slots import contents_of, delete_slots, finish
from surveys.vault.store import envelopes_of, manifest_of, response_table
from surveys.vault.waves import WaveStatus, add_wave, find_wave, set_status

DAN = ("--by", "Dan Doer", "--yes")
MARKER = "a fox in the hall"


@pytest.fixture
def vault(sqlite_vault):
    """Keys are files: nothing here differs from one engine to the other."""
    return sqlite_vault


@pytest.fixture
def office(vault, tmp_path, monkeypatch):
    """A wave with escrow and two holders, in which three people have sent an answer."""
    stretch_little(monkeypatch)
    office = Office(site_of(vault, tmp_path), tmp_path)
    office.custodians = office.make_custodians()
    office.run(
        "create", vault.wave.id.hex(), "--escrow", "--escrow-folder", tmp_path / "safe",
        "--offline-folder", tmp_path / "ana", "--custodian-folder", tmp_path / "cus",
        "--analyst", "Ana Lyst", "--custodian", "Cus Todian", say="y\n",
    )  # fmt: skip
    keys = load_wave_keys(office.site.public_keys, vault.wave.id)

    def seal(draft):
        whole = response_to_bytes(Response(f"care4me-8-10 {MARKER}", draft.answers))
        return seal_response(whole, keys, vault.wave.header, vault.wave.padded_length)

    for access in vault.accesses[:3]:
        vault.answer(access, which="marker")
        assert finish(vault.engine, STORAGE_KEY, access, seal)
    return office


def files_of(office, wave):
    """Every key and escrow file of the wave; the custodians' own keys are not of a wave."""
    begin = wave.id.hex()[:8]
    found = [*office.folder.rglob(f"{begin}-*.key"), *office.folder.rglob(f"{begin}-*.escrow")]
    return {path.stem.removeprefix(f"{begin}-"): path for path in found}


def backup(vault, path):
    with closing(sqlite3.connect(vault.path)) as connection:
        connection.execute("VACUUM INTO ?", (str(path),))
    return path


def release(vault, office):
    set_status(vault.engine, vault.wave.id, WaveStatus.CLOSED)
    path = files_of(office, vault.wave)["mix"]
    key = read_key_file(path, office.phrase_of(path).read_text())
    keys = load_wave_keys(office.site.public_keys, vault.wave.id)
    release_wave(vault.engine, STORAGE_KEY, vault.wave, key, keys=keys)
    set_status(vault.engine, vault.wave.id, WaveStatus.PUBLISHED)


def sealed_in(path, wave):
    """Every sealed thing of the wave in a copy of the database: finals in slots, and responses."""
    engine = open_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        contents = list(contents_of(connection, STORAGE_KEY, wave.id))
    found = [one.payload for one in contents if one.state is SlotState.FINAL]
    found += envelopes_of(engine, wave.id)
    engine.dispose()
    return found


def keys_that_remain(office, wave):
    """Every private key that can still be had from any file, with every passphrase known."""
    keys = [
        read_key_file(path, office.phrase_of(path).read_text())
        for path in office.folder.rglob("*.key")
    ]
    escrows = [read_escrow_file(path, wave.id) for path in office.folder.rglob("*.escrow")]
    for escrow, (one, other) in product(escrows, combinations(list(keys), 2)):
        try:
            keys.append(recover(escrow, one, other))
        except CannotOpen:
            continue
    return keys


def opened(sealed, keys, wave):
    """What these keys make of these envelopes, layer by layer, until nothing more opens."""
    found, waiting = [], list(sealed)
    while waiting:
        envelope = waiting.pop()
        for key in keys:
            try:
                content = open_envelope(envelope, key, wave.header).content
            except CannotOpen:
                continue
            found.append(content)
            waiting.append(content)
    return found


def test_nothing_that_remains_opens_any_backup(vault, office, tmp_path):
    before = backup(vault, tmp_path / "before-release.sqlite3")
    release(vault, office)
    after = backup(vault, tmp_path / "after-release.sqlite3")
    wave = find_wave(vault.engine, vault.wave.id)
    sealed = sealed_in(before, wave) + sealed_in(after, wave)
    assert len(sealed) == 6

    read = b"".join(opened(sealed, keys_that_remain(office, wave), wave))
    assert read.count(MARKER.encode()) > 6  # by each key and by each pair in escrow

    seeds = [key.seed for key in keys_that_remain(office, wave)]
    files = files_of(office, wave)
    given = [part for path in files.values() for part in ("--key-file", path)]
    said = office.run("destroy", wave.id.hex(), *given, *DAN)
    assert "All keys of this wave are destroyed" in said

    remaining = keys_that_remain(office, wave)
    assert len(remaining) == 3  # the custodians' own, which are of no wave
    assert opened(sealed, remaining, wave) == []
    of_the_wave = set(seeds) - {key.seed for key in remaining}
    assert len(of_the_wave) == 4
    left = b"".join(path.read_bytes() for path in office.folder.rglob("*") if path.is_file())
    assert not any(seed in left or seed.hex().encode() in left for seed in of_the_wave)


def test_escrow_alone_releases_signs_and_opens_everything(vault, office):
    """Both sticks are lost: two custodians recover both layers, and nothing is missing."""
    name, files = vault.wave.id.hex(), files_of(office, vault.wave)
    files["analyst"].unlink()
    files["mix"].unlink()
    for layer in ("analyst", "mix"):
        office.run(
            "recover", name, "--layer", layer, "--escrow-file", files[f"{layer}-escrow-1"],
            *office.with_keys(*office.custodians[1:]),
            "--folder", office.folder / f"new-{layer}", "--holder", f"Nia of the {layer} key",
        )  # fmt: skip
    again = files_of(office, vault.wave)
    set_status(vault.engine, vault.wave.id, WaveStatus.CLOSED)
    done = CliRunner().invoke(
        waves, ["release", name, *map(str, office.with_keys(again["mix-recovered"]))],
        obj=office.site,
    )  # fmt: skip
    assert "3 responses released; 0 left out" in done.output
    public = load_wave_keys(office.site.public_keys, vault.wave.id)
    signed = manifest_of(vault.engine, vault.wave.id)
    assert verified_manifest(signed, public.signers, vault.wave).released == 3
    path = again["analyst-recovered"]
    key = read_key_file(path, office.phrase_of(path).read_text())
    read = opened(envelopes_of(vault.engine, vault.wave.id), [key], vault.wave)
    assert b"".join(read).count(MARKER.encode()) == 3


def test_each_key_alone_is_enough_to_keep_a_layer_readable(vault, office, tmp_path):
    """The other way round: the test above would notice if one file had been forgotten."""
    before = backup(vault, tmp_path / "before.sqlite3")
    release(vault, office)
    wave = find_wave(vault.engine, vault.wave.id)
    files = files_of(office, wave)
    for role, path in files.items():
        if role not in ("mix-escrow-1", "analyst-escrow-1"):
            office.run("destroy", wave.id.hex(), "--key-file", path, *DAN)
    read = opened(sealed_in(before, wave), keys_that_remain(office, wave), wave)
    assert MARKER.encode() in b"".join(read)
    assert not all_destroyed(office.site.public_keys, wave.id)
    assert "Still there: " in office.run("certificate", wave.id.hex(), fails=True)


def test_certificate_says_which_when_by_whom_and_what_it_cannot_know(vault, office, monkeypatch):
    release(vault, office)
    wave, files = find_wave(vault.engine, vault.wave.id), files_of(office, vault.wave)
    for role in ("analyst", "mix", "mix-escrow-1"):
        office.run("destroy", wave.id.hex(), "--key-file", files[role], *DAN)
    told = ("--role", "analyst-escrow-1", "--word-of", "Reg Strar & Co")
    said = office.run("destroy", wave.id.hex(), *told)
    certificates = office.site.public_keys.parent / "certificates"
    name = f"keys-{wave.id.hex()[:8]}-2026-11-21"
    page, text = certificates / f"{name}.html", certificates / f"{name}.txt"
    assert str(page) in said
    html5lib.HTMLParser(strict=True).parse(page.read_text())
    for content in (page.read_text(), text.read_text()):
        for note in notes_of(office.site.public_keys, wave.id):
            assert note.role in content and note.key_id in content
        assert content.count("overwritten and removed by Heard") == 3
        assert content.count("on the word of the person named") == 1
        assert "Dan Doer" in content and "Ana Lyst" in content
        assert "Heard cannot know of them" in content and "begun and never sent" in content
    assert "Reg Strar & Co" in text.read_text() and "Reg Strar &amp; Co" in page.read_text()
    assert {path.stat().st_mode & 0o777 for path in (page, text)} == {0o600}
    text.unlink()
    office.run("certificate", wave.id.hex())
    assert text.exists()
    whole = page.read_bytes()
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", lambda _descriptor: (_ for _ in ()).throw(OSError("full")))
        assert "full" in office.run("certificate", wave.id.hex(), fails=True)
    assert page.read_bytes() == whole
    assert {path.name for path in certificates.iterdir()} == {page.name, text.name}


def test_no_certificate_while_the_register_misses_a_key(vault, office):
    release(vault, office)
    wave = find_wave(vault.engine, vault.wave.id)
    files, notes = files_of(office, wave), notes_of(office.site.public_keys, wave.id)
    path = register_path(office.site.public_keys, wave.id)
    document = json.loads(path.read_text())
    forgotten = document["keys"].pop(0)
    path.write_text(json.dumps(document))
    given = [part for one in files.values() for part in ("--key-file", one)]
    said = office.run("destroy", wave.id.hex(), *given, *DAN, fails=True)
    assert f"register does not know: {notes[0].key_id}" in said
    assert forgotten["role"] == "analyst"
    assert not (office.site.public_keys.parent / "certificates").exists()


def test_last_key_of_a_layer_is_not_destroyed_while_answers_wait(vault, office):
    name, files = vault.wave.id.hex(), files_of(office, vault.wave)
    office.run("destroy", name, "--key-file", files["mix"], *DAN)
    last = ("destroy", name, "--key-file", files["mix-escrow-1"], *DAN)
    assert "nobody can ever read" in office.run(*last, fails=True)
    told = ("destroy", name, "--role", "mix-escrow-1", "--word-of", "Cus")
    assert "nobody can ever read" in office.run(*told, fails=True)
    assert files["mix-escrow-1"].exists()
    office.run(*last, "--give-up-answers")
    assert not files["mix-escrow-1"].exists()


def test_last_key_goes_when_the_answers_of_a_closed_wave_were_erased(vault, office):
    """It was never released, and its day came: nothing is sealed to the keys any more."""
    set_status(vault.engine, vault.wave.id, WaveStatus.CLOSED)
    name, files = vault.wave.id.hex(), files_of(office, vault.wave)
    office.run("destroy", name, "--key-file", files["mix"], *DAN)
    last = ("destroy", name, "--key-file", files["mix-escrow-1"], *DAN)
    assert "nobody can ever read" in office.run(*last, fails=True)
    with writing(vault.engine).begin() as connection:
        assert delete_slots(connection, vault.wave.id) == 6
    left = [part for path in files.values() if path.exists() for part in ("--key-file", path)]
    assert len(left) == 6
    assert "All keys of this wave are destroyed" in office.run("destroy", name, *left, *DAN)


def test_last_key_of_an_open_wave_stays_although_nobody_was_invited_yet(vault, office):
    with writing(vault.engine).begin() as connection:
        delete_slots(connection, vault.wave.id)
    name, files = vault.wave.id.hex(), files_of(office, vault.wave)
    office.run("destroy", name, "--key-file", files["mix"], *DAN)
    last = ("destroy", name, "--key-file", files["mix-escrow-1"], *DAN)
    assert "nobody can ever read" in office.run(*last, fails=True)


def test_further_copy_is_destroyed_too_and_changes_nothing_in_the_register(vault, office, tmp_path):
    name, files = vault.wave.id.hex(), files_of(office, vault.wave)
    copy = tmp_path / "copy.key"
    copy.write_bytes(files["mix"].read_bytes())
    office.run("destroy", name, "--key-file", files["mix"], *DAN)
    noted = notes_of(office.site.public_keys, vault.wave.id)
    office.run("destroy", name, "--key-file", copy, *DAN)
    assert not copy.exists() and notes_of(office.site.public_keys, vault.wave.id) == noted
    assert [(one.ending, one.destroyed_by) for one in noted if one.role == "mix"] == [
        (Ending.SEEN, "Dan Doer")
    ]


def test_copy_under_another_name_notes_nothing_of_the_file_that_is_still_there(
    vault, office, tmp_path
):
    name, files = vault.wave.id.hex(), files_of(office, vault.wave)
    copy = tmp_path / "copy.key"
    copy.write_bytes(files["mix"].read_bytes())
    noted = notes_of(office.site.public_keys, vault.wave.id)
    said = office.run("destroy", name, "--key-file", copy, *DAN)
    assert not copy.exists() and files["mix"].exists()
    assert notes_of(office.site.public_keys, vault.wave.id) == noted
    assert f"Overwrites  {copy}" in said and "Notes       nothing: it is a copy" in said
    assert "mix is still noted as there" in said and "--role mix --word-of" in said


def test_destroying_says_which_file_it_overwrites_and_which_register_notes_it(vault, office):
    path = files_of(office, vault.wave)["mix"]
    key_id = json.loads(path.read_text())["key_id"]
    said = office.run("destroy", vault.wave.id.hex(), "--key-file", path, *DAN)
    register = register_path(office.site.public_keys, vault.wave.id)
    assert f"Overwrites  {path}\n  key       {key_id}\n" in said
    assert f"Notes       mix, held by Cus Todian, in {register}\n" in said


def test_file_with_another_name_on_the_disk_is_said_to_have_one(vault, office, tmp_path):
    path = files_of(office, vault.wave)["mix"]
    os.link(path, tmp_path / "second name")
    said = office.run("destroy", vault.wave.id.hex(), "--key-file", path, *DAN)
    assert "other names on this disk" in said
    assert b"heard private key" not in (tmp_path / "second name").read_bytes()


@pytest.mark.parametrize("act", ["file", "word"])
def test_register_of_another_site_is_not_written_through_a_link(vault, office, tmp_path, act):
    """A copy of a site's folder whose public keys are a link: it would end the original's entry."""
    path, original = files_of(office, vault.wave)["mix"], office.site.public_keys
    noted = notes_of(original, vault.wave.id)
    copy = tmp_path / "copy of the site"
    copy.mkdir()
    (copy / "public_keys").symlink_to(original)
    office.site.public_keys, office.site.summaries = copy / "public_keys", copy / "summaries"
    what = ("--key-file", path) if act == "file" else ("--role", "mix", "--word-of", "Cus")
    said = office.run("destroy", vault.wave.id.hex(), *what, "--yes", "--by", "Dan", fails=True)
    assert "not in this site's folder" in said and str(original) in said
    assert path.exists() and notes_of(original, vault.wave.id) == noted


def test_other_files_are_left_as_they_are(vault, office, tmp_path):
    name, other = vault.wave.id.hex(), replace(new_wave(WaveStatus.PREPARED), number=2)
    add_wave(vault.engine, other)
    letter, link = tmp_path / "letter.txt", tmp_path / "link.key"
    letter.write_text("Dear all")
    link.symlink_to(files_of(office, vault.wave)["mix"])
    for path in (letter, link, office.custodians[0]):
        assert "as it was" in office.run("destroy", name, "--key-file", path, *DAN, fails=True)
        assert path.exists()
    mine = files_of(office, vault.wave)["mix"]
    assert "as it was" in office.run(
        "destroy", other.id.hex(), "--key-file", mine, *DAN, fails=True
    )
    assert "Aborted" in office.run("destroy", name, "--key-file", mine, say="Dan\nn\n", fails=True)
    assert mine.exists()


def test_overwriting_reaches_the_very_bytes(tmp_path):
    path, second = tmp_path / "secret", tmp_path / "second name"
    path.write_bytes(b"seed " * 100)
    os.link(path, second)  # shows what is left in the place where the bytes were
    overwrite_and_remove(path)
    left = second.read_bytes()
    assert not path.exists() and len(left) == 500 and b"seed" not in left and any(left)


def test_file_of_access_codes_of_the_wave_is_destroyed_too(vault, office, tmp_path):
    from surveys.invitations.seed_files import make_seed_file

    path = tmp_path / "codes.key"
    make_seed_file(path, vault.wave.id, QUICK)
    office.run("destroy", vault.wave.id.hex(), "--key-file", path, *DAN)
    assert not path.exists()


def test_word_needs_a_name_and_a_key_that_is_there(vault, office):
    name = vault.wave.id.hex()
    assert "--word-of" in office.run("destroy", name, "--role", "mix", fails=True)
    told = ("--word-of", "Reg")
    assert "There is no mix-spare" in office.run(
        "destroy", name, "--role", "mix-spare", *told, fails=True
    )


def test_responses_themselves_stay_where_they_are(vault, office):
    release(vault, office)
    with vault.engine.connect() as connection:
        rows = connection.execute(select(response_table)).all()
    files = files_of(office, vault.wave)
    given = [part for path in files.values() for part in ("--key-file", path)]
    office.run("destroy", vault.wave.id.hex(), *given, *DAN)
    with vault.engine.connect() as connection:
        assert connection.execute(select(response_table)).all() == rows
