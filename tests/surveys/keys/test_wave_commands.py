"""The vault's commands, from keys to release, as a custodian runs them."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from vault_wave import STORAGE_KEY, new_wave, open_vault_wave

from questionnaires.fingerprint import instrument_hash
from questionnaires.loading import load_surveys
from questionnaires.responses import response_from_bytes
from surveys.keys import key_making
from surveys.keys.key_commands import keys
from surveys.keys.wave_commands import waves
from surveys.vault.key_files import Stretching, read_key_file
from surveys.vault.opening import open_envelope
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.sealing import seal_response
from surveys.vault.slots import finish
from surveys.vault.store import envelopes_of
from surveys.vault.waves import WaveStatus, add_wave, find_wave

ROOT = Path(__file__).parents[3]


@pytest.fixture
def site(vault, tmp_path):
    return SimpleNamespace(
        engine=vault.engine,
        storage_key=STORAGE_KEY,
        authority="Exampleshire County Council",
        single_custodian=True,
        public_keys=tmp_path / "site" / "public_keys",
        summaries=tmp_path / "site" / "summaries",
        now=lambda: datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo("Europe/London")),
    )


@pytest.fixture
def quick(monkeypatch):
    """Keys behind little stretching, so that the tests are quick."""
    real = key_making.key_file_content
    cheap = Stretching(8 * 1024, 1, 1)
    monkeypatch.setattr(key_making, "key_file_content", lambda *given: real(*given[:3], cheap))


def run(group, site, *arguments, fails=False):
    done = CliRunner().invoke(group, [str(one) for one in arguments], obj=site)
    assert (done.exit_code != 0) == fails, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.output


def passphrase_of(output, holder):
    lines = output.splitlines()
    return lines[lines.index(holder) + 2].split(maxsplit=1)[1]


def test_from_keys_to_release(vault, site, quick, tmp_path):
    name, usb = vault.wave.id.hex(), tmp_path / "usb"
    printed = run(keys, site, "create", name[:6], "--offline-folder", usb)
    for holder in ("analyst", "mix"):
        (tmp_path / holder).write_text(passphrase_of(printed, holder) + "\n")
    mix = ("--key-file", usb / f"{name[:8]}-mix.key", "--passphrase-file", tmp_path / "mix")
    assert "fits" in run(keys, site, "try", name, *mix)

    public, header = load_wave_keys(site.public_keys, vault.wave.id), vault.wave.header
    body = b'{"a":{},"m":"screen","q":"care4me-8-10","v":2}'
    assert finish(
        vault.engine,
        STORAGE_KEY,
        vault.accesses[0],
        lambda _draft: seal_response(body, public, header, vault.wave.padded_length),
    )
    assert "cannot become released" in run(waves, site, "release", name, *mix, fails=True)
    assert "closed" in run(waves, site, "close", name)
    wrong = (*mix[:3], tmp_path / "analyst")
    assert "does not open" in run(waves, site, "release", name, *wrong, fails=True)
    log = tmp_path / "site" / "audit.jsonl"
    assert "1 responses released" in run(waves, site, "release", name, *mix)
    line = json.loads(log.read_text().splitlines()[-1])
    assert (line["day"], line["who"], line["what"]) == ("2026-11-21", "command line", "released")
    assert line["about"] == {"survey": "care4me", "wave": "1"}

    analyst_file = usb / f"{name[:8]}-analyst.key"
    analyst = read_key_file(analyst_file, passphrase_of(printed, "analyst"))
    (envelope,) = envelopes_of(vault.engine, vault.wave.id)
    opened = open_envelope(envelope, analyst, header).content
    assert response_from_bytes(opened).questionnaire == "care4me-8-10"


def test_keys_are_not_made_twice(vault, site, quick, tmp_path):
    create = ("create", vault.wave.id.hex(), "--offline-folder", tmp_path / "usb", "--no-spares")
    assert "passphrase" in run(keys, site, *create)
    assert "never replaced" in run(keys, site, *create, fails=True)


def test_key_of_another_wave_does_not_fit(vault, site, quick, tmp_path):
    other = new_wave(WaveStatus.PREPARED)
    add_wave(vault.engine, other)
    for wave in (vault.wave, other):
        made = run(
            keys, site, "create", wave.id.hex(), "--offline-folder", tmp_path / wave.id.hex()
        )
    (tmp_path / "phrase").write_text(passphrase_of(made, "mix"))
    key = tmp_path / other.id.hex() / f"{other.id.hex()[:8]}-mix.key"
    given = ("--key-file", key, "--passphrase-file", tmp_path / "phrase")
    assert "does not open" in run(keys, site, "try", vault.wave.id.hex(), *given, fails=True)
    assert "fits" in run(keys, site, "try", other.id.hex(), *given)


def test_wave_opens_only_with_keys(vault, site, quick, tmp_path):
    survey = load_surveys(ROOT / "questionnaires")["governance"]
    wave = replace(new_wave(WaveStatus.PREPARED), instrument_hash=instrument_hash(survey))
    site.surveys = {wave.survey: survey}
    add_wave(vault.engine, wave)
    assert "missing" in run(waves, site, "open", wave.id.hex(), fails=True)
    run(keys, site, "create", wave.id.hex(), "--offline-folder", tmp_path / "usb")
    assert "never tried: analyst, analyst-spare" in run(
        waves, site, "open", wave.id.hex(), fails=True
    )
    assert "open" in run(waves, site, "open", wave.id.hex(), "--untried")
    assert find_wave(vault.engine, wave.id).status is WaveStatus.OPEN
    again = ("open", wave.id.hex(), "--untried")
    assert "cannot become open" in run(waves, site, *again, fails=True)


def test_wave_is_told_by_the_beginning_of_its_id(vault, site):
    assert "0 waves" in run(waves, site, "close", "xyz", fails=True)
    add_wave(vault.engine, new_wave())
    assert "2 waves" in run(waves, site, "close", "", fails=True)
    assert vault.wave.id.hex() in run(waves, site, "list")


def test_commands_load_nothing_that_opens(tmp_path):
    program = (
        "import sys, surveys.keys.wave_commands, surveys.vault.sealing, surveys.vault.slots;"
        "import surveys.invitations.codes;"
        "print(sorted(name for name in sys.modules if name.startswith('surveys.vault.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for room in ("opening", "key_files", "key_making", "release"):
        assert f"surveys.vault.{room}" not in done.stdout
    assert "surveys.vault.sealing" in done.stdout


def test_vault_waves_of_two_folders_do_not_meet(tmp_path):
    vaults = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        vaults.append(open_vault_wave(tmp_path / name, people=1))
    one, two = vaults
    assert find_wave(one.engine, two.wave.id) is None
    for vault in vaults:
        vault.engine.dispose()
