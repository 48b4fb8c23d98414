"""Changing the keys of a wave while it is open, and sealing its released responses anew.

In: a wave and its key files. Out: new key files, or the same responses for other recipients. These
commands belong to ``flask keys`` (key_commands.py).
"""

from __future__ import annotations

from pathlib import Path

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
from surveys.keys.wave_commands import WaveId
from surveys.site import Site
from surveys.vault.compacting import NotCompacted, compact
from surveys.vault.envelope import LAYERS
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.waves import Wave


@click.command("rotate")
@click.argument("wave", type=WaveId())
@click.option("--layer", type=click.Choice(list(LAYERS)), required=True)
@click.option("--folder", type=FOLDER, required=True, help="On the new holder's own device.")
@click.option("--holder", required=True, help="Who takes the new key file away.")
@click.option("--spares/--no-spares", default=True, help="A second key file.")
@escrow_options
@click.pass_obj
def rotate_keys(
    site: Site,
    wave: Wave,
    *,
    layer: str,
    folder: Path,
    holder: str,
    spares: bool,
    escrow: bool,
    copies: tuple[Path, ...],
    among: tuple[str, ...],
) -> None:
    """Give one layer of WAVE new keys while people answer; old keys open what was sent before."""
    from surveys.keys.rotation import NewHolder, rotated

    escrowing = escrowing_with(site, copies, among) if escrow else None
    new = NewHolder(layer, holder, folder)
    with refusals(), rotated(site, wave, new, spares=spares, escrowing=escrowing) as made:
        hand_over(made.files)
        tell_of_escrow(made.escrow_files)
    note_in_log(site, wave, "keys changed", layer=layer, holder=holder)
    click.echo("Answers sent from now on are sealed to the new key. Keep the old one as well:")
    click.echo("it opens what was sent before.")
    warn_of_own_disk(site, (*made.files, *made.escrow_files))
    warn_of_open_files((*made.files, *made.escrow_files))
    click.echo("Now try every new file: flask keys drill.")


@click.command("rewrap")
@click.argument("wave", type=WaveId())
@click.option("--key-file", type=FILE, required=True, help="An older analyst's key, or recovered.")
@passphrase_files_option
@click.pass_obj
def rewrap(site: Site, wave: Wave, key_file: Path, passphrase_files: tuple[Path, ...]) -> None:
    """Seal WAVE's released responses anew, from an older key to the analyst's newest."""
    from surveys.keys.rotation import seal_responses_anew

    with refusals():
        (private_key,) = private_keys([key_file], passphrase_files)
        keys = load_wave_keys(site.public_keys, wave.id)
        changed, left = seal_responses_anew(site.engine, wave, private_key, keys)
    note_in_log(site, wave, "responses sealed anew", changed=str(changed))
    click.echo(f"{changed} responses sealed anew; {left} are still for other older keys.")
    try:
        if changed:
            compact(site.engine)
    except NotCompacted as error:
        raise click.ClickException(f"Sealed anew. Now run `flask nightly`: {error}") from error
    click.echo("Backups made before this still open with the older key, until it is destroyed.")
