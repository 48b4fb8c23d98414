"""Files that must open for years: written once by this version, kept here, opened by every later one.

And what is not used: PKCS#8 under a passphrase, which stretches it by 2,048 rounds of PBKDF2.
"""

import re
from itertools import combinations
from pathlib import Path

import pytest

from surveys.keys.escrow import read_escrow_file, recover
from surveys.vault.envelope import Purpose, SuiteId
from surveys.vault.key_files import read_key_file
from surveys.vault.opening import PrivateKey

ROOT = Path(__file__).parents[3]
KEPT = ROOT / "tests" / "data" / "keys"
WAVE_ID = bytes(range(16))
KEY = PrivateKey(Purpose.MIX, SuiteId.XWING, bytes(range(32)))
PHRASE = "acorn badger comet daisy eagle fern"
CUSTODIANS = [PrivateKey(Purpose.ESCROW, SuiteId.XWING, bytes([n]) * 32) for n in (1, 2, 3)]


def test_key_file_written_today_opens_for_ever():
    assert read_key_file(KEPT / "mix-key-file.json", PHRASE) == KEY


@pytest.mark.parametrize("pair", [*combinations(CUSTODIANS, 2)], ids=["ab", "ac", "bc"])
def test_escrow_file_written_today_opens_for_ever(pair):
    assert recover(read_escrow_file(KEPT / "mix-escrow-file.json", WAVE_ID), *pair) == KEY


def test_kept_files_are_as_they_were_written():
    """Whoever writes them anew would hide that old ones no longer open."""
    assert '"check": "e666b54650f90c2c"' in (KEPT / "mix-key-file.json").read_text()
    assert '"key_id": "bfb65163ee2a05f9"' in (KEPT / "mix-escrow-file.json").read_text()


ROOMS = ("app.py", "config", "questionnaires", "surveys", "analysis", "static")
SOURCES = [
    path
    for room in ROOMS
    for path in ([ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*"))
    if path.suffix in (".py", ".js") and "vendor" not in path.parts
]
FORBIDDEN = re.compile(r"pkcs_?8|BestAvailableEncryption|ENCRYPTED PRIVATE KEY", re.I)


def test_pkcs8_is_used_nowhere():
    assert len(SOURCES) > 200
    assert [path for path in SOURCES if FORBIDDEN.search(path.read_text(encoding="utf-8"))] == []


def test_pkcs8_would_be_noticed():
    """The negative control: what such code looks like, and a key as it would be written."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    written = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"phrase"),
    )
    assert FORBIDDEN.search(written.decode())
    assert FORBIDDEN.search("serialization.PrivateFormat.PKCS8")
