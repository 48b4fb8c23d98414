"""Making the keys of a wave. Row side: never loaded in the web process.

In: a wave id, an offline folder for the private halves, the site's folder for the public ones.
Out: what goes into each file, and the passphrases once. Each layer has a key to use, and beside it
a spare to lock away or a key in escrow with three people. Nothing is written before all of it is
made, and the public halves come last: see ceremony.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from surveys.keys.escrow import escrow_file_content, put_in_escrow
from surveys.keys.escrow_custodians import EscrowCustodian
from surveys.vault.envelope import LAYERS
from surveys.vault.key_files import FULL_COST, Stretching, key_file_content, new_passphrase
from surveys.vault.manifest_signing import signer_of
from surveys.vault.opening import PrivateKey, new_private_key
from surveys.vault.public_keys import WaveKeys, keys_path, write_wave_keys
from surveys.whole_files import remove, write_all_new


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A private key file just made. The passphrase is nowhere else."""

    holder: str
    path: Path
    passphrase: str = field(repr=False)
    key_id: bytes = b""


@dataclass(frozen=True, slots=True)
class EscrowFile:
    """A copy of an escrow file just made. It has no passphrase: alone it opens nothing."""

    holder: str
    path: Path
    key_id: bytes


@dataclass(frozen=True, slots=True)
class Escrowing:
    """Whom the second key of each layer is put in escrow with, and where the copies go."""

    custodians: tuple[EscrowCustodian, ...]
    folders: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class LayerMade:
    """One layer's keys just made: the private halves, for as long as the ceremony lasts.

    ``contents`` are the files as they are to be written, by path.
    """

    privates: tuple[PrivateKey, ...] = field(repr=False)
    files: tuple[KeyFile, ...]
    escrow_files: tuple[EscrowFile, ...] = ()
    contents: Mapping[Path, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class KeysMade:
    """All files of a wave just made, what goes into them, and the public halves."""

    files: tuple[KeyFile, ...]
    escrow_files: tuple[EscrowFile, ...]
    contents: Mapping[Path, bytes] = field(repr=False)
    public: WaveKeys


def create_wave_keys(
    wave_id: bytes,
    offline_folder: Path,
    public_keys: Path,
    *,
    custodian_folder: Path | None = None,
    spares: bool = True,
    stretching: Stretching = FULL_COST,
) -> tuple[KeyFile, ...]:
    """Make a wave's keys without ceremony: key files, then the public file; no sheet, no register.

    Raises FileExistsError when the wave has public keys already, or a key file is in the way.
    """
    refuse_second_keys(public_keys, wave_id)
    folders = {"analyst": offline_folder, "mix": custodian_folder or offline_folder}
    made = make_wave_keys(wave_id, folders, spares=spares, stretching=stretching)
    write_all_new(made.contents)
    try:
        write_wave_keys(public_keys, wave_id, made.public)
    except BaseException:
        remove(made.contents)
        raise
    return made.files


def refuse_second_keys(public_keys: Path, wave_id: bytes) -> None:
    """Raise FileExistsError for a wave that has keys: answers may be sealed to them."""
    path = keys_path(public_keys, wave_id)
    if path.exists():
        raise FileExistsError(f"{path} exists; keys are never replaced")


def make_wave_keys(
    wave_id: bytes,
    folders: Mapping[str, Path],
    *,
    spares: bool = True,
    escrowing: Escrowing | None = None,
    stretching: Stretching = FULL_COST,
) -> KeysMade:
    """Make a wave's keys for each layer's folder; nothing is written yet.

    With ``escrowing`` the second key of each layer is in no file, but in escrow.
    """
    analyst, mix = (
        make_layer(
            layer, wave_id, folders[layer],
            spares=spares, escrowing=escrowing, stretching=stretching,
        )
        for layer in LAYERS
    )  # fmt: skip
    return KeysMade(
        analyst.files + mix.files,
        analyst.escrow_files + mix.escrow_files,
        {**analyst.contents, **mix.contents},
        public_halves(analyst.privates, mix.privates),
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
    """One layer's private keys: one to use, and a spare or one in escrow. Nothing is written."""
    role = role or layer
    names = (role, f"{role}-spare") if spares and escrowing is None else (role,)
    privates = [new_private_key(LAYERS[layer]) for _ in names]
    made = [
        locked_key(private_key, wave_id, folder, name, stretching)
        for private_key, name in zip(privates, names, strict=True)
    ]
    files, contents = tuple(file for file, _ in made), {one.path: each for one, each in made}
    if escrowing is None:
        return LayerMade(tuple(privates), files, contents=contents)
    in_escrow = new_private_key(LAYERS[layer])
    copies = _copies_in_escrow(in_escrow, wave_id, role, escrowing)
    escrow = escrow_file_content(put_in_escrow(in_escrow, wave_id, escrowing.custodians))
    contents |= {copy.path: escrow for copy in copies}
    return LayerMade((*privates, in_escrow), files, copies, contents)


def locked_key(
    private_key: PrivateKey,
    wave_id: bytes,
    folder: Path,
    role: str,
    stretching: Stretching = FULL_COST,
) -> tuple[KeyFile, bytes]:
    """A private key as a file of its holder's, under a new passphrase, and what goes into it."""
    path = folder / f"{wave_id.hex()[:8]}-{role}.key"
    file = KeyFile(role, path, new_passphrase(), private_key.public.key_id)
    return file, key_file_content(private_key, wave_id, file.passphrase, stretching)


def public_halves(analyst: Sequence[PrivateKey], mix: Sequence[PrivateKey]) -> WaveKeys:
    """What may lie on the web server of a wave's keys. Raises ValueError as WaveKeys does."""
    return WaveKeys(
        tuple(key.public for key in analyst),
        tuple(key.public for key in mix),
        tuple(signer_of(key) for key in mix),
    )


def _copies_in_escrow(
    private_key: PrivateKey, wave_id: bytes, role: str, escrowing: Escrowing
) -> tuple[EscrowFile, ...]:
    """The same escrow file in every folder, numbered."""
    names = (f"{role}-escrow-{number}" for number in range(1, len(escrowing.folders) + 1))
    return tuple(
        EscrowFile(name, folder / f"{wave_id.hex()[:8]}-{name}.escrow", private_key.public.key_id)
        for name, folder in zip(names, escrowing.folders, strict=True)
    )
