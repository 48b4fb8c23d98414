"""Making the keys of a wave, and trying them out. Row side: never loaded in the web process.

In: a wave id, an offline folder for the private halves, the site's folder for the public ones.
Out: the files, and the passphrases once. Each layer has a key to use, and beside it a spare to lock
away or a key in escrow with three custodians.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from surveys.vault.envelope import CannotOpen, HeaderFields, Purpose
from surveys.vault.escrow import put_in_escrow, write_escrow_file
from surveys.vault.escrow_custodians import Custodian
from surveys.vault.key_files import FULL_COST, Stretching, new_passphrase, write_key_file
from surveys.vault.manifest_signing import signer_of
from surveys.vault.opening import PrivateKey, new_private_key, open_envelope
from surveys.vault.public_keys import WaveKeys, keys_path, load_wave_keys, write_wave_keys
from surveys.vault.sealing import seal

LAYERS = {"analyst": Purpose.RESPONSE, "mix": Purpose.MIX}
_TRIAL = HeaderFields(bytes(16), bytes(32), 0)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A private key file just written. The passphrase is nowhere else."""

    holder: str
    path: Path
    passphrase: str = field(repr=False)
    key_id: bytes = b""


@dataclass(frozen=True, slots=True)
class EscrowFile:
    """A copy of an escrow file just written. It has no passphrase: alone it opens nothing."""

    holder: str
    path: Path
    key_id: bytes


@dataclass(frozen=True, slots=True)
class Escrowing:
    """Whom the second key of each layer is put in escrow with, and where the copies go."""

    custodians: tuple[Custodian, ...]
    folders: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class LayerMade:
    """One layer's keys just made: the private halves, for as long as the ceremony lasts."""

    privates: tuple[PrivateKey, ...] = field(repr=False)
    files: tuple[KeyFile, ...]
    escrow_files: tuple[EscrowFile, ...] = ()


@dataclass(frozen=True, slots=True)
class KeysMade:
    """All files of a wave just made."""

    files: tuple[KeyFile, ...]
    escrow_files: tuple[EscrowFile, ...]


def create_wave_keys(
    wave_id: bytes,
    offline_folder: Path,
    public_keys: Path,
    *,
    custodian_folder: Path | None = None,
    spares: bool = True,
    stretching: Stretching = FULL_COST,
) -> tuple[KeyFile, ...]:
    """As make_wave_keys, without escrow: only the key files."""
    folders = {"analyst": offline_folder, "mix": custodian_folder or offline_folder}
    made = make_wave_keys(wave_id, folders, public_keys, spares=spares, stretching=stretching)
    return made.files


def make_wave_keys(
    wave_id: bytes,
    folders: dict[str, Path],
    public_keys: Path,
    *,
    spares: bool = True,
    escrowing: Escrowing | None = None,
    single_custodian: bool | None = None,
    stretching: Stretching = FULL_COST,
) -> KeysMade:
    """Make a wave's keys: private files into each layer's folder, then the public file.

    With ``escrowing`` the second key of each layer is in no file, but in escrow. The public file
    says whether one person holds both layers, if that is known.

    Raises FileExistsError when the wave has public keys already: answers may be sealed to them.
    """
    if keys_path(public_keys, wave_id).exists():
        raise FileExistsError(f"{keys_path(public_keys, wave_id)} exists; keys are never replaced")
    made = {
        layer: make_layer(
            layer, wave_id, folder, spares=spares, escrowing=escrowing, stretching=stretching
        )
        for layer, folder in folders.items()
    }
    keys = public_halves(made["analyst"].privates, made["mix"].privates)
    write_wave_keys(public_keys, wave_id, replace(keys, single_custodian=single_custodian))
    return KeysMade(
        made["analyst"].files + made["mix"].files,
        made["analyst"].escrow_files + made["mix"].escrow_files,
    )


def make_layer(
    layer: str,
    wave_id: bytes,
    folder: Path,
    *,
    role: str = "",
    spares: bool,
    escrowing: Escrowing | None,
    stretching: Stretching,
) -> LayerMade:
    """One layer's private keys in files: the one to use, and a spare or one in escrow."""
    role = role or layer
    names = (role, f"{role}-spare") if spares and escrowing is None else (role,)
    privates = [new_private_key(LAYERS[layer]) for _ in names]
    files = tuple(
        keep_key(private_key, wave_id, folder, name, stretching)
        for private_key, name in zip(privates, names, strict=True)
    )
    if escrowing is None:
        return LayerMade(tuple(privates), files)
    in_escrow = new_private_key(LAYERS[layer])
    copies = _keep_in_escrow(in_escrow, wave_id, role, escrowing)
    return LayerMade((*privates, in_escrow), files, copies)


def keep_key(
    private_key: PrivateKey,
    wave_id: bytes,
    folder: Path,
    role: str,
    stretching: Stretching = FULL_COST,
) -> KeyFile:
    """Write a private key into its holder's folder. Raises FileExistsError over another file."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{wave_id.hex()[:8]}-{role}.key"
    file = KeyFile(role, path, new_passphrase(), private_key.public.key_id)
    write_key_file(file.path, private_key, wave_id, file.passphrase, stretching)
    return file


def try_key(private_key: PrivateKey, wave_id: bytes, public_keys: Path) -> bool:
    """Whether this key opens what the site seals for the wave: the drill before it opens.

    Raises KeysUnfit when the public keys cannot be used.
    """
    keys = load_wave_keys(public_keys, wave_id)
    generation = keys.generation_of(private_key.public) or keys.generations[0]
    recipients = generation.mix if private_key.purpose is Purpose.MIX else generation.analyst
    message = secrets.token_bytes(32)
    try:
        opened = open_envelope(seal(message, recipients, _TRIAL, 64), private_key, _TRIAL)
    except CannotOpen:
        return False
    return secrets.compare_digest(opened.content, message)


def public_halves(analyst: Sequence[PrivateKey], mix: Sequence[PrivateKey]) -> WaveKeys:
    """What may lie on the web server of a wave's keys. Raises ValueError as WaveKeys does."""
    return WaveKeys(
        tuple(key.public for key in analyst),
        tuple(key.public for key in mix),
        tuple(signer_of(key) for key in mix),
    )


def _keep_in_escrow(
    private_key: PrivateKey, wave_id: bytes, role: str, escrowing: Escrowing
) -> tuple[EscrowFile, ...]:
    """The same escrow file into every folder."""
    escrow = put_in_escrow(private_key, wave_id, escrowing.custodians)
    written = []
    for number, folder in enumerate(escrowing.folders, start=1):
        name = f"{role}-escrow-{number}"
        path = folder / f"{wave_id.hex()[:8]}-{name}.escrow"
        write_escrow_file(path, escrow)
        written.append(EscrowFile(name, path, private_key.public.key_id))
    return tuple(written)
