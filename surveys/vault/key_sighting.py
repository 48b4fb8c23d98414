"""The web process must never be able to see a private key. This looks, and refuses.

Recognises key files by what they say they are, without importing anything that could open them.
"""

from __future__ import annotations

from pathlib import Path

LARGEST_KEY_FILE = 64 * 1024
DATABASE_FILES = tuple(f"heard.sqlite3{ending}" for ending in ("", "-wal", "-shm", "-journal"))
"""Never opened here: whoever closes such a file takes SQLite's locks on it from its own process."""
MARK = b"heard private key"


class PrivateKeySighted(RuntimeError):
    """A private key lies where the web server can read it."""


def refuse_private_keys(folder: Path) -> None:
    """Raise PrivateKeySighted when any file below ``folder`` is a private key file."""
    found = private_keys_below(folder)
    if found:
        names = ", ".join(str(path) for path in found)
        raise PrivateKeySighted(
            f"Private key files must not be on the web server: {names}. "
            "Move them to their holder's own device, then start again."
        )


def private_keys_below(folder: Path) -> list[Path]:
    """Every file below ``folder`` that says it is a private key."""
    return [path for path in sorted(folder.rglob("*")) if _is_private_key(path)]


def _is_private_key(path: Path) -> bool:
    if path.name in DATABASE_FILES or not path.is_file() or path.stat().st_size > LARGEST_KEY_FILE:
        return False
    try:
        return MARK in path.read_bytes()
    except PermissionError:
        return False  # what the web process may not read, it cannot use
