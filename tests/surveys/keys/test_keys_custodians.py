"""Escrow custodians come and go: their key ends, and no escrow is left that nobody could open."""

import json
from dataclasses import replace

import pytest
from key_holders import CUSTODIANS, Office, site_of, stretch_little
from vault_wave import new_wave

from surveys.audit import log as audit
from surveys.keys import escrow_custodians
from surveys.keys.escrow_custodians import escrow_custodian_named, escrow_custodians_of
from surveys.keys.key_commands import keys
from surveys.vault.waves import WaveStatus, add_wave

ADA, BEN, CLEO = CUSTODIANS


@pytest.fixture
def office(sqlite_vault, tmp_path, monkeypatch):
    """A wave with keys in escrow with three people."""
    stretch_little(monkeypatch)
    office = Office(site_of(sqlite_vault, tmp_path), tmp_path)
    office.vault, office.wave, office.name = (
        sqlite_vault,
        sqlite_vault.wave,
        sqlite_vault.wave.id.hex(),
    )
    office.custodians = office.make_custodians()
    create(office, office.wave)
    return office


def create(office, wave, *more):
    begin = wave.id.hex()[:8]
    folders = [office.folder / f"{place}-{begin}" for place in ("ana", "cus", "safe")]
    office.run(
        "create", wave.id.hex(), "--offline-folder", folders[0], "--custodian-folder", folders[1],
        "--analyst", "Ana Lyst", "--custodian", "Cus Todian",
        "--escrow", "--escrow-folder", folders[2], *more, say="y\n",
    )  # fmt: skip


def there(office):
    return [one.name for one in escrow_custodians_of(office.site.public_keys)]


def leave(office, name, *more, **options):
    return office.run("escrow-custodian", name, "--retire", "--yes", *more, **options)


def join(office, name):
    folder = office.folder / f"again-{name.split()[0].lower()}"
    office.run("escrow-custodian", name, "--folder", folder)
    (key_file,) = folder.glob("*.key")
    return key_file


def test_whoever_leaves_has_no_key_and_no_public_half_any_more(office):
    number = escrow_custodian_named(office.site.public_keys, ADA).key_number
    said = leave(office, ADA, "--key-file", office.custodians[0])
    assert number in said and "tear up" in said
    assert not office.custodians[0].exists() and there(office) == [BEN, CLEO]
    last = audit.entries(audit.audit_log_of(office.site))[-1]
    assert (last.what, last.about) == ("escrow custodian retired", {"key": number, "name": ADA})
    (kept,) = (office.site.public_keys / "escrow" / "retired").iterdir()
    assert json.loads(kept.read_text())["retired_on"] == "2026-11-21"
    assert "There is no escrow custodian Ada Ash" in leave(
        office, ADA, "--word-of", ADA, fails=True
    )


def test_lost_key_is_retired_on_somebodys_word(office):
    assert "either --key-file or --word-of" in leave(office, ADA, fails=True)
    both = ("--key-file", office.custodians[0], "--word-of", BEN)
    assert "either --key-file or --word-of" in leave(office, ADA, *both, fails=True)
    leave(office, ADA, "--word-of", BEN)
    last = audit.entries(audit.audit_log_of(office.site))[-1]
    assert last.about["word_of"] == BEN and there(office) == [BEN, CLEO]
    assert "exactly three" in office.run(
        "create", office.name, "--offline-folder", office.folder / "x", "--escrow",
        "--escrow-folder", office.folder / "y", fails=True,
    )  # fmt: skip


def test_somebody_takes_over_for_the_next_wave_and_the_others_still_recover(office):
    leave(office, ADA, "--key-file", office.custodians[0])
    dee = join(office, "Dee Dogwood")
    wave = replace(new_wave(WaveStatus.PREPARED), number=2)
    add_wave(office.vault.engine, wave)
    create(office, wave)
    for which, pair in ((office.wave, office.custodians[1:]), (wave, [dee, office.custodians[1]])):
        begin = which.id.hex()[:8]
        (escrow,) = office.folder.rglob(f"{begin}-mix-escrow-1.escrow")
        office.run(
            "recover", which.id.hex(), "--layer", "mix", "--escrow-file", escrow, "--holder", "Nia",
            *office.with_keys(*pair), "--folder", office.folder / f"new-{begin}",
        )  # fmt: skip


def test_second_of_three_does_not_leave_while_their_escrow_is_there(office):
    leave(office, ADA, "--key-file", office.custodians[0])
    given = ("--key-file", office.custodians[1])
    said = leave(office, BEN, *given, fails=True)
    assert f"care4me 1 ({office.name[:8]})" in said and office.custodians[1].exists()
    assert there(office) == [BEN, CLEO]
    join(office, "Dee Dogwood")  # is no help to a wave from before
    assert "fewer than two" in leave(office, BEN, *given, fails=True)
    join(office, ADA)  # another key: neither
    assert "fewer than two" in leave(office, BEN, *given, fails=True)
    leave(office, BEN, *given, "--give-up-escrow")
    assert there(office) == [ADA, CLEO, "Dee Dogwood"]


def test_escrow_that_is_destroyed_needs_nobody(office):
    leave(office, ADA, "--key-file", office.custodians[0])
    for path in office.folder.rglob("*.escrow"):
        office.run("destroy", office.name, "--key-file", path, "--by", "Dan", "--yes")
    leave(office, BEN, "--key-file", office.custodians[1])
    assert there(office) == [CLEO]


def test_other_files_are_left_as_they_are(office, tmp_path):
    (key_file,) = office.folder.rglob("*-mix.key")
    letter, link = tmp_path / "letter.txt", tmp_path / "link.key"
    letter.write_text("Dear all")
    link.symlink_to(office.custodians[0])
    for path in (key_file, office.custodians[1], letter, link):
        assert "as it was" in leave(office, ADA, "--key-file", path, fails=True)
        assert path.exists()
    assert there(office) == [ADA, BEN, CLEO] and office.custodians[0].exists()
    given = ("escrow-custodian", ADA, "--retire", "--key-file", office.custodians[0])
    assert "Aborted" in office.run(*given, say="n\n", fails=True)
    wrong = ("destroy", office.name, "--key-file", office.custodians[0], "--by", "Dan", "--yes")
    assert "escrow-custodian NAME --retire" in office.run(*wrong, fails=True)
    assert office.custodians[0].exists()


def test_same_person_has_a_new_key_after_the_old_one_ended(office):
    assert "already" in office.run(
        "escrow-custodian", ADA, "--folder", office.folder / "n", fails=True
    )
    old = escrow_custodian_named(office.site.public_keys, ADA)
    leave(office, ADA, "--word-of", BEN)
    join(office, ADA)
    assert escrow_custodian_named(office.site.public_keys, ADA).key != old.key
    leave(office, ADA, "--word-of", BEN)
    assert len(list((office.site.public_keys / "escrow" / "retired").iterdir())) == 2


def test_making_needs_a_folder(office):
    assert "Give --folder" in office.run("escrow-custodian", "Dee", fails=True)


def test_release_custodian_and_escrow_custodian_are_two_words():
    assert "custodian" not in keys.commands and not hasattr(escrow_custodians, "Custodian")
    options = {option for one in keys.commands["create"].params for option in one.opts}
    assert "--custodian" in options  # the release custodian, as ever
