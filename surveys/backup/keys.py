"""The public halves of the keys that backups are sealed to: one file for the site.

In: the site's folder of public keys. Out: the keys to seal to, none when nobody made any. The
private halves lie with their holders; the site cannot open its own backups.
"""

from __future__ import annotations

import json
from pathlib import Path

from surveys.vault.envelope import MOST_RECIPIENTS, Purpose, SuiteId
from surveys.vault.hpke import PublicKey
from surveys.whole_files import PUBLIC, write_anew

FORMAT = "heard backup keys 1"
FILE_NAME = "backup.json"


class BackupKeysUnfit(Exception):
    """Backups cannot be sealed. The message says why."""


def backup_keys(public_keys: Path) -> tuple[PublicKey, ...]:
    """Every key that backups are sealed to. Raises BackupKeysUnfit for a damaged file."""
    path = public_keys / FILE_NAME
    try:
        document = json.loads(path.read_text(encoding="ascii"))
        if document["format"] != FORMAT:
            raise ValueError("unknown format")
        return tuple(
            PublicKey(Purpose.BACKUP, SuiteId(one["suite"]), bytes.fromhex(one["key"]))
            for one in document["keys"]
        )
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError) as error:
        raise BackupKeysUnfit(f"{path} is damaged. Restore it, or no backup is made.") from error


def number_of_next_key(public_keys: Path) -> int:
    """Which one a further key would be. Raises BackupKeysUnfit when it would be too many."""
    number = len(backup_keys(public_keys)) + 1
    if number > MOST_RECIPIENTS:
        raise BackupKeysUnfit(f"Backups are sealed to {MOST_RECIPIENTS} keys at most.")
    return number


def add_backup_key(public_keys: Path, key: PublicKey) -> None:
    """Seal later backups to this key as well. Raises BackupKeysUnfit when it would be too many."""
    number_of_next_key(public_keys)
    keys = (*backup_keys(public_keys), key)
    document = {
        "format": FORMAT,
        "keys": [{"suite": int(one.suite), "key": one.raw.hex()} for one in keys],
    }
    public_keys.mkdir(parents=True, exist_ok=True)
    content = (json.dumps(document, indent=1) + "\n").encode("ascii")
    write_anew(public_keys / FILE_NAME, content, PUBLIC)
