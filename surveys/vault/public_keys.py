"""The public keys of a wave: one JSON file per wave, written when the keys are made.

In: the folder of public keys. Out: keys fit to seal with, or KeysUnfit, which says what to do. A
site whose keys are unfit must answer 503 rather than collect what it could not seal.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from surveys.vault.envelope import MOST_RECIPIENTS, Purpose, SuiteId
from surveys.vault.hpke import PublicKey

FORMAT = "heard public keys 1"
_ADVICE = (
    "Nothing may be collected until it is mended: restore {path}, "
    "or make keys for the wave with `flask keys create {wave}`."
)


class KeysUnfit(Exception):
    """The keys of a wave are missing or cannot be used to seal."""


@dataclass(frozen=True)
class WaveKeys:
    """Everyone a response of the wave is sealed to: inner layer and outer layer."""

    analyst: tuple[PublicKey, ...]
    mix: tuple[PublicKey, ...]

    def __post_init__(self) -> None:
        """Raise ValueError unless both layers have recipients of one suite and their purpose."""
        for layer, purpose in ((self.analyst, Purpose.RESPONSE), (self.mix, Purpose.MIX)):
            if not 1 <= len(layer) <= MOST_RECIPIENTS or len(set(layer)) != len(layer):
                raise ValueError(f"each layer needs 1 to {MOST_RECIPIENTS} different keys")
            if {(key.purpose, key.suite) for key in layer} != {(purpose, layer[0].suite)}:
                raise ValueError("the keys of a layer must share their purpose and suite")
        if {key.raw for key in self.analyst} & {key.raw for key in self.mix}:
            raise ValueError("the two layers must have different keys")

    @property
    def analyst_ids(self) -> frozenset[bytes]:
        """The key ids that every inner envelope must carry, exactly."""
        return frozenset(key.key_id for key in self.analyst)


def keys_path(folder: Path, wave_id: bytes) -> Path:
    """Where a wave's public keys lie."""
    return folder / f"{wave_id.hex()}.json"


def load_wave_keys(folder: Path, wave_id: bytes) -> WaveKeys:
    """The public keys of a wave, read again only when the file has changed. Raises KeysUnfit."""
    path = keys_path(folder, wave_id)
    try:
        state = path.stat()
        return _read(path, wave_id, state.st_mtime_ns, state.st_size)
    except FileNotFoundError:
        reason = "The public keys of the wave are missing."
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"The public keys of the wave cannot be used ({_in_short(error)})."
    raise KeysUnfit(f"{reason} {_ADVICE.format(path=path, wave=wave_id.hex())}")


def write_wave_keys(folder: Path, wave_id: bytes, keys: WaveKeys) -> Path:
    """Write a wave's public keys, whole or not at all. Raises FileExistsError over old ones."""
    folder.mkdir(parents=True, exist_ok=True)
    path = keys_path(folder, wave_id)
    document = {
        "format": FORMAT,
        "wave": wave_id.hex(),
        "analyst": [_key_to_json(key) for key in keys.analyst],
        "mix": [_key_to_json(key) for key in keys.mix],
    }
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(document, indent=1) + "\n", encoding="ascii")
    try:
        os.link(unfinished, path)  # unlike a rename, never replaces
    finally:
        unfinished.unlink()
    return path


@lru_cache(maxsize=64)
def _read(path: Path, wave_id: bytes, _changed: int, _size: int) -> WaveKeys:
    document = json.loads(path.read_text(encoding="ascii"))
    if document["format"] != FORMAT:
        raise ValueError("unknown format")
    if document["wave"] != wave_id.hex():
        raise ValueError("they belong to another wave")
    return WaveKeys(
        tuple(_key_from_json(entry, Purpose.RESPONSE) for entry in document["analyst"]),
        tuple(_key_from_json(entry, Purpose.MIX) for entry in document["mix"]),
    )


def _key_to_json(key: PublicKey) -> dict[str, object]:
    return {"suite": int(key.suite), "key_id": key.key_id.hex(), "key": key.raw.hex()}


def _key_from_json(entry: dict[str, Any], purpose: Purpose) -> PublicKey:
    key = PublicKey(purpose, SuiteId(entry["suite"]), bytes.fromhex(str(entry["key"])))
    if key.key_id.hex() != entry["key_id"]:
        raise ValueError("a key does not match its id")
    return key


def _in_short(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error) or type(error).__name__
