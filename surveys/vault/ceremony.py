"""The ceremony in which a wave's keys are made: files, register, printed sheets.

Row side: never loaded in the web process. In: a site, a wave, two holders (or one), perhaps three
escrow custodians. Out: everything that must exist afterwards, written in one go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from surveys.site import Site
from surveys.vault.ceremony_sheets import HolderSheet, about_wave, write_sheet
from surveys.vault.custody import OnePersonHoldsBoth, is_one_person, one_person_holds_both
from surveys.vault.envelope import Purpose
from surveys.vault.escrow_custodians import Custodian, add_custodian, custodian_path, file_name_of
from surveys.vault.key_files import FULL_COST, Stretching, new_passphrase, write_key_file
from surveys.vault.key_making import (
    EscrowFile,
    Escrowing,
    KeyFile,
    KeysMade,
    make_wave_keys,
)
from surveys.vault.key_register import KeyKind, KeyNote, add_notes
from surveys.vault.opening import new_private_key
from surveys.vault.waves import Wave, note_single_custodian

Made = KeyFile | EscrowFile
NO_WAVE = bytes(16)  # a custodian's key is for every wave


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


def hold_ceremony(
    site: Site,
    wave: Wave,
    holders: Holders,
    *,
    spares: bool = True,
    escrowing: Escrowing | None = None,
    stretching: Stretching = FULL_COST,
) -> KeysMade:
    """Make a wave's keys with register and sheets.

    Raises OnePersonHoldsBoth where the site promises two and there is one, FolderOnTheServer, and
    FileExistsError when the wave has keys already; then nothing was made.
    """
    if holders.one_person and not site.single_custodian:
        raise OnePersonHoldsBoth(
            "site.toml says single_custodian = false, so two people must hold the two keys: give "
            "another --custodian-folder, on the custodian's own device, and two names. If one "
            "person is to hold both, set single_custodian = true first; every page then says so."
        )
    escrow_folders = escrowing.folders if escrowing else ()
    refuse_server_folders(site, (*holders.folders.values(), *escrow_folders))
    made = make_wave_keys(
        wave.id,
        holders.folders,
        site.public_keys,
        spares=spares,
        escrowing=escrowing,
        single_custodian=holders.one_person,
        stretching=stretching,
    )
    if holders.one_person:
        note_single_custodian(site.engine, wave.id)
    custodians = tuple(one.name for one in escrowing.custodians) if escrowing else ()
    put_on_record(site, wave, (*made.files, *made.escrow_files), holders.names, custodians)
    return made


def put_on_record(
    site: Site,
    wave: Wave,
    files: tuple[Made, ...],
    holders: dict[str, str],
    custodians: tuple[str, ...] = (),
) -> None:
    """Note files that were just made in the wave's register, and write a sheet beside each."""
    today = site.now().date()
    notes = [
        KeyNote(
            role=file.holder,
            layer=layer_of(file.holder),
            holder=_holder(file, holders, custodians),
            key_id=file.key_id.hex(),
            made_on=today.isoformat(),
            kind=KeyKind.KEY if isinstance(file, KeyFile) else KeyKind.ESCROW,
        )
        for file in files
    ]
    add_notes(site.public_keys, wave.id, notes)
    for file in files:
        write_sheet(_sheet(site, wave, file, holders, custodians), file.path)


def _holder(file: Made, holders: dict[str, str], custodians: tuple[str, ...]) -> str:
    if isinstance(file, KeyFile):
        return holders[layer_of(file.holder)]
    return "any two of " + ", ".join(custodians)


def _sheet(
    site: Site, wave: Wave, file: Made, holders: dict[str, str], custodians: tuple[str, ...]
) -> HolderSheet:
    layer = layer_of(file.holder)
    return HolderSheet(
        kind=layer if isinstance(file, KeyFile) else "escrow",
        authority=site.authority,
        about=about_wave(wave),
        holder=_holder(file, holders, custodians),
        file_name=file.path.name,
        key_id=file.key_id,
        made_on=site.now().date(),
        layer=layer,
        spare=file.holder.endswith("-spare"),
        recovered="-recovered" in file.holder,
        one_person=one_person_holds_both(site.public_keys, wave.id),
        custodians=custodians,
    )


def layer_of(role: str) -> str:
    """The layer that a role of the register belongs to."""
    return "analyst" if role.startswith("analyst") else "mix"


def make_custodian(
    site: Site, name: str, folder: Path, stretching: Stretching = FULL_COST
) -> tuple[Custodian, KeyFile]:
    """Make an escrow custodian: key file and sheet in the folder, public half in the site.

    Raises FileExistsError for a name that is there already, FolderOnTheServer, CustodiansUnfit.
    """
    refuse_server_folders(site, (folder,))
    if custodian_path(site.public_keys, name).exists():
        raise FileExistsError(f"There is an escrow custodian {name} already.")
    private_key = new_private_key(Purpose.ESCROW)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"escrow-{file_name_of(name)}.key"
    file = KeyFile(f"escrow-{name}", path, new_passphrase(), private_key.public.key_id)
    write_key_file(path, private_key, NO_WAVE, file.passphrase, stretching)
    custodian = Custodian(name, private_key.public)
    add_custodian(site.public_keys, custodian)
    sheet = HolderSheet(
        kind="custodian",
        authority=site.authority,
        about="every survey whose keys are put in escrow with this person",
        holder=name,
        file_name=path.name,
        key_id=file.key_id,
        made_on=site.now().date(),
    )
    write_sheet(sheet, path)
    return custodian, file


def refuse_server_folders(site: Site, folders: Iterable[Path]) -> None:
    """Raise FolderOnTheServer for a folder inside the site's own."""
    home = site.public_keys.resolve().parent
    for folder in folders:
        if folder.resolve().is_relative_to(home):
            raise FolderOnTheServer(
                f"{folder} is inside the site's own folder. Choose one on a device that its "
                "holder takes away, such as a USB stick."
            )
