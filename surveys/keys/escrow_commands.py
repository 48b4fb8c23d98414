"""``flask keys escrow-custodian``: three people, of whom any two make a lost key again.

In: a person's name. Out: their key file and its passphrase once; or, at the end, a key file fewer.
The release custodian of a wave is somebody else, and is named in ``flask keys create``.
"""

from __future__ import annotations

from pathlib import Path

import click

from surveys.keys.ceremony_asking import (
    FILE,
    FOLDER,
    hand_over,
    note_in_log,
    refusals,
    warn_of_open_files,
    warn_of_own_disk,
)
from surveys.keys.escrow_custodians import escrow_custodian_named
from surveys.site import Site


@click.command("escrow-custodian")
@click.argument("name")
@click.option("--folder", type=FOLDER, help="Make a key, on this person's own device.")
@click.option("--retire", is_flag=True, help="Their key ends: with --key-file, or --word-of.")
@click.option("--key-file", type=FILE, help="Their key file, to be overwritten and removed.")
@click.option("--word-of", help="Who says that the key file is destroyed, or lost.")
@click.option("--give-up-escrow", is_flag=True, help="Although two are not left for some wave.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def escrow_custodian(
    site: Site,
    name: str,
    *,
    folder: Path | None,
    retire: bool,
    key_file: Path | None,
    word_of: str | None,
    give_up_escrow: bool,
    yes: bool,
) -> None:
    """Make NAME an escrow custodian: any two of three can make a lost key again. Or --retire."""
    if retire:
        if (key_file is None) is not bool(word_of) or folder:
            raise click.UsageError("With --retire give either --key-file or --word-of.")
        _retire(site, name, key_file, word_of or "", give_up_escrow=give_up_escrow, yes=yes)
    elif folder is None:
        raise click.UsageError("Give --folder, on this person's own device; or --retire.")
    else:
        _make(site, name, folder)


def _make(site: Site, name: str, folder: Path) -> None:
    from surveys.keys.ceremony import new_escrow_custodian

    with refusals(), new_escrow_custodian(site, name, folder) as (custodian, file):
        click.echo(f"Print {file.path.name}.html, which lies beside the key file.")
        hand_over([file])
    note_in_log(site, None, "escrow custodian made", name=name, key=custodian.key_number)
    warn_of_own_disk(site, [file])
    warn_of_open_files([file])


def _retire(
    site: Site, name: str, key_file: Path | None, word_of: str, *, give_up_escrow: bool, yes: bool
) -> None:
    from surveys.keys.escrow_retirement import refuse_needed_custodian, retire

    with refusals():
        custodian = escrow_custodian_named(site.public_keys, name)
        if not give_up_escrow:
            refuse_needed_custodian(site, custodian)
        click.echo(f"{custodian.key_number}  {custodian.name}")
        if not yes:
            what = f"Destroy {key_file} for ever" if key_file else f"On the word of {word_of}"
            click.confirm(f"{what}, and put nothing more in escrow with this key?", abort=True)
        retire(site, custodian, key_file)
    said = {"word_of": word_of} if word_of else {}
    key = custodian.key_number
    note_in_log(site, None, "escrow custodian retired", name=custodian.name, key=key, **said)
    click.echo(f"{custodian.name} is an escrow custodian no longer. Now tear up the sheet.")
