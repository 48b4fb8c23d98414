"""The credential seed of a wave in a locked file. Never loaded in the web process.

In: a path off the web server. Out: a seed, and a passphrase once. Whoever has both can print every
card of the wave again, so the file is destroyed when the wave closes.
"""

from __future__ import annotations

from pathlib import Path

from surveys.invitations.codes import CredentialSeed
from surveys.vault.envelope import Purpose
from surveys.vault.key_files import (
    FULL_COST,
    Stretching,
    new_passphrase,
    read_key_file,
    write_key_file,
)
from surveys.vault.opening import new_private_key


class NotASeed(Exception):
    """The file is a key file, but for something else."""


def make_seed_file(path: Path, wave_id: bytes, stretching: Stretching = FULL_COST) -> str:
    """Make a wave's seed and return the passphrase. Raises FileExistsError over another file."""
    passphrase = new_passphrase()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_key_file(path, new_private_key(Purpose.INVITING), wave_id, passphrase, stretching)
    return passphrase


def read_seed_file(path: Path, passphrase: str) -> CredentialSeed:
    """The seed in a file. Raises NotASeed, KeyFileDamaged or WrongPassphrase."""
    key = read_key_file(path, passphrase)
    if key.purpose is not Purpose.INVITING:
        raise NotASeed(f"{path} is a key for something else, not a credential seed.")
    return CredentialSeed(key.seed)
