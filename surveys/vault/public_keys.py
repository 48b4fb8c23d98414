"""The public keys of a wave: one JSON file per wave, written when the keys are made.

In: the folder of public keys. Out: keys fit to seal with, or KeysUnfit, which says what to do. A
site whose keys are unfit must answer 503 rather than collect what it could not seal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from surveys.vault.envelope import MOST_RECIPIENTS, Purpose, SuiteId
from surveys.vault.hpke import PublicKey
from surveys.whole_files import PUBLIC, write_anew, write_new

FORMAT = "heard public keys 2"
_WITHOUT_SIGNERS = "heard public keys 1"
_SIGNER_LENGTH = 32
_ADVICE = (
    "Nothing may be collected until it is mended: restore {path}, "
    "or make keys for the wave with `flask keys create {wave}`."
)


class KeysUnfit(Exception):
    """The keys of a wave are missing or cannot be used to seal."""


@dataclass(frozen=True, slots=True)
class Generation:
    """The two layers that responses were sealed to for a while."""

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
        """The key ids that an inner envelope of this generation carries, exactly."""
        return frozenset(key.key_id for key in self.analyst)

    @property
    def mix_ids(self) -> frozenset[bytes]:
        """The key ids that an outer envelope of this generation carries, exactly."""
        return frozenset(key.key_id for key in self.mix)


@dataclass(frozen=True)
class WaveKeys:
    """Everyone a response of the wave is sealed to: inner layer and outer layer.

    ``signers`` are the Ed25519 keys of which one signs the manifest of the release.
    ``single_custodian`` says whether one person holds both layers, where the ceremony knew it.
    ``earlier`` are the keys before the last change of keys, newest first.
    """

    analyst: tuple[PublicKey, ...]
    mix: tuple[PublicKey, ...]
    signers: tuple[bytes, ...] = ()
    single_custodian: bool | None = None
    earlier: tuple[Generation, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError unless both layers have recipients of one suite and their purpose."""
        Generation(self.analyst, self.mix)

    @property
    def generations(self) -> tuple[Generation, ...]:
        """What is sealed to now, then what was before, newest first."""
        return (Generation(self.analyst, self.mix), *self.earlier)

    def generation_of(self, key: PublicKey) -> Generation | None:
        """The newest generation that a key belongs to."""
        of_it = (one for one in self.generations if key in (*one.analyst, *one.mix))
        return next(of_it, None)

    @property
    def ever(self) -> frozenset[PublicKey]:
        """Every key, of either layer, that anything was ever sealed to."""
        return frozenset(
            key for one in self.generations for layer in (one.analyst, one.mix) for key in layer
        )

    @property
    def analyst_ids(self) -> frozenset[bytes]:
        """The key ids that every inner envelope sealed now carries, exactly."""
        return self.generations[0].analyst_ids

    @property
    def earlier_analyst_ids(self) -> frozenset[frozenset[bytes]]:
        """What inner envelopes from before a change of keys carry instead."""
        return frozenset(one.analyst_ids for one in self.earlier) - {self.analyst_ids}


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
    """Write a wave's public keys, whole or not at all. Raises FileExistsError over old ones.

    Raises ValueError for keys with which no release could be signed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = keys_path(folder, wave_id)
    write_new(path, _content(wave_id, keys), PUBLIC)
    return path


def change_wave_keys(
    folder: Path, wave_id: bytes, new: Generation, signers: tuple[bytes, ...]
) -> WaveKeys:
    """Seal to other keys from now on; those until now stay known. Raises KeysUnfit, ValueError.

    ``signers`` are those of the new keys; whoever could sign a release before still can.
    """
    old = load_wave_keys(folder, wave_id)
    keys = replace(
        old,
        analyst=new.analyst,
        mix=new.mix,
        signers=tuple(dict.fromkeys((*signers, *old.signers))),
        earlier=old.generations,
    )
    write_anew(keys_path(folder, wave_id), _content(wave_id, keys), PUBLIC)
    return keys


def _content(wave_id: bytes, keys: WaveKeys) -> bytes:
    _refuse_unsigned(keys)
    document = {
        "format": FORMAT,
        "wave": wave_id.hex(),
        **_generation_to_json(keys.generations[0]),
        "signers": [signer.hex() for signer in keys.signers],
        "single_custodian": keys.single_custodian,
        "earlier": [_generation_to_json(one) for one in keys.earlier],
    }
    return (json.dumps(document, indent=1) + "\n").encode("ascii")


@lru_cache(maxsize=64)
def _read(path: Path, wave_id: bytes, _changed: int, _size: int) -> WaveKeys:
    document = json.loads(path.read_text(encoding="ascii"))
    if document["format"] == _WITHOUT_SIGNERS:
        raise ValueError("they were made by an earlier version, which could not sign a release")
    if document["format"] != FORMAT:
        raise ValueError("unknown format")
    if document["wave"] != wave_id.hex():
        raise ValueError("they belong to another wave")
    now = _generation_from_json(document)
    keys = WaveKeys(
        now.analyst,
        now.mix,
        tuple(bytes.fromhex(signer) for signer in document["signers"]),
        _yes_no_or_unknown(document.get("single_custodian")),
        tuple(map(_generation_from_json, document.get("earlier", ()))),
    )
    _refuse_unsigned(keys)
    return keys


def _refuse_unsigned(keys: WaveKeys) -> None:
    if not keys.signers or {len(signer) for signer in keys.signers} != {_SIGNER_LENGTH}:
        raise ValueError("no key to verify the release with")


def _generation_to_json(generation: Generation) -> dict[str, object]:
    return {
        "analyst": [_key_to_json(key) for key in generation.analyst],
        "mix": [_key_to_json(key) for key in generation.mix],
    }


def _generation_from_json(entry: dict[str, Any]) -> Generation:
    return Generation(
        tuple(_key_from_json(one, Purpose.RESPONSE) for one in entry["analyst"]),
        tuple(_key_from_json(one, Purpose.MIX) for one in entry["mix"]),
    )


def _key_to_json(key: PublicKey) -> dict[str, object]:
    return {"suite": int(key.suite), "key_id": key.key_id.hex(), "key": key.raw.hex()}


def _key_from_json(entry: dict[str, Any], purpose: Purpose) -> PublicKey:
    key = PublicKey(purpose, SuiteId(entry["suite"]), bytes.fromhex(str(entry["key"])))
    if key.key_id.hex() != entry["key_id"]:
        raise ValueError("a key does not match its id")
    return key


def _yes_no_or_unknown(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise ValueError("whether one person holds both keys is neither said nor unsaid")


def _in_short(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error) or type(error).__name__
