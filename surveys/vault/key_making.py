"""Making the keys of a wave, and trying them out. Row side: never loaded in the web process.

In: a wave id, an offline folder for the private halves, the site's folder for the public ones.
Out: the files, and the passphrases once. Each layer has a key to use and a spare to lock away.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from surveys.vault.envelope import CannotOpen, HeaderFields, Purpose
from surveys.vault.key_files import FULL_COST, Stretching, new_passphrase, write_key_file
from surveys.vault.opening import PrivateKey, new_private_key, open_envelope
from surveys.vault.public_keys import WaveKeys, keys_path, load_wave_keys, write_wave_keys
from surveys.vault.sealing import seal

_LAYERS = (("analyst", Purpose.RESPONSE), ("mix", Purpose.MIX))
_TRIAL = HeaderFields(bytes(16), bytes(32), 0)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A private key file just written. The passphrase is nowhere else."""

    holder: str
    path: Path
    passphrase: str = field(repr=False)


def create_wave_keys(
    wave_id: bytes,
    offline_folder: Path,
    public_keys: Path,
    *,
    custodian_folder: Path | None = None,
    spares: bool = True,
    stretching: Stretching = FULL_COST,
) -> tuple[KeyFile, ...]:
    """Make a wave's keys: private files offline, then the public file into the site.

    The custodian's go to ``custodian_folder`` where there is one: another person's device.

    Raises FileExistsError when the wave has public keys already: answers may be sealed to them.
    """
    if keys_path(public_keys, wave_id).exists():
        raise FileExistsError(f"{keys_path(public_keys, wave_id)} exists; keys are never replaced")
    folders = {"analyst": offline_folder, "mix": custodian_folder or offline_folder}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written: list[KeyFile] = []
    layers: dict[str, list[PrivateKey]] = {"analyst": [], "mix": []}
    for layer, purpose in _LAYERS:
        for holder in (layer, f"{layer}-spare") if spares else (layer,):
            private_key, file = new_private_key(purpose), _plan(folders[layer], wave_id, holder)
            write_key_file(file.path, private_key, wave_id, file.passphrase, stretching)
            layers[layer].append(private_key)
            written.append(file)
    write_wave_keys(public_keys, wave_id, _public_halves(layers))
    return tuple(written)


def try_key(private_key: PrivateKey, wave_id: bytes, public_keys: Path) -> bool:
    """Whether this key opens what the site seals for the wave: the drill before it opens.

    Raises KeysUnfit when the public keys cannot be used.
    """
    keys = load_wave_keys(public_keys, wave_id)
    recipients = keys.mix if private_key.purpose is Purpose.MIX else keys.analyst
    message = secrets.token_bytes(32)
    try:
        opened = open_envelope(seal(message, recipients, _TRIAL, 64), private_key, _TRIAL)
    except CannotOpen:
        return False
    return secrets.compare_digest(opened.content, message)


def _plan(folder: Path, wave_id: bytes, holder: str) -> KeyFile:
    return KeyFile(holder, folder / f"{wave_id.hex()[:8]}-{holder}.key", new_passphrase())


def _public_halves(layers: dict[str, list[PrivateKey]]) -> WaveKeys:
    return WaveKeys(
        tuple(key.public for key in layers["analyst"]), tuple(key.public for key in layers["mix"])
    )
