"""What the commands on invitations have in common: the seed's file, secrets, files that are new.

In: options of a command line. Out: the seed of a wave, for as long as the command runs. What reads
it is imported inside the function, so that the web process never loads it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from surveys.invitations.issuing import SiteKeys
from surveys.site import Site

if TYPE_CHECKING:
    from surveys.invitations.codes import CredentialSeed

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)

Command = Callable[..., Any]


def seed_options(command: Command) -> Command:
    """The two options of a command that makes codes again: the seed's file and its passphrase."""
    asked = "Without it, the passphrase is asked for."
    command = click.option("--passphrase-file", type=FILE, help=asked)(command)
    return click.option("--seed-file", type=FILE, required=True)(command)


def read_seed(seed_file: Path, passphrase_file: Path | None) -> CredentialSeed:
    """The seed in a file. Ends the command in one sentence when it cannot be had.

    The passphrase is in a file, or is asked for.
    """
    from surveys.invitations.seed_files import NotASeed, read_seed_file
    from surveys.vault.key_files import KeyFileDamaged, WrongPassphrase

    if passphrase_file is None:
        phrase = click.prompt(f"Passphrase of {seed_file.name}", hide_input=True, err=True)
    else:
        phrase = passphrase_file.read_text(encoding="utf-8")
    try:
        return read_seed_file(seed_file, phrase)
    except (NotASeed, KeyFileDamaged, WrongPassphrase) as error:
        raise click.ClickException(str(error)) from error


def site_keys(site: Site) -> SiteKeys:
    """The secrets of the site that codes and slots are made with."""
    return SiteKeys(site.storage_key, site.pepper, site.site_id)


def refuse_to_overwrite(*paths: Path | None) -> None:
    """End the command when one of the files is there already."""
    for path in paths:
        if path is not None and path.exists():
            raise click.ClickException(f"{path} exists; codes are never written over others.")
