"""Changing keys while people answer: nothing sent is lost, old or new, and bodies stay untouched."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from key_holders import Office, site_of, stretch_little
from sqlalchemy import update
from vault_wave import ANALYST, HEADER, KEYS, MIX, STORAGE_KEY, new_wave

from analysis.opening import RollCall, UnreadableResponse, open_responses
from questionnaires.responses import Response, response_from_bytes, response_to_bytes
from surveys.audit import log as audit
from surveys.database import writing
from surveys.keys import rotation_commands
from surveys.keys.key_register import notes_of, untried
from surveys.keys.rotation import CannotRotate, seal_anew
from surveys.keys.wave_commands import waves
from surveys.vault.compacting import NotCompacted
from surveys.vault.envelope import CannotOpen, Purpose, SuiteId, take_apart
from surveys.vault.key_files import read_key_file
from surveys.vault.manifest import hash_of, manifest_from_bytes, manifest_to_bytes
from surveys.vault.manifest_signing import signer_of, verified_manifest
from surveys.vault.opening import new_private_key, open_envelope, open_with_any
from surveys.vault.public_keys import (
    Generation,
    KeysUnfit,
    change_wave_keys,
    keys_path,
    load_wave_keys,
    write_wave_keys,
)
from surveys.vault.release import ReleaseRefused, release_wave
from surveys.vault.sealing import seal, seal_response
from surveys.vault.slots import finish
from surveys.vault.store import envelopes_of, manifest_of, manifest_table
from surveys.vault.waves import WaveStatus, add_wave, find_wave, set_status

OTHERS = tuple(new_private_key(Purpose.RESPONSE) for _ in range(2))


@pytest.fixture
def office(vault, tmp_path, monkeypatch):
    """An open wave with two holders and no spares; the fixture runs on both engines."""
    stretch_little(monkeypatch)
    office = Office(site_of(vault, tmp_path, single_custodian=False), tmp_path)
    office.vault, office.wave, office.name = vault, vault.wave, vault.wave.id.hex()
    office.run(
        "create", office.name, "--no-spares", "--analyst", "Ana Lyst", "--custodian", "Cus Todian",
        "--offline-folder", tmp_path / "ana", "--custodian-folder", tmp_path / "cus",
    )  # fmt: skip
    return office


def key_file(office, role):
    (path,) = office.folder.rglob(f"{office.name[:8]}-{role}.key")
    return path


def key(office, role):
    path = key_file(office, role)
    return read_key_file(path, office.phrase_of(path).read_text())


def public(office):
    return load_wave_keys(office.site.public_keys, office.wave.id)


def send(office, number):
    """Somebody sends their answers, sealed as the site seals at this moment."""
    whole = response_to_bytes(Response(f"care4me-{number}", {}))
    keys = public(office)
    sealed = seal_response(whole, keys, office.wave.header, office.wave.padded_length)
    access = office.vault.accesses[number]
    assert finish(office.vault.engine, STORAGE_KEY, access, lambda _draft: sealed)


def rotate(office, layer, *more, holder="Nia New", **options):
    folder = ("--folder", office.folder / f"new-{layer}", "--holder", holder)
    return office.run("rotate", office.name, "--layer", layer, *folder, *more, **options)


def release(office, *roles):
    set_status(office.vault.engine, office.wave.id, WaveStatus.CLOSED)
    presented = office.with_keys(*(key_file(office, role) for role in roles))
    given = ["release", office.name, *map(str, presented)]
    return CliRunner().invoke(waves, given, obj=office.site)


def answered(office, *roles):
    keys = [key(office, role) for role in roles]
    return sorted(
        response_from_bytes(open_with_any(one, keys, office.wave.header).content).questionnaire
        for one in envelopes_of(office.vault.engine, office.wave.id)
    )


def both_rotated(office):
    """One answer for each of three generations: the first, a new mix key, a new analyst key."""
    send(office, 0)
    rotate(office, "mix", "--no-spares")
    send(office, 1)
    rotate(office, "analyst", "--no-spares", holder="Amy Newer")
    send(office, 2)


def test_release_and_opening_take_every_generation(office):
    both_rotated(office)
    done = release(office, "mix-2", "mix")
    assert "3 responses released; 0 left out" in done.output
    assert answered(office, "analyst", "analyst-3") == ["care4me-0", "care4me-1", "care4me-2"]
    manifest = verified_manifest(
        manifest_of(office.vault.engine, office.wave.id), public(office).signers, office.wave
    )
    rows = list(envelopes_of(office.vault.engine, office.wave.id))
    roll = RollCall(manifest)
    keys = [key(office, "analyst-3"), key(office, "analyst")]
    assert len(list(open_responses(roll.through(rows), keys, office.wave.header))) == 3
    roll.finish()
    with pytest.raises(UnreadableResponse):
        list(open_responses(rows, keys[0], office.wave.header))


def test_release_without_the_earlier_key_is_refused_and_loses_nothing(office):
    both_rotated(office)
    done = release(office, "mix-2")
    assert done.exit_code == 1
    assert "1 of 3 final responses" in done.output and "earlier custodian's key" in done.output
    assert find_wave(office.vault.engine, office.wave.id).status is WaveStatus.CLOSED
    set_status(office.vault.engine, office.wave.id, WaveStatus.OPEN)
    assert "3 responses released" in release(office, "mix", "mix-2").output


def test_sealing_anew_lets_the_newest_analyst_key_open_all_and_the_manifest_hold(office):
    both_rotated(office)
    assert release(office, "mix-2", "mix").exit_code == 0
    before = {
        take_apart(one).header.response_id: take_apart(one)
        for one in envelopes_of(office.vault.engine, office.wave.id)
    }
    with pytest.raises(CannotOpen):
        answered(office, "analyst-3")
    said = office.run("rewrap", office.name, *office.with_keys(key_file(office, "analyst")))
    assert "2 responses sealed anew; 0 are still" in said
    assert answered(office, "analyst-3") == ["care4me-0", "care4me-1", "care4me-2"]
    with pytest.raises(CannotOpen):
        answered(office, "analyst")
    rows = list(envelopes_of(office.vault.engine, office.wave.id))
    for one in map(take_apart, rows):
        old = before[one.header.response_id]
        assert (one.header_bytes, one.body) == (old.header_bytes, old.body)
        assert one.key_ids == public(office).analyst_ids
    signed = manifest_of(office.vault.engine, office.wave.id)
    roll = RollCall(verified_manifest(signed, public(office).signers, office.wave))
    assert len(list(roll.through(rows))) == 3
    roll.finish()
    again = office.run("rewrap", office.name, *office.with_keys(key_file(office, "analyst")))
    assert "0 responses sealed anew; 0 are still" in again


def test_sealing_anew_is_in_the_audit_log_although_the_database_was_busy(office, monkeypatch):
    both_rotated(office)
    assert release(office, "mix-2", "mix").exit_code == 0

    def busy(_engine):
        raise NotCompacted("others are reading")

    monkeypatch.setattr(rotation_commands, "compact", busy)
    old = office.with_keys(key_file(office, "analyst"))
    said = office.run("rewrap", office.name, *old, fails=True)
    assert "2 responses sealed anew" in said and "Now run `flask nightly`" in said
    last = audit.entries(audit.audit_log_of(office.site))[-1]
    assert (last.what, last.about["changed"]) == ("responses sealed anew", "2")


def test_fingerprint_of_a_release_is_told_although_the_database_was_busy(office, monkeypatch):
    both_rotated(office)

    def busy(_engine):
        raise NotCompacted("others are reading")

    monkeypatch.setattr("surveys.vault.release.compact", busy)
    done = release(office, "mix-2", "mix")
    fingerprint = manifest_of(office.vault.engine, office.wave.id).fingerprint.hex()
    assert done.exit_code == 1 and "Now run `flask nightly`" in done.output
    assert f"Manifest {fingerprint}: tell it" in done.output
    assert "3 responses released; 0 left out" in done.output
    shown = CliRunner().invoke(waves, ["manifest", office.name], obj=office.site)
    assert shown.exit_code == 0 and fingerprint in shown.output


def test_manifest_is_shown_only_as_a_custodian_signed_it(office):
    show = lambda: CliRunner().invoke(waves, ["manifest", office.name], obj=office.site)  # noqa: E731
    assert "There is no manifest" in show().output and show().exit_code == 1
    send(office, 0)
    assert release(office, "mix").exit_code == 0
    assert "1 responses released" in show().output
    with writing(office.vault.engine).begin() as connection:
        connection.execute(update(manifest_table).values(signature=bytes(64)))
    assert "not signed with a custodian's key" in show().output and show().exit_code == 1


def test_nothing_shows_afterwards_which_responses_were_sealed_anew(office):
    both_rotated(office)
    assert release(office, "mix-2", "mix").exit_code == 0
    engine = office.vault.engine
    old = [
        wrap.sealed_key
        for one in map(take_apart, envelopes_of(engine, office.wave.id))
        for wrap in one.wraps
        if one.key_ids != public(office).analyst_ids
    ]
    assert len(old) == 2
    office.run("rewrap", office.name, *office.with_keys(key_file(office, "analyst")))
    assert len({len(one) for one in envelopes_of(engine, office.wave.id)}) == 1
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            writers = connection.exec_driver_sql("SELECT DISTINCT xmin FROM response").all()
        assert len(writers) == 1
    else:
        left = office.vault.raw_files()
        assert not any(sealed_key in left for sealed_key in old)


def test_key_that_opens_nothing_old_seals_nothing_anew(office):
    both_rotated(office)
    assert release(office, "mix-2", "mix").exit_code == 0
    rows = list(envelopes_of(office.vault.engine, office.wave.id))
    said = office.run("rewrap", office.name, *office.with_keys(key_file(office, "mix")))
    assert "0 responses sealed anew; 2 are still" in said
    assert list(envelopes_of(office.vault.engine, office.wave.id)) == rows


def test_escrow_takes_the_place_of_a_lost_old_key(office):
    """The first analyst's stick is lost: two custodians recover it, and all is sealed anew."""
    custodians = office.make_custodians()
    safe = ("--escrow", "--escrow-folder", office.folder / "safe")
    rotate(office, "analyst", *safe, say="y\n")
    send(office, 0)
    rotate(office, "analyst", "--no-spares", holder="Amy Newer")
    send(office, 1)
    key_file(office, "analyst-2").unlink()
    assert release(office, "mix").exit_code == 0
    (escrow,) = (office.folder / "safe").glob("*.escrow")
    office.run(
        "recover", office.name, "--layer", "analyst", "--escrow-file", escrow,
        *office.with_keys(*custodians[1:]), "--folder", office.folder / "re", "--holder", "Reg",
    )  # fmt: skip
    recovered = key_file(office, "analyst-recovered")
    assert "1 responses sealed anew" in office.run(
        "rewrap", office.name, *office.with_keys(recovered)
    )
    assert answered(office, "analyst-3") == ["care4me-0", "care4me-1"]


def test_new_key_is_in_the_register_and_waits_for_its_drill(office):
    office.run("drill", office.name, *office.with_keys(*office.folder.rglob("*.key")))
    rotate(office, "mix")
    roles = [(note.role, note.holder) for note in notes_of(office.site.public_keys, office.wave.id)]
    assert roles[2:] == [("mix-2", "Nia New"), ("mix-2-spare", "Nia New")]
    assert untried(office.site.public_keys, office.wave.id) == ("mix-2", "mix-2-spare")
    said = office.run("drill", office.name, *office.with_keys(*office.folder.rglob("*.key")))
    assert said.count("opens  ") == 4  # old keys too: they open what was sent before
    assert untried(office.site.public_keys, office.wave.id) == ()


def test_sheets_are_written_for_new_keys(office):
    rotate(office, "mix")
    sheets = sorted(path.name for path in (office.folder / "new-mix").glob("*.html"))
    begin = office.name[:8]
    assert sheets == [f"{begin}-mix-2-spare.key.html", f"{begin}-mix-2.key.html"]


def test_two_people_do_not_become_one(office):
    before = keys_path(office.site.public_keys, office.wave.id).read_text()
    said = rotate(office, "mix", holder="ana lyst", fails=True)
    assert "people were told that two people" in said
    assert keys_path(office.site.public_keys, office.wave.id).read_text() == before
    assert not (office.folder / "new-mix").exists()


@pytest.mark.parametrize("place", ["ana", "ana/new", "."])
def test_new_key_does_not_go_where_the_other_layers_key_lies(office, place):
    """Under another name, on the analyst's own stick: whoever has that would have both."""
    if place == ".":  # the analyst's key lies in a folder of the stick, the new one beside that
        inner = office.folder / "stick" / "analyst"
        inner.mkdir(parents=True)
        (office.folder / "ana" / f"{office.name[:8]}-analyst.key").rename(inner / "a.key")
        folder = office.folder / "stick"
    else:
        folder = office.folder / place
    before = keys_path(office.site.public_keys, office.wave.id).read_bytes()
    given = ("rotate", office.name, "--layer", "mix", "--folder", folder, "--holder", "Nia New")
    said = office.run(*given, fails=True)
    assert "is the other key of this wave" in said
    assert keys_path(office.site.public_keys, office.wave.id).read_bytes() == before
    assert not list(folder.glob("*mix*"))


def test_new_key_may_go_where_the_old_one_of_its_layer_lies(office):
    given = ("--layer", "mix", "--folder", office.folder / "cus", "--holder", "Cus Todian")
    office.run("rotate", office.name, *given)
    assert len(public(office).generations) == 2


def test_other_waves_keys_and_other_files_are_no_obstacle(office, tmp_path):
    other = replace(new_wave(WaveStatus.PREPARED), number=2)
    add_wave(office.vault.engine, other)
    new = tmp_path / "new-mix"
    folders = ("--offline-folder", new, "--custodian-folder", tmp_path / "o2")
    office.run("create", other.id.hex(), *folders)
    (new / "broken.key").write_text("{")
    (new / "picture.key").write_bytes(b"\xff\xd8")
    rotate(office, "mix")


def test_key_that_alone_opens_earlier_answers_is_not_destroyed_while_they_wait(office):
    """There are newer keys of both layers, and they open nothing that was sent before."""
    both_rotated(office)
    gone = ("--by", "Dan Doer", "--yes")
    for role in ("mix", "mix-2", "analyst", "analyst-3"):
        path = key_file(office, role)
        said = office.run("destroy", office.name, "--key-file", path, *gone, fails=True)
        assert "nobody can ever read" in said and path.exists()
        told = ("--role", role, "--word-of", "Cus Todian")
        assert "nobody can ever read" in office.run("destroy", office.name, *told, fails=True)
    assert "3 responses released" in release(office, "mix-2", "mix").output
    for role in ("mix", "mix-2"):
        office.run("destroy", office.name, "--key-file", key_file(office, role), *gone)


def test_spare_of_the_same_time_stands_in_for_a_key_and_one_of_another_time_does_not(office):
    rotate(office, "mix")
    gone = ("--by", "Dan Doer", "--yes")
    office.run("destroy", office.name, "--key-file", key_file(office, "mix-2"), *gone)
    for role in ("mix-2-spare", "mix"):
        path = key_file(office, role)
        office.run("destroy", office.name, "--key-file", path, *gone, fails=True)
        assert path.exists()


def test_older_key_is_destroyed_before_publishing_once_all_is_sealed_anew(office):
    both_rotated(office)
    assert release(office, "mix-2", "mix").exit_code == 0
    old = key_file(office, "analyst")
    given = ("destroy", office.name, "--key-file", old, "--by", "Dan Doer", "--yes")
    assert "nobody can ever read" in office.run(*given, fails=True)
    office.run("rewrap", office.name, *office.with_keys(old))
    office.run(*given)
    assert not old.exists()
    assert answered(office, "analyst-3") == ["care4me-0", "care4me-1", "care4me-2"]


def test_recovery_does_not_make_two_people_one(office):
    custodians = office.make_custodians()
    safe = ("--escrow", "--escrow-folder", office.folder / "safe")
    rotate(office, "mix", *safe, say="y\n")
    (escrow,) = (office.folder / "safe").glob("*.escrow")
    given = (
        "recover", office.name, "--layer", "mix", "--escrow-file", escrow,
        *office.with_keys(*custodians[1:]), "--folder", office.folder / "re",
    )  # fmt: skip
    before = notes_of(office.site.public_keys, office.wave.id)
    said = office.run(*given, "--holder", "ana  lyst", fails=True)
    assert "people were told that two people" in said
    assert notes_of(office.site.public_keys, office.wave.id) == before
    assert not (office.folder / "re").exists()
    into = ("--holder", "Reg Strar", "--folder", office.folder / "ana")
    assert "is the other key of this wave" in office.run(*given, *into, fails=True)
    office.run(*given, "--holder", "Reg Strar")


def test_closed_wave_keeps_its_keys(office):
    set_status(office.vault.engine, office.wave.id, WaveStatus.CLOSED)
    assert "nothing more will be sealed" in rotate(office, "mix", fails=True)


def test_key_of_another_wave_releases_nothing(office, monkeypatch):
    rotate(office, "mix", "--no-spares")
    set_status(office.vault.engine, office.wave.id, WaveStatus.CLOSED)
    for stranger in (MIX[0], key(office, "analyst")):
        with pytest.raises(ReleaseRefused, match="not a release custodian's key"):
            release_wave(
                office.vault.engine, STORAGE_KEY, office.wave, key(office, "mix-2"),
                keys=public(office), earlier_mix_keys=[stranger],
            )  # fmt: skip


def test_every_generation_can_sign_and_the_newest_comes_first(tmp_path):
    wave, new_mix = new_wave(), new_private_key(Purpose.MIX)
    write_wave_keys(tmp_path, wave.id, replace(KEYS, single_custodian=False))
    new = Generation(KEYS.analyst, (new_mix.public,))
    changed = change_wave_keys(tmp_path, wave.id, new, (signer_of(new_mix),))
    assert load_wave_keys(tmp_path, wave.id) == changed
    assert changed.signers == (signer_of(new_mix), *KEYS.signers)
    assert changed.generations == (new, Generation(KEYS.analyst, KEYS.mix))
    assert (changed.single_custodian, changed.earlier_analyst_ids) == (False, frozenset())
    assert changed.ever == {*KEYS.analyst, *KEYS.mix, new_mix.public}
    assert changed.generation_of(KEYS.analyst[0]) == new
    assert changed.generation_of(KEYS.mix[0]) == changed.earlier[0]
    assert changed.generation_of(new_private_key(Purpose.MIX).public) is None
    with pytest.raises(KeysUnfit):
        change_wave_keys(tmp_path, bytes(16), new, ())


def test_damaged_earlier_keys_are_unfit(tmp_path):
    wave = new_wave()
    write_wave_keys(tmp_path, wave.id, KEYS)
    change_wave_keys(tmp_path, wave.id, Generation(KEYS.analyst, KEYS.mix[:1]), ())
    path = keys_path(tmp_path, wave.id)
    document = json.loads(path.read_text())
    document["earlier"][0]["mix"] = []
    path.write_text(json.dumps(document))
    with pytest.raises(KeysUnfit, match="cannot be used"):
        load_wave_keys(tmp_path, wave.id)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200), st.integers(1, 2))
def test_envelope_sealed_anew_differs_in_its_wraps_alone(content, recipients):
    sealed = seal(content, KEYS.analyst, HEADER, 256)
    anew = seal_anew(sealed, ANALYST[1], tuple(key.public for key in OTHERS[:recipients]), HEADER)
    old, new = take_apart(sealed), take_apart(anew)
    assert (new.header_bytes, new.body) == (old.header_bytes, old.body)
    assert hash_of(anew) == hash_of(sealed) and anew != sealed
    for one in OTHERS[:recipients]:
        assert open_envelope(anew, one, HEADER).content == content
    with pytest.raises(CannotOpen):
        open_envelope(anew, ANALYST[0], HEADER)


def test_name_of_an_envelope_changes_with_every_byte_of_header_and_body():
    sealed = seal(b"answer", KEYS.analyst, HEADER, 16)
    parts = take_apart(sealed)
    wraps = range(73, len(sealed) - len(parts.body))
    name = hash_of(sealed)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        same = hash_of(bytes(changed)) == name
        assert not same or place in wraps


def test_nothing_is_sealed_anew_by_a_stranger_or_to_another_suite():
    sealed = seal(b"answer", KEYS.analyst, HEADER, 16)
    with pytest.raises(CannotOpen):
        seal_anew(sealed, OTHERS[0], KEYS.analyst, HEADER)
    with pytest.raises(CannotOpen):
        seal_anew(sealed, ANALYST[0], KEYS.analyst, replace(HEADER, wave=8))
    small = new_private_key(Purpose.RESPONSE, SuiteId.X25519).public
    with pytest.raises(CannotRotate, match="suite"):
        seal_anew(sealed, ANALYST[0], (small,), HEADER)


def test_manifest_says_whom_earlier_envelopes_were_sealed_to(office):
    both_rotated(office)
    assert release(office, "mix-2", "mix").exit_code == 0
    signed = manifest_of(office.vault.engine, office.wave.id)
    manifest = manifest_from_bytes(signed.document)
    first = frozenset({key(office, "analyst").public.key_id})
    assert manifest.earlier_recipients == {first}
    assert manifest.accepted_recipients == {first, public(office).analyst_ids}
    assert manifest_from_bytes(manifest_to_bytes(manifest)) == manifest


def test_other_waves_are_untouched(office):
    other = replace(new_wave(WaveStatus.PREPARED), number=2)
    add_wave(office.vault.engine, other)
    folders = ("--offline-folder", office.folder / "o1", "--custodian-folder", office.folder / "o2")
    office.run("create", other.id.hex(), *folders)
    before = keys_path(office.site.public_keys, other.id).read_bytes()
    rotate(office, "analyst")
    assert keys_path(office.site.public_keys, other.id).read_bytes() == before
