"""Codes: each making and printing is in the audit log, and passphrases are asked for."""

import pytest
from carded_site import QUICK, child, small_site
from click.testing import CliRunner
from vault_wave import new_wave

from surveys.audit import log as audit
from surveys.invitations import seed_files
from surveys.invitations.commands import invitations
from surveys.invitations.register import invitations_of
from surveys.vault.waves import add_wave


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A site with an open wave, at which somebody types commands."""
    site, wave = small_site(tmp_path / "site"), new_wave()
    add_wave(site.engine, wave)
    real = seed_files.write_key_file
    monkeypatch.setattr(seed_files, "write_key_file", lambda *given: real(*given[:4], QUICK))

    def run(command, *given, typed=""):
        words = [command, wave.id.hex(), *map(str, given)]
        done = CliRunner().invoke(invitations, words, obj=site, input=typed)
        assert done.exit_code == 0, done.output
        return done.output

    run.site, run.wave, run.seed = site, wave, tmp_path / "codes.key"
    yield run
    site.engine.dispose()


def recorded(desk):
    found = audit.entries(audit.audit_log_of(desk.site))
    return [(one.day, one.who, one.what, dict(one.about)) for one in found]


def test_codes_are_recorded_when_made_and_when_printed_again(desk, tmp_path):
    phrase = desk("seed", "--file", desk.seed).split(maxsplit=1)[1].strip()
    (tmp_path / "phrase").write_text(phrase)
    files = ("--seed-file", desk.seed, "--passphrase-file", tmp_path / "phrase")
    desk("issue", "--links", 3, "--out", tmp_path / "links.csv", *files)
    desk("reprint", "--out", tmp_path / "all.csv", *files)
    one = next(iter(invitations_of(desk.site.engine, desk.wave.id))).id.hex()
    desk("reprint", "--invitation", one, "--out", tmp_path / "one.csv", *files)
    of_wave, by = {"survey": "care4me", "wave": "1"}, ("2026-11-20", "command line")
    assert recorded(desk) == [
        (*by, "credential seed made", of_wave),
        (*by, "codes issued", {**of_wave, "codes": "3", "to": "adults"}),
        (*by, "codes printed again", {**of_wave, "codes": "3"}),
        (*by, "codes printed again", {**of_wave, "codes": "one"}),
    ]
    log = audit.audit_log_of(desk.site).read_text()
    for secret in (phrase, one, str(tmp_path), child(1)):
        assert secret not in log


def test_passphrase_of_the_seed_is_asked_for(desk, tmp_path):
    phrase = desk("seed", "--file", desk.seed).split(maxsplit=1)[1].strip()
    given = ("--seed-file", desk.seed, "--out")
    said = desk("issue", "--links", 2, *given, tmp_path / "1.csv", typed=f"{phrase}\n")
    assert "Passphrase of codes.key" in said and phrase not in said
    desk("reprint", *given, tmp_path / "2.csv", typed=f"{phrase}\n")
    codes = [sorted((tmp_path / name).read_text().split()) for name in ("1.csv", "2.csv")]
    assert codes[0] == codes[1]
    with pytest.raises(AssertionError, match="does not open"):
        desk("reprint", *given, tmp_path / "3.csv", typed="other words\n")
