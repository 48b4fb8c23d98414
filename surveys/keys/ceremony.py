"""The ceremony in which a wave's keys are made: files, sheets, register, public halves.

Row side: never loaded in the web process. In: a site, a wave, two holders (or one), perhaps three
escrow custodians. Out: everything that must exist afterwards. The public halves come last, so that
a failure on the way leaves nothing that anything would be sealed to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from surveys.keys.ceremony_sheets import HolderSheet, about_wave, sheet_content, sheet_path
from surveys.keys.custody import OnePersonHoldsBoth, is_one_person
from surveys.keys.escrow_custodians import (
    EscrowCustodian,
    add_escrow_custodian,
    escrow_custodian_path,
    file_name_of,
)
from surveys.keys.key_making import (
    EscrowFile,
    Escrowing,
    KeyFile,
    KeysMade,
    make_wave_keys,
    refuse_second_keys,
)
from surveys.keys.key_register import KeyKind, KeyNote, add_notes, take_notes_out
from surveys.site import Site
from surveys.vault.envelope import Purpose
from surveys.vault.key_files import FULL_COST, Stretching, key_file_content, new_passphrase
from surveys.vault.opening import new_private_key
from surveys.vault.public_keys import keys_path, load_wave_keys, write_wave_keys
from surveys.vault.waves import Wave, note_single_custodian
from surveys.whole_files import remove, write_all_new

Made = KeyFile | EscrowFile
NO_WAVE = bytes(16)  # an escrow custodian's key is for every wave


class FolderOnTheServer(ValueError):
    """Private keys may not lie in the site's own folder."""


@dataclass(frozen=True, slots=True)
class Holders:
    """Who takes which layer's key away, and on what."""

    analyst: str
    analyst_folder: Path
    custodian: str
    custodian_folder: Path | None = None

    @property
    def one_person(self) -> bool:
        """Whether it is the same person, or the same place, for both."""
        return is_one_person(
            self.analyst, self.custodian, self.analyst_folder, self.custodian_folder
        )

    @property
    def folders(self) -> dict[str, Path]:
        """The folder of each layer's keys."""
        return {"analyst": self.analyst_folder, "mix": self.custodian_folder or self.analyst_folder}

    @property
    def names(self) -> dict[str, str]:
        """Who holds each layer."""
        alone = self.custodian_folder is None
        return {"analyst": self.analyst, "mix": self.analyst if alone else self.custodian}


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds files that were just made: by layer, and the escrow custodians, if any."""

    names: Mapping[str, str]
    one_person: bool
    escrow_custodians: tuple[str, ...] = ()

    def holder_of(self, file: Made) -> str:
        """Who takes a file away, or who can use it."""
        if isinstance(file, KeyFile):
            return self.names[layer_of(file.holder)]
        return "any two of " + ", ".join(self.escrow_custodians)


def hold_ceremony(
    site: Site,
    wave: Wave,
    holders: Holders,
    *,
    spares: bool = True,
    escrowing: Escrowing | None = None,
    stretching: Stretching = FULL_COST,
) -> KeysMade:
    """As ceremony, with nobody to hand the passphrases to before the public halves are there."""
    with ceremony(
        site, wave, holders, spares=spares, escrowing=escrowing, stretching=stretching
    ) as made:
        return made


@contextmanager
def ceremony(
    site: Site,
    wave: Wave,
    holders: Holders,
    *,
    spares: bool = True,
    escrowing: Escrowing | None = None,
    stretching: Stretching = FULL_COST,
) -> Iterator[KeysMade]:
    """Make a wave's keys with register and sheets; publish their public halves after the block.

    In the block each holder is shown their passphrase. Raises OnePersonHoldsBoth where the site
    promises two and there is one, FolderOnTheServer, and FileExistsError when the wave has keys
    already or a file is in the way. Whatever it raises, no file of the wave's keys is there
    afterwards that was not there before.
    """
    if holders.one_person and not site.single_custodian:
        raise OnePersonHoldsBoth(
            "site.toml says single_custodian = false, so two people must hold the two keys: give "
            "another --custodian-folder, on the custodian's own device, and two names. If one "
            "person is to hold both, set single_custodian = true first; every page then says so."
        )
    escrow_folders = escrowing.folders if escrowing else ()
    refuse_server_folders(site, (*holders.folders.values(), *escrow_folders))
    refuse_second_keys(site.public_keys, wave.id)
    made = make_wave_keys(
        wave.id, holders.folders, spares=spares, escrowing=escrowing, stretching=stretching
    )
    holding = Holding(holders.names, holders.one_person, names_in(escrowing))
    with on_record(site, wave, (*made.files, *made.escrow_files), made.contents, holding):
        if holders.one_person:
            note_single_custodian(site.engine, wave.id)
        keys = replace(made.public, single_custodian=holders.one_person)
        yield made
        write_wave_keys(site.public_keys, wave.id, keys)


@contextmanager
def on_record(
    site: Site,
    wave: Wave,
    files: Sequence[Made],
    contents: Mapping[Path, bytes],
    holding: Holding,
) -> Iterator[None]:
    """Write files just made, with a sheet beside each, and note them in the wave's register.

    All of that is taken back when the block fails, unless anything may be sealed to these keys by
    then. Raises FileExistsError, having written nothing, for a name that is taken.
    """
    before = _sealed_to(site, wave)
    notes = [_note(site, file, holding) for file in files]
    roles = [note.role for note in notes]
    sheets = {
        sheet_path(file.path): sheet_content(_sheet(site, wave, file, holding)) for file in files
    }
    write_all_new({**contents, **sheets})
    try:
        add_notes(site.public_keys, wave.id, notes)
    except BaseException:
        remove((*contents, *sheets))
        raise
    try:
        yield
    except BaseException:
        new = _sealed_to(site, wave) - before
        if not new & {file.key_id for file in files}:
            remove((*contents, *sheets))
            take_notes_out(site.public_keys, wave.id, roles)
        raise


def _sealed_to(site: Site, wave: Wave) -> frozenset[bytes]:
    """The ids of all keys that a response may be sealed to; none where there is no public file."""
    if not keys_path(site.public_keys, wave.id).exists():
        return frozenset()
    return frozenset(key.key_id for key in load_wave_keys(site.public_keys, wave.id).ever)


def names_in(escrowing: Escrowing | None) -> tuple[str, ...]:
    """The names of the escrow custodians; none without escrow."""
    return tuple(one.name for one in escrowing.custodians) if escrowing else ()


def _note(site: Site, file: Made, holding: Holding) -> KeyNote:
    return KeyNote(
        role=file.holder,
        layer=layer_of(file.holder),
        holder=holding.holder_of(file),
        key_id=file.key_id.hex(),
        made_on=site.now().date().isoformat(),
        kind=KeyKind.KEY if isinstance(file, KeyFile) else KeyKind.ESCROW,
    )


def _sheet(site: Site, wave: Wave, file: Made, holding: Holding) -> HolderSheet:
    layer = layer_of(file.holder)
    return HolderSheet(
        kind=layer if isinstance(file, KeyFile) else "escrow",
        authority=site.authority,
        about=about_wave(wave),
        holder=holding.holder_of(file),
        file_name=file.path.name,
        key_id=file.key_id,
        made_on=site.now().date(),
        layer=layer,
        spare=file.holder.endswith("-spare"),
        recovered="-recovered" in file.holder,
        one_person=holding.one_person,
        custodians=holding.escrow_custodians,
    )


def layer_of(role: str) -> str:
    """The layer that a role of the register belongs to."""
    return "analyst" if role.startswith("analyst") else "mix"


@contextmanager
def new_escrow_custodian(
    site: Site, name: str, folder: Path, stretching: Stretching = FULL_COST
) -> Iterator[tuple[EscrowCustodian, KeyFile]]:
    """Make an escrow custodian: key file and sheet; the public half is kept after the block.

    In the block that person is shown their passphrase. Raises FileExistsError for a name that is
    there already, FolderOnTheServer, EscrowCustodiansUnfit; then there is no file more than before.
    """
    refuse_server_folders(site, (folder,))
    if escrow_custodian_path(site.public_keys, name).exists():
        raise FileExistsError(f"There is an escrow custodian {name} already.")
    private_key = new_private_key(Purpose.ESCROW)
    path = folder / f"escrow-{file_name_of(name)}.key"
    file = KeyFile(f"escrow-{name}", path, new_passphrase(), private_key.public.key_id)
    content = key_file_content(private_key, NO_WAVE, file.passphrase, stretching)
    sheet = sheet_content(_custodian_sheet(site, name, file))
    written = {path: content, sheet_path(path): sheet}
    custodian = EscrowCustodian(name, private_key.public)
    write_all_new(written)
    try:
        yield custodian, file
        add_escrow_custodian(site.public_keys, custodian)
    except BaseException:
        remove(written)
        raise


def _custodian_sheet(site: Site, name: str, file: KeyFile) -> HolderSheet:
    return HolderSheet(
        kind="escrow custodian",
        authority=site.authority,
        about="every survey whose keys are put in escrow with this person",
        holder=name,
        file_name=file.path.name,
        key_id=file.key_id,
        made_on=site.now().date(),
    )


def refuse_server_folders(site: Site, folders: Iterable[Path]) -> None:
    """Raise FolderOnTheServer for a folder inside the site's own."""
    home = site.public_keys.resolve().parent
    for folder in folders:
        if folder.resolve().is_relative_to(home):
            raise FolderOnTheServer(
                f"{folder} is inside the site's own folder. Choose one on a device that its "
                "holder takes away, such as a USB stick."
            )
