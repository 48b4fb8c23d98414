"""Private key files: a seed locked under a passphrase. Row side: never loaded in the web process.

In: a private key and a passphrase of generated words. Out: a JSON file of a few hundred bytes that
only its owner may read; and the key back. The parameters are bound to the locked seed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from surveys.vault.cobblestone import KEY_LENGTH, lock, unlock
from surveys.vault.envelope import CannotOpen, Purpose, SuiteId
from surveys.vault.opening import PrivateKey
from surveys.whole_files import write_new

FORMAT = "heard private key 1"  # key_sighting.py looks for these words
PASSPHRASE_WORDS = 6
_CONTEXT = b"heard private key"
_SALT_LENGTH = 16
_WORDS = Path(__file__).parents[1] / "invitations" / "words.txt"


class KeyFileDamaged(Exception):
    """The file is not a private key file, or has been changed."""


class WrongPassphrase(Exception):
    """The file is whole, but this passphrase does not open it."""


@dataclass(frozen=True, slots=True)
class Stretching:
    """What one guess at a passphrase costs: Argon2id, memory in KiB."""

    memory: int = 256 * 1024
    iterations: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        """Raise ValueError outside what a file may ask for: 8 MiB to 2 GiB."""
        memory = 8 * 1024 <= self.memory <= 2 * 1024 * 1024
        if not (memory and 1 <= self.iterations <= 20 and 1 <= self.lanes <= 16):
            raise ValueError("stretching parameters out of range")


FULL_COST = Stretching()


def new_passphrase() -> str:
    """Six random words. Generated, never chosen, so that nobody can guess them."""
    return " ".join(secrets.choice(_words()) for _ in range(PASSPHRASE_WORDS))


def write_key_file(
    path: Path,
    private_key: PrivateKey,
    wave_id: bytes,
    passphrase: str,
    stretching: Stretching = FULL_COST,
) -> None:
    """Write a private key file, whole or not at all. Raises FileExistsError over another."""
    write_new(path, key_file_content(private_key, wave_id, passphrase, stretching))


def key_file_content(
    private_key: PrivateKey, wave_id: bytes, passphrase: str, stretching: Stretching = FULL_COST
) -> bytes:
    """What stands in a private key file."""
    document = _lock(private_key, wave_id, passphrase, stretching)
    return (json.dumps(document, indent=1) + "\n").encode("ascii")


def read_key_file(path: Path, passphrase: str) -> PrivateKey:
    """The private key in a file. Raises KeyFileDamaged, or WrongPassphrase for a whole file."""
    document = _read_document(path)
    try:
        stretching = Stretching(document["memory"], document["iterations"], document["lanes"])
        salt, locked = bytes.fromhex(document["salt"]), base64.b64decode(document["locked"])
        purpose, suite = Purpose(document["purpose"]), SuiteId(document["suite"])
        key = _stretch(passphrase, salt, stretching)
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFileDamaged(f"{path} asks for something impossible") from error
    try:
        return PrivateKey(purpose, suite, unlock(key, _context(document), locked))
    except CannotOpen:
        raise WrongPassphrase(f"This passphrase does not open {path}.") from None


def _lock(
    private_key: PrivateKey, wave_id: bytes, passphrase: str, stretching: Stretching
) -> dict[str, Any]:
    salt = secrets.token_bytes(_SALT_LENGTH)
    document: dict[str, Any] = {
        "format": FORMAT,
        "purpose": int(private_key.purpose),
        "suite": int(private_key.suite),
        "wave": wave_id.hex(),
        "key_id": private_key.public.key_id.hex(),
        "memory": stretching.memory,
        "iterations": stretching.iterations,
        "lanes": stretching.lanes,
        "salt": salt.hex(),
    }
    key = _stretch(passphrase, salt, stretching)
    locked = lock(key, _context(document), private_key.seed)
    document["locked"] = base64.b64encode(locked).decode()
    document["check"] = _check(document)
    return document


def _read_document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="ascii"))
        whole = document["format"] == FORMAT and document.pop("check") == _check(document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFileDamaged(f"{path} is not a private key file.") from error
    if not whole:
        raise KeyFileDamaged(f"{path} has been changed or damaged. Use the other copy.")
    return document


def _stretch(passphrase: str, salt: bytes, stretching: Stretching) -> bytes:
    words = " ".join(passphrase.lower().split())
    return Argon2id(
        salt=salt,
        length=KEY_LENGTH,
        iterations=stretching.iterations,
        lanes=stretching.lanes,
        memory_cost=stretching.memory,
    ).derive(words.encode())


def _context(document: dict[str, Any]) -> bytes:
    bound = {key: value for key, value in document.items() if key not in ("locked", "check")}
    return _CONTEXT + _canonical(bound)


def _check(document: dict[str, Any]) -> str:
    """Tells damage from a wrong passphrase. Protects from accidents, not from people."""
    return hashlib.sha256(_canonical(document)).hexdigest()[:16]


def _canonical(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


@cache
def _words() -> tuple[str, ...]:
    return tuple(_WORDS.read_text(encoding="ascii").split())
