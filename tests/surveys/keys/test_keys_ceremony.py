"""The ceremony as holders type it: files, sheets, register, escrow, drill, one person or two."""

import json
import re
from dataclasses import replace

import html5lib
import pytest
from click.testing import CliRunner
from key_holders import CUSTODIANS, Office, site_of, stretch_little
from vault_wave import new_wave

from questionnaires.fingerprint import instrument_hash
from questionnaires.loading import load_surveys
from surveys.audit import log as audit
from surveys.keys.ceremony_drill import opens, sealed_now
from surveys.keys.custody import (
    OnePersonHoldsBoth,
    is_one_person,
    one_person_holds_both,
    refuse_untrue_promises,
)
from surveys.keys.key_commands import keys
from surveys.keys.key_register import notes_of, register_path, untried
from surveys.keys.wave_commands import waves
from surveys.vault.drafts import Draft
from surveys.vault.envelope import take_apart
from surveys.vault.key_files import read_key_file
from surveys.vault.key_sighting import private_keys_below
from surveys.vault.public_keys import keys_path, load_wave_keys
from surveys.vault.sealing import seal_response
from surveys.vault.waves import WaveStatus, add_wave, find_wave


@pytest.fixture
def vault(sqlite_vault):
    """Keys are files: nothing here differs from one engine to the other."""
    return sqlite_vault


@pytest.fixture
def office(vault, tmp_path, monkeypatch):
    stretch_little(monkeypatch)
    return Office(site_of(vault, tmp_path), tmp_path)


def two_people(office, *more, wave, **options):
    folders = (
        "--offline-folder",
        office.folder / "ana",
        "--custodian-folder",
        office.folder / "cus",
    )
    names = ("--analyst", "Ana Lyst", "--custodian", "Cus Todian")
    return office.run("create", wave.id.hex(), *folders, *names, *more, **options)


def with_escrow(office, wave):
    custodians = office.make_custodians()
    two_people(
        office, "--escrow", "--escrow-folder", office.folder / "safe",
        "--escrow-folder", office.folder / "vault", wave=wave, say="y\n",
    )  # fmt: skip
    return custodians


def key_of(office, place, role, wave):
    return office.folder / place / f"{wave.id.hex()[:8]}-{role}.key"


def escrow_of(office, place, role, wave):
    return office.folder / place / f"{wave.id.hex()[:8]}-{role}.escrow"


def roles(office, wave):
    return [note.role for note in notes_of(office.site.public_keys, wave.id)]


def test_each_file_has_a_sheet_without_the_passphrase_or_the_seed(vault, office):
    with_escrow(office, vault.wave)
    files = [*office.folder.rglob("*.key"), *office.folder.rglob("*.escrow")]
    assert len(files) == 3 + 2 + 4
    for path in files:
        sheet = path.with_suffix(path.suffix + ".html").read_text()
        html5lib.HTMLParser(strict=True).parse(sheet)
        assert path.name in sheet and "Exampleshire County Council" in sheet
        assert not re.search(r"(src|href)=|https?://|<script", sheet)
        if path.suffix == ".key":
            phrase = office.phrase_of(path).read_text()
            seed = read_key_file(path, phrase).seed.hex()
            assert phrase not in sheet and seed not in sheet
            assert sheet.count("<li></li>") == 6
        else:
            assert "<li></li>" not in sheet


def test_site_gets_public_halves_and_a_register_and_nothing_else(vault, office):
    with_escrow(office, vault.wave)
    home = office.site.public_keys.parent
    assert private_keys_below(home) == []
    written = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}
    wave = f"{vault.wave.id.hex()}.json"
    assert written == {
        "audit.jsonl", f"public_keys/{wave}", f"public_keys/register/{wave}",
        *(f"public_keys/escrow/{name.lower().replace(' ', '-')}.json" for name in CUSTODIANS),
    }  # fmt: skip


def test_register_says_role_holder_key_and_days_and_no_secret(vault, office):
    with_escrow(office, vault.wave)
    found = notes_of(office.site.public_keys, vault.wave.id)
    assert [(note.role, note.holder) for note in found] == [
        ("analyst", "Ana Lyst"),
        ("mix", "Cus Todian"),
        *(
            (f"{layer}-escrow-{copy}", "any two of Ada Ash, Ben Birch, Cleo Cedar")
            for layer in ("analyst", "mix")
            for copy in (1, 2)
        ),
    ]
    assert {note.made_on for note in found} == {"2026-11-21"}
    sealed_to = {
        key.key_id.hex() for key in load_wave_keys(office.site.public_keys, vault.wave.id).ever
    }
    assert {note.key_id for note in found} == sealed_to
    text = register_path(office.site.public_keys, vault.wave.id).read_text()
    entries = json.loads(text)["keys"]
    assert {tuple(entry) for entry in entries} == {(
        "role", "layer", "holder", "key_id", "made_on", "kind", "tried_on", "destroyed_on",
        "destroyed_by", "ending",
    )}  # fmt: skip
    listed = office.run("list", vault.wave.id.hex())
    assert "analyst-escrow-1" in listed and "Ana Lyst" in listed and "tried -" in listed


def test_escrow_key_is_in_no_key_file(vault, office):
    with_escrow(office, vault.wave)
    keys = load_wave_keys(office.site.public_keys, vault.wave.id)
    in_files = {
        read_key_file(path, office.phrase_of(path).read_text()).public
        for path in office.folder.rglob("*.key")
    }
    assert len(keys.analyst) == len(keys.mix) == 2
    assert [key in in_files for key in (*keys.analyst, *keys.mix)] == [True, False, True, False]


def test_drill_opens_with_each_file_and_every_pair_and_notes_the_day(vault, office):
    custodians, name = with_escrow(office, vault.wave), vault.wave.id.hex()
    analyst, mix = (
        key_of(office, "ana", "analyst", vault.wave), key_of(office, "cus", "mix", vault.wave),
    )  # fmt: skip
    first = office.run("drill", name, *office.with_keys(analyst))
    assert f"opens          {analyst.name}" in first and "Not tried yet: mix" in first
    escrows = [
        escrow_of(office, place, f"{layer}-escrow-{copy}", vault.wave)
        for layer in ("analyst", "mix")
        for copy, place in ((1, "safe"), (2, "vault"))
    ]
    options = [part for path in escrows for part in ("--escrow-file", path)]
    rest = office.run("drill", name, *options, *office.with_keys(mix, *custodians))
    assert rest.count("opens (3 of 3 pairs)") == 4 and "Not tried" not in rest
    assert untried(office.site.public_keys, vault.wave.id) == ()
    assert {note.tried_on for note in notes_of(office.site.public_keys, vault.wave.id)} == {
        "2026-11-21"
    }


def test_one_custodian_alone_passes_no_drill(vault, office):
    custodians, name = with_escrow(office, vault.wave), vault.wave.id.hex()
    escrow = escrow_of(office, "safe", "mix-escrow-1", vault.wave)
    said = office.run(
        "drill", name, "--escrow-file", escrow, *office.with_keys(custodians[0]), fails=True
    )
    assert "DOES NOT OPEN" in said
    assert "mix-escrow-1" in untried(office.site.public_keys, vault.wave.id)


def test_key_of_another_wave_fails_the_drill(vault, office):
    other = replace(new_wave(WaveStatus.PREPARED), number=2)
    add_wave(vault.engine, other)
    two_people(office, wave=vault.wave)
    two_people(office, wave=other)
    strange = key_of(office, "ana", "analyst", other)
    said = office.run("drill", vault.wave.id.hex(), *office.with_keys(strange), fails=True)
    assert "DOES NOT OPEN" in said and "analyst" in untried(office.site.public_keys, vault.wave.id)


@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (1, 2)])
@pytest.mark.parametrize(("layer", "number"), [("analyst", 1), ("mix", 2)])
def test_two_custodians_make_a_lost_key_again(vault, office, pair, layer, number):
    custodians, name = with_escrow(office, vault.wave), vault.wave.id.hex()
    for lost in (*(office.folder / "ana").iterdir(), *(office.folder / "cus").iterdir()):
        lost.unlink()
    place = ("safe", "vault")[number - 1]
    escrow = escrow_of(office, place, f"{layer}-escrow-{number}", vault.wave)
    presented = office.with_keys(*(custodians[one] for one in pair))
    given = ("--layer", layer, "--escrow-file", escrow, *presented)
    new = ("--folder", office.folder / "new", "--holder", "Nia New")
    office.run("recover", name, *given, *new)
    made = key_of(office, "new", f"{layer}-recovered", vault.wave)
    assert "fits" in office.run("try", name, *office.with_keys(made))
    assert made.with_suffix(".key.html").exists()
    again = notes_of(office.site.public_keys, vault.wave.id)[-1]
    assert (again.role, again.holder, again.tried_on) == (
        f"{layer}-recovered",
        "Nia New",
        "2026-11-21",
    )
    office.run("recover", name, *given, *new)
    assert roles(office, vault.wave)[-1] == f"{layer}-recovered-2"


def test_recovery_refuses_one_custodian_the_other_layer_and_the_other_wave(vault, office):
    custodians, name = with_escrow(office, vault.wave), vault.wave.id.hex()
    escrow = escrow_of(office, "safe", "mix-escrow-1", vault.wave)
    new = ("--folder", office.folder / "new", "--holder", "Nia New")
    two = office.with_keys(*custodians[:2])
    one = office.with_keys(custodians[0])
    given = ("--escrow-file", escrow, *new)
    assert "no two" in office.run("recover", name, "--layer", "mix", *given, *one, fails=True)
    assert "not in escrow for" in office.run(
        "recover", name, "--layer", "analyst", *given, *two, fails=True
    )
    other = new_wave(WaveStatus.PREPARED)
    add_wave(vault.engine, other)
    assert "another wave" in office.run(
        "recover", other.id.hex(), "--layer", "mix", *given, *two, fails=True
    )
    assert not (office.folder / "new").exists()


def test_numbers_of_custodians_are_compared_before_anything_is_made(vault, office):
    office.make_custodians()
    said = two_people(
        office, "--escrow", "--escrow-folder", office.folder / "safe",
        wave=vault.wave, say="n\n", fails=True,
    )  # fmt: skip
    sheets = [path.read_text() for path in office.folder.rglob("escrow-*.html")]
    numbers = re.findall(r"((?:[0-9a-f]{4} ){3}[0-9a-f]{4})  \w", said)
    assert len(numbers) == 3 and all(any(one in sheet for sheet in sheets) for one in numbers)
    assert not (office.folder / "safe").exists()
    assert not keys_path(office.site.public_keys, vault.wave.id).exists()


def test_escrow_needs_three_custodians_and_a_place(vault, office):
    assert "exactly three" in two_people(
        office, "--escrow", "--escrow-folder", office.folder / "s", wave=vault.wave, fails=True
    )
    assert "--escrow-folder" in two_people(office, "--escrow", wave=vault.wave, fails=True)
    assert not (office.folder / "ana").exists()


def test_private_keys_are_never_written_into_the_sites_folder(vault, office):
    inside = office.site.public_keys.parent / "keys"
    said = office.run("create", vault.wave.id.hex(), "--offline-folder", inside, fails=True)
    assert "takes away" in said and not inside.exists()
    assert "takes away" in office.run("escrow-custodian", "Ada", "--folder", inside, fails=True)


def test_files_on_the_sites_own_disk_are_pointed_out(vault, office):
    said = two_people(office, wave=vault.wave)
    for path in office.folder.rglob("*.key"):
        assert f"site's own disk, take it away: {path}" in said


def test_file_in_the_way_is_one_sentence_and_is_kept(vault, office):
    (office.folder / "ana").mkdir()
    old = office.folder / "ana" / f"{vault.wave.id.hex()[:8]}-analyst.key"
    old.write_text("in the way")
    assert "File exists" in two_people(office, wave=vault.wave, fails=True)
    assert old.read_text() == "in the way"
    assert not keys_path(office.site.public_keys, vault.wave.id).exists()


RECORDED = {
    "escrow-custodian": {"escrow custodian made", "escrow custodian retired"},
    "create": {"keys made"},
    "try": {"key tried"},
    "drill": {"key drill"},
    "rotate": {"keys changed"},
    "recover": {"key recovered from escrow"},
    "rewrap": {"responses sealed anew"},
    "destroy": {"key destroyed"},
    "certificate": {"certificate of destroyed keys written"},
    "list": set(),  # reads what lies open on the server, and does nothing
}


def test_every_act_is_in_the_audit_log_without_a_secret(vault, office):
    """Each command of ``flask keys``, with the words that it leaves in the log."""
    path, seen = audit.audit_log_of(office.site), {}

    def run(command, *given, **options):
        before = len(audit.entries(path))
        office.run(command, *given, **options)
        seen.setdefault(command, set()).update(one.what for one in audit.entries(path)[before:])

    for who in CUSTODIANS:
        folder = office.folder / who.split()[0].lower()
        run("escrow-custodian", who, "--folder", folder)
    custodians = sorted(office.folder.rglob("escrow-*.key"))
    name = vault.wave.id.hex()
    given = (
        "--offline-folder", office.folder / "ana", "--custodian-folder", office.folder / "cus",
        "--escrow", "--escrow-folder", office.folder / "safe",
    )  # fmt: skip
    run("create", name, *given, say="y\n")
    escrow = escrow_of(office, "safe", "mix-escrow-1", vault.wave)
    new = ("--layer", "mix", "--folder", office.folder / "new", "--holder", "Nia New")
    run("drill", name, "--escrow-file", escrow, *office.with_keys(*custodians))
    run("try", name, *office.with_keys(key_of(office, "ana", "analyst", vault.wave)))
    run("recover", name, *new, "--escrow-file", escrow, *office.with_keys(*custodians[:2]))
    run("rotate", name, *new, "--no-spares")
    run("rewrap", name, *office.with_keys(key_of(office, "ana", "analyst", vault.wave)))
    run("list", name)
    gone = ("--by", "Dan Doer", "--yes", "--give-up-answers")
    for key_file in [*office.folder.rglob(f"{name[:8]}-*.key"), *office.folder.rglob("*.escrow")]:
        run("destroy", name, "--key-file", key_file, *gone)
    run("certificate", name)
    run("escrow-custodian", "Ada Ash", "--retire", "--key-file", custodians[0], "--yes")
    assert seen == RECORDED and set(RECORDED) == set(keys.commands)
    assert audit.check(path) == ()
    for phrase in office.phrases.iterdir():
        assert phrase.read_text() not in path.read_text()
    days = {(one.day, one.who) for one in audit.entries(path)}
    assert days == {("2026-11-21", "command line")}


def test_key_that_does_not_fit_is_in_the_audit_log_too(vault, office):
    other = replace(new_wave(WaveStatus.PREPARED), number=2)
    add_wave(vault.engine, other)
    for wave in (vault.wave, other):
        two_people(office, wave=wave)
    strange = key_of(office, "ana", "analyst", other)
    said = office.run("try", vault.wave.id.hex(), *office.with_keys(strange), fails=True)
    assert "does not open" in said
    last = audit.entries(audit.audit_log_of(office.site))[-1]
    assert (last.what, last.about["opened"]) == ("key tried", "no")


@pytest.mark.parametrize(
    ("names", "folders", "one"),
    [
        (("a", "b"), ("x", None), True),
        (("a", "b"), ("x", "x"), True),
        (("a", "b"), ("x", "x/y"), True),
        (("a", "b"), ("x/y", "x"), True),
        (("a", "b"), ("x", "x/../x/."), True),
        (("Ana Lyst", " ana  LYST "), ("x", "y"), True),
        (("a", "b"), ("x", "y"), False),
        (("a", "b"), ("x", "xy"), False),
    ],
)
def test_one_person_is_told_by_folder_or_name(tmp_path, names, folders, one):
    first, second = (tmp_path / folder if folder else None for folder in folders)
    assert is_one_person(*names, first, second) is one


def test_wave_with_two_holders_says_so_in_its_public_keys(vault, office):
    said = two_people(office, wave=vault.wave)
    assert "Two people hold the keys, but site.toml says" in said
    assert load_wave_keys(office.site.public_keys, vault.wave.id).single_custodian is False
    assert not one_person_holds_both(office.site.public_keys, vault.wave.id)


def test_one_person_is_a_fact_of_public_keys_wave_and_sheets(vault, office):
    wave = replace(new_wave(), single_custodian=False)
    add_wave(vault.engine, wave)
    said = office.run("create", wave.id.hex(), "--offline-folder", office.folder / "usb")
    assert "Single-custodian mode" in said
    assert one_person_holds_both(office.site.public_keys, wave.id)
    assert find_wave(vault.engine, wave.id).single_custodian
    sheets = [path.read_text() for path in (office.folder / "usb").glob("*.html")]
    assert len(sheets) == 4 and all("Single-custodian mode." in sheet for sheet in sheets)
    assert {note.holder for note in notes_of(office.site.public_keys, wave.id)} == {"the analyst"}


def test_site_that_promises_two_makes_no_keys_for_one(vault, tmp_path, monkeypatch):
    stretch_little(monkeypatch)
    office = Office(site_of(vault, tmp_path, single_custodian=False), tmp_path)
    folder, name = tmp_path / "usb", vault.wave.id.hex()
    said = office.run("create", name, "--offline-folder", folder, fails=True)
    assert "two people must hold" in said and not folder.exists()
    same = ("--custodian-folder", tmp_path / "other", "--custodian", "THE analyst")
    assert "two people" in office.run("create", name, "--offline-folder", folder, *same, fails=True)
    two_people(office, wave=vault.wave)


def test_site_that_promises_two_refuses_waves_of_one(vault, office):
    survey = load_surveys_one()
    wave = replace(new_wave(WaveStatus.PREPARED), instrument_hash=instrument_hash(survey))
    office.site.surveys = {wave.survey: survey}
    add_wave(vault.engine, wave)
    office.run("create", wave.id.hex(), "--offline-folder", office.folder / "usb")
    refuse_untrue_promises(office.site)
    office.site.single_custodian = False
    with pytest.raises(OnePersonHoldsBoth, match="single_custodian = false"):
        refuse_untrue_promises(office.site)
    opened = CliRunner().invoke(waves, ["open", wave.id.hex(), "--untried"], obj=office.site)
    assert opened.exit_code == 1 and "held by one person" in opened.output


def load_surveys_one():
    from pathlib import Path

    return load_surveys(Path(__file__).parents[3] / "questionnaires")["governance"]


def test_wave_opens_only_when_every_key_was_tried(vault, office):
    survey = load_surveys_one()
    wave = replace(new_wave(WaveStatus.PREPARED), instrument_hash=instrument_hash(survey))
    office.site.surveys = {wave.survey: survey}
    add_wave(vault.engine, wave)
    two_people(office, "--no-spares", wave=wave)
    name = wave.id.hex()

    def opened():
        return CliRunner().invoke(waves, ["open", name], obj=office.site)

    assert "never tried: analyst, mix" in opened().output
    office.run("try", name, *office.with_keys(key_of(office, "ana", "analyst", wave)))
    assert "never tried: mix." in opened().output
    office.run("drill", name, *office.with_keys(key_of(office, "cus", "mix", wave)))
    assert opened().exit_code == 0
    assert find_wave(vault.engine, wave.id).status is WaveStatus.OPEN


def prepared(office, vault, *more):
    """A wave that opens as soon as its keys are fit, its keys, and opening it as somebody would."""
    survey = load_surveys_one()
    wave = replace(new_wave(WaveStatus.PREPARED), instrument_hash=instrument_hash(survey))
    office.site.surveys = {wave.survey: survey}
    add_wave(vault.engine, wave)
    two_people(office, "--no-spares", *more, wave=wave)
    keys = office.with_keys(
        key_of(office, "ana", "analyst", wave), key_of(office, "cus", "mix", wave)
    )
    office.run("drill", wave.id.hex(), *keys)

    def opened(*options):
        return CliRunner().invoke(waves, ["open", wave.id.hex(), *options], obj=office.site)

    return wave, opened


@pytest.mark.parametrize("gone", ["analyst", "mix"])
def test_wave_whose_keys_of_a_layer_are_destroyed_is_not_opened(vault, office, gone):
    wave, opened = prepared(office, vault)
    told = ("--role", gone, "--word-of", "Dan Doer")
    office.run("destroy", wave.id.hex(), *told)
    for options in ((), ("--untried",)):
        done = opened(*options)
        assert done.exit_code == 1 and f"Every {gone} key of this wave" in done.output
    assert find_wave(vault.engine, wave.id).status is WaveStatus.PREPARED
    new = ("--folder", office.folder / "new", "--holder", "Nia New", "--no-spares")
    office.run("rotate", wave.id.hex(), "--layer", gone, *new)
    assert "never tried" in opened().output
    (fresh,) = (office.folder / "new").glob("*.key")
    office.run("drill", wave.id.hex(), *office.with_keys(fresh))
    assert opened().exit_code == 0


def test_key_of_an_earlier_time_does_not_stand_in_for_those_sealed_to_now(vault, office):
    """The newest mix key is gone; the old one is there and tried, and nothing is sealed to it."""
    wave, opened = prepared(office, vault)
    new = ("--folder", office.folder / "new", "--holder", "Nia New", "--no-spares")
    office.run("rotate", wave.id.hex(), "--layer", "mix", *new)
    (fresh,) = (office.folder / "new").glob("*.key")
    office.run("drill", wave.id.hex(), *office.with_keys(fresh))
    office.run("destroy", wave.id.hex(), "--key-file", fresh, "--by", "Dan", "--yes")
    assert "Every mix key of this wave" in opened().output


def test_opening_is_in_the_audit_log(vault, office):
    _wave, opened = prepared(office, vault)
    assert opened().exit_code == 0
    last = audit.entries(audit.audit_log_of(office.site))[-1]
    assert (last.what, last.about["keys"]) == ("opened", "all tried")


def test_drill_seals_as_the_site_does(vault, office):
    """The wave's own header and length, so that what would be refused later is refused now."""
    two_people(office, wave=vault.wave)
    keys = load_wave_keys(office.site.public_keys, vault.wave.id)
    test = sealed_now(keys.generations[0], vault.wave)
    real = vault.seal(Draft("8-10", {}))
    assert take_apart(test.outer).header.fields == take_apart(real).header.fields
    assert len(test.outer) == len(seal_response(b"{}", keys, vault.wave.header, 1024))
    path = key_of(office, "ana", "analyst", vault.wave)
    key = read_key_file(path, office.phrase_of(path).read_text())
    assert opens(key, keys, vault.wave)


def test_passphrases_are_asked_for_when_no_file_has_them(vault, office):
    two_people(office, wave=vault.wave)
    key = key_of(office, "ana", "analyst", vault.wave)
    phrase = office.phrase_of(key).read_text()
    said = office.run("try", vault.wave.id.hex(), "--key-file", key, say=f"{phrase}\n")
    assert "fits" in said and phrase not in said
    wrong = office.run("try", vault.wave.id.hex(), "--key-file", key, say="no\n", fails=True)
    assert "does not open" in wrong
