"""The units for systemd: hardened, handed only their own secrets, and accepted by systemd itself."""

import re
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from config.settings import SECRET_NAMES

FOLDER = Path(__file__).parents[2] / "config" / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
TIMERS = sorted(FOLDER.glob("*.timer"))
HARDENED = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "LimitCORE": "0", "MemorySwapMax": "0", "UMask": "0077",
    "User": "heard", "CapabilityBoundingSet": "", "RestrictNamespaces": "yes",
    "InaccessiblePaths": "/srv/heard/secrets",
}  # fmt: skip
systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="there is no systemd on this machine"
)


def lines(path, key):
    found = re.findall(rf"^{key}=(.*)$", path.read_text(), re.M)
    return [value.strip() for value in found]


def test_there_is_a_unit_for_the_web_the_night_and_the_reminders():
    assert [path.stem for path in SERVICES] == ["heard-nightly", "heard-reminders", "heard-web"]
    assert [path.stem for path in TIMERS] == ["heard-nightly", "heard-reminders"]


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_service_is_hardened(path):
    assert {key: lines(path, key) for key in HARDENED} == {
        key: [value] for key, value in HARDENED.items()
    }


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_service_is_handed_the_secrets_it_needs_and_the_signing_key_only_at_night(path):
    handed = {value.split(":")[0] for value in lines(path, "LoadCredential")}
    signing = {"audit_signing_key"} if path.stem == "heard-nightly" else set()
    assert handed == {*SECRET_NAMES, *signing}


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_command_is_one_that_heard_has(path, app):
    [command] = lines(path, "ExecStart")
    words = command.split()[1:]
    if "gunicorn" in command:
        assert words == ["--config", "config/server.py", "app:create_app()"]
        return
    assert words[:2] == ["--app", "app"]
    group = app.cli
    for word in words[2:]:
        group = group.commands[word]


def test_log_is_kept_as_long_as_backups():
    from surveys.backup.rules import KEPT_DAYS

    parser = RawConfigParser()
    parser.read(FOLDER / "journald@heard.conf")
    assert parser["Journal"]["MaxRetentionSec"] == f"{KEPT_DAYS}day"
    assert all(lines(path, "LogNamespace") == ["heard"] for path in SERVICES)


@pytest.fixture
def here(tmp_path):
    """The units as they would be, with programs that this machine has."""
    for path in (*SERVICES, *TIMERS):
        text = re.sub(
            r"^ExecStart=\S+", f"ExecStart={sys.executable}", path.read_text(), flags=re.M
        )
        text = re.sub(r"^(User|Group)=heard$", r"\1=root", text, flags=re.M)
        (tmp_path / path.name).write_text(text)
    return tmp_path


@systemd
def test_systemd_accepts_every_unit(here):
    units = [here / path.name for path in (*SERVICES, *TIMERS)]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True
    )
    ours = [line for line in done.stderr.splitlines() if "heard-" in line]
    assert (done.returncode, ours) == (0, [])


@systemd
@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_systemd_finds_little_that_a_service_could_reach(path):
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=25", "--no-pager", path],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
