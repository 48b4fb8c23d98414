"""``flask keys ...``: making the keys of a wave, trying them, listing them. Run by people.

In: a wave's id and folders of the holders' own. Out: files, and each passphrase on the screen once.
What comes later in a key's life is in key_life_commands.py. Whatever can open anything is imported
inside the commands, so that the web process never loads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from surveys.keys.ceremony_asking import (
    FILE,
    FOLDER,
    escrow_options,
    escrowing_with,
    hand_over,
    note_in_log,
    passphrase_files_option,
    private_keys,
    refusals,
    tell_of_escrow,
    warn_of_open_files,
    warn_of_own_disk,
)
from surveys.keys.escrow_commands import escrow_custodian
from surveys.keys.key_life_commands import certificate, destroy, recover_key
from surveys.keys.key_register import KeyKind, note_of_file, note_tried, notes_of, untried
from surveys.keys.rotation_commands import rewrap, rotate_keys
from surveys.keys.wave_commands import WaveId
from surveys.site import Site
from surveys.vault.envelope import Purpose
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.waves import Wave

if TYPE_CHECKING:
    from surveys.vault.opening import PrivateKey


@click.group()
def keys() -> None:
    """Keys of a wave: make, try, list, recover, replace, destroy."""


for command in (escrow_custodian, recover_key, rotate_keys, rewrap, destroy, certificate):
    keys.add_command(command)


@keys.command("create")
@click.argument("wave", type=WaveId())
@click.option("--offline-folder", type=FOLDER, required=True, help="The analyst's own device.")
@click.option("--custodian-folder", type=FOLDER, help="The release custodian's own, if another.")
@click.option("--analyst", default="the analyst", help="Who that is, for sheet and register.")
@click.option("--custodian", default="the release custodian", help="Who that is.")
@click.option("--spares/--no-spares", default=True, help="A second key file for each layer.")
@escrow_options
@click.pass_obj
def create_keys(
    site: Site,
    wave: Wave,
    *,
    offline_folder: Path,
    custodian_folder: Path | None,
    analyst: str,
    custodian: str,
    spares: bool,
    escrow: bool,
    copies: tuple[Path, ...],
    among: tuple[str, ...],
) -> None:
    """Make the keys of WAVE, with a printed sheet each; show each passphrase, this once."""
    from surveys.keys.ceremony import Holders, ceremony

    holders = Holders(analyst, offline_folder, custodian, custodian_folder)
    escrowing = escrowing_with(site, copies, among) if escrow else None
    with refusals(), ceremony(site, wave, holders, spares=spares, escrowing=escrowing) as made:
        click.echo(_how_many(holders.one_person, site.single_custodian))
        click.echo("Print the sheet beside each key file (its name ends in .html).")
        hand_over(made.files)
        tell_of_escrow(made.escrow_files)
    note_in_log(site, wave, "keys made", holders="one" if holders.one_person else "two")
    warn_of_own_disk(site, (*made.files, *made.escrow_files))
    warn_of_open_files((*made.files, *made.escrow_files))
    click.echo("Take the key files off this computer before the site starts.")
    click.echo("Now try every file: flask keys drill.")


@keys.command("try")
@click.argument("wave", type=WaveId())
@click.option("--key-file", type=FILE, required=True)
@passphrase_files_option
@click.pass_obj
def try_keys(site: Site, wave: Wave, key_file: Path, passphrase_files: tuple[Path, ...]) -> None:
    """Check that a key file opens what the site seals for WAVE; a drill of one file."""
    from surveys.keys.ceremony_drill import opens

    with refusals():
        (private_key,) = private_keys([key_file], passphrase_files)
        fits = opens(private_key, load_wave_keys(site.public_keys, wave.id), wave)
        key_id = private_key.public.key_id
        _note_tried(site, wave, [(key_file, key_id, KeyKind.KEY)] if fits else [])
    note_in_log(site, wave, "key tried", key=key_id.hex(), opened="yes" if fits else "no")
    if not fits:
        raise click.ClickException("This key does not open what the site seals for this wave.")
    click.echo("The key fits.")


@keys.command("drill")
@click.argument("wave", type=WaveId())
@click.option("--key-file", "key_files", type=FILE, multiple=True, help="Of a layer or custodian.")
@click.option("--escrow-file", "escrow_files", type=FILE, multiple=True)
@passphrase_files_option
@click.pass_obj
def drill(
    site: Site,
    wave: Wave,
    key_files: tuple[Path, ...],
    escrow_files: tuple[Path, ...],
    passphrase_files: tuple[Path, ...],
) -> None:
    """Restore drill: open one test response, sealed now, with each file and escrow pair given."""
    with refusals():
        presented = private_keys(key_files, passphrase_files)
        passed, failed = _drilled(
            site, wave, list(zip(key_files, presented, strict=True)), escrow_files
        )
        _note_tried(site, wave, passed)
        left = untried(site.public_keys, wave.id)
    note_in_log(site, wave, "key drill", opened=str(len(passed)), failed=str(len(failed)))
    for role in left:
        click.echo(f"Not tried yet: {role}")
    if failed:
        raise click.ClickException(f"{len(failed)} did not open the test response.")


Tried = tuple[Path, bytes, KeyKind]


def _drilled(
    site: Site,
    wave: Wave,
    presented: list[tuple[Path, PrivateKey]],
    escrow_files: Sequence[Path],
) -> tuple[list[Tried], list[Path]]:
    """What opened the test response, and which files did not; each with a line on the screen."""
    from surveys.keys.ceremony_drill import opens, pairs_that_open
    from surveys.keys.escrow import read_escrow_file

    passed: list[Tried] = []
    failed: list[Path] = []
    public = load_wave_keys(site.public_keys, wave.id)
    custodians = [key for _, key in presented if key.purpose is Purpose.ESCROW]
    for path, key in presented:
        if key.purpose is Purpose.ESCROW:
            continue
        good = opens(key, public, wave)
        click.echo(f"{'opens' if good else 'DOES NOT OPEN':<14} {path.name}")
        passed += [(path, key.public.key_id, KeyKind.KEY)] if good else []
        failed += [] if good else [path]
    for path in escrow_files:
        escrow = read_escrow_file(path, wave.id)
        pairs, opened = pairs_that_open(escrow, custodians, public, wave)
        good = pairs > 0 and opened == pairs
        words = f"opens ({opened} of {pairs} pairs)" if good else "DOES NOT OPEN"
        click.echo(f"{words:<14} {path.name}")
        passed += [(path, escrow.key_id, KeyKind.ESCROW)] if good else []
        failed += [] if good else [path]
    return passed, failed


@keys.command("list")
@click.argument("wave", type=WaveId(), required=False)
@click.pass_obj
def list_keys(site: Site, wave: Wave | None) -> None:
    """The register of keys: role, holder, key id, made, tried, destroyed."""
    from surveys.vault.waves import all_waves

    for one in [wave] if wave else all_waves(site.engine):
        click.echo(f"{one.survey} {one.number}  {one.id.hex()}")
        with refusals():
            notes = notes_of(site.public_keys, one.id)
        for note in notes:
            dates = f"made {note.made_on}  tried {note.tried_on or '-':<10}"
            gone = f"  destroyed {note.destroyed_on} ({note.ending})" if note.destroyed_on else ""
            click.echo(f"  {note.role:<20} {note.key_id}  {dates}{gone}  {note.holder}")
        if not notes:
            click.echo("  no keys in the register")


def _note_tried(site: Site, wave: Wave, tried: Sequence[Tried]) -> None:
    found = [
        note_of_file(site.public_keys, wave.id, path, key_id, kind) for path, key_id, kind in tried
    ]
    roles = [note.role for note in found if note]
    note_tried(site.public_keys, wave.id, roles, site.now().date())


def _how_many(one_person: bool, site_says_one: bool) -> str:
    if one_person:
        return "Single-custodian mode: one person holds both keys. Every page and report says so."
    if site_says_one:
        return (
            "Two people hold the keys, but site.toml says single_custodian = true, and so do all "
            "pages. Set it to false before the next wave is prepared, if two are the rule."
        )
    return "Two people hold the keys."
