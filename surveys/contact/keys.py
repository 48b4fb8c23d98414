"""The two public keys that messages are sealed to: the safeguarding lead's and the deputy's.

In: the folder of public keys. Out: both keys, None where none were made yet, or KeysUnfit. Without
them the page shows whom to ring, and no form.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from surveys.vault.envelope import Purpose, SuiteId
from surveys.vault.hpke import PublicKey
from surveys.vault.public_keys import KeysUnfit
from surveys.whole_files import PUBLIC, write_anew, write_new

log = logging.getLogger("heard")

FILE_NAME = "safeguarding.json"
FORMAT = "heard safeguarding keys 1"
_PUT_ASIDE = "safeguarding-until-*.json"
HOLDERS = ("lead", "deputy")


@dataclass(frozen=True)
class SafeguardingKeys:
    """Everybody a message is sealed to. Either can open it alone."""

    lead: PublicKey
    deputy: PublicKey

    def __post_init__(self) -> None:
        """Raise ValueError unless these are two keys for messages, of one suite."""
        kinds = {(key.purpose, key.suite) for key in self.both}
        if kinds != {(Purpose.CONTACT, self.lead.suite)} or self.lead.raw == self.deputy.raw:
            raise ValueError("two different keys for messages, of one suite")

    @property
    def both(self) -> tuple[PublicKey, PublicKey]:
        """The recipients, the lead first."""
        return self.lead, self.deputy

    @property
    def ids(self) -> frozenset[bytes]:
        """The key ids that every envelope must carry, exactly."""
        return frozenset(key.key_id for key in self.both)


def keys_path(folder: Path) -> Path:
    """Where the public halves lie."""
    return folder / FILE_NAME


def load_keys(folder: Path) -> SafeguardingKeys | None:
    """The keys to seal to, read again only when the file has changed. Raises KeysUnfit."""
    path = keys_path(folder)
    try:
        state = path.stat()
        return _read(path, state.st_mtime_ns, state.st_size)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysUnfit(
            f"The safeguarding keys cannot be used ({error}). Nobody can send a message until "
            f"{path} is restored, or new keys are made with `flask contact keys --replace`."
        ) from None


def ever_keys(folder: Path) -> tuple[SafeguardingKeys, ...]:
    """What is sealed to now, then all that was before: what a tablet brings may be older.

    Raises KeysUnfit when there is nothing to seal to now. Old ones that cannot be read are logged.
    """
    now = load_keys(folder)
    if now is None:
        raise KeysUnfit("There are no safeguarding keys: make them with `flask contact keys`.")
    return now, *_put_aside(folder)


def write_keys(folder: Path, keys: SafeguardingKeys, *, replace: bool = False) -> Path:
    """Write the public halves, whole or not at all: at every moment the old file or the new one.

    Raises FileExistsError over old ones, unless they are to be replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = keys_path(folder)
    document: dict[str, object] = {"format": FORMAT}
    for holder, key in zip(HOLDERS, keys.both, strict=True):
        document[holder] = as_written(key)
    content = (json.dumps(document, indent=1) + "\n").encode("ascii")
    (write_anew if replace else write_new)(path, content, PUBLIC)
    return path


def as_written(key: PublicKey) -> dict[str, object]:
    """A public key as JSON has it, in files and in the page that reads messages."""
    return {"suite": int(key.suite), "key_id": key.key_id.hex(), "key": key.raw.hex()}


def _put_aside(folder: Path) -> Iterator[SafeguardingKeys]:
    for path in sorted(folder.glob(_PUT_ASIDE)):
        try:
            state = path.stat()
            yield _read(path, state.st_mtime_ns, state.st_size)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            log.error("Old safeguarding keys cannot be read: %s", path.name)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int, _size: int) -> SafeguardingKeys:
    document = json.loads(path.read_text(encoding="ascii"))
    if document["format"] != FORMAT:
        raise ValueError("unknown format")
    return SafeguardingKeys(*(_key(document[holder]) for holder in HOLDERS))


def _key(entry: dict[str, Any]) -> PublicKey:
    key = PublicKey(Purpose.CONTACT, SuiteId(entry["suite"]), bytes.fromhex(str(entry["key"])))
    if key.key_id.hex() != entry["key_id"]:
        raise ValueError("a key does not match its id")
    return key
