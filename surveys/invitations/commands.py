"""``flask invitations``: make a wave's credential seed, issue its codes, print lost ones again.

In: a wave and its seed file. Out: a file of codes, to be printed or sent and then destroyed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from surveys.invitations.issuing import (
    SiteKeys,
    code_for,
    invitations_for_cohort,
    issue,
    write_codes,
)
from surveys.invitations.register import Invitation, invitations_of, new_invitation
from surveys.site import Site
from surveys.vault.commands import WaveId
from surveys.vault.waves import Wave

if TYPE_CHECKING:
    from surveys.invitations.codes import CredentialSeed

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
_seed_option = click.option("--seed-file", type=_FILE, required=True)
_passphrase_option = click.option("--passphrase-file", type=_FILE, required=True)


@click.group()
def invitations() -> None:
    """Access codes: issue them, print them again."""


@invitations.command("seed")
@click.argument("wave", type=WaveId())
@click.option("--file", "path", type=_NEW_FILE, required=True, help="Off the web server.")
def make_seed(wave: Wave, path: Path) -> None:
    """Make the credential seed of WAVE and print its passphrase, this once."""
    from surveys.invitations.seed_files import make_seed_file

    try:
        click.echo(f"passphrase  {make_seed_file(path, wave.id)}")
    except FileExistsError as error:
        raise click.ClickException(f"{path} exists; a seed is never replaced.") from error


@invitations.command("issue")
@click.argument("wave", type=WaveId())
@click.option("--out", type=_NEW_FILE, required=True, help="CSV for the printer or the mailer.")
@click.option("--links", type=int, default=0, help="This many invitations by link, for adults.")
@_seed_option
@_passphrase_option
@click.pass_obj
def issue_codes(
    site: Site, wave: Wave, *, out: Path, links: int, seed_file: Path, passphrase_file: Path
) -> None:
    """Issue a code to everyone in WAVE's cohort who has none yet, or --links for adults."""
    _refuse_to_overwrite(out)
    seed, wanted = _seed(seed_file, passphrase_file), _wanted(site, wave, links)
    codes = issue(site.engine, wave, wanted, seed=seed, keys=site_keys(site))
    write_codes(codes, out)
    click.echo(f"{len(codes)} codes written to {out}. Destroy it once it is printed or sent.")


@invitations.command("reprint")
@click.argument("wave", type=WaveId())
@click.option("--out", type=_NEW_FILE, required=True)
@click.option("--invitation", "only", help="This one alone, by its id on the card's file.")
@_seed_option
@_passphrase_option
@click.pass_obj
def reprint(
    site: Site, wave: Wave, *, out: Path, only: str | None, seed_file: Path, passphrase_file: Path
) -> None:
    """Write the code of one invitation of WAVE again, identically; or all of them."""
    _refuse_to_overwrite(out)
    seed, keys = _seed(seed_file, passphrase_file), site_keys(site)
    wanted = [
        each for each in invitations_of(site.engine, wave.id) if only in (None, each.id.hex())
    ]
    if not wanted:
        raise click.ClickException("There is no such invitation in this wave.")
    write_codes((code_for(each, seed, keys) for each in wanted), out)
    click.echo(f"{len(wanted)} codes written to {out}. Destroy it once it is printed or sent.")


def site_keys(site: Site) -> SiteKeys:
    """The secrets of the site that codes and slots are made with."""
    return SiteKeys(site.storage_key, site.pepper, site.site_id)


def _refuse_to_overwrite(out: Path) -> None:
    if out.exists():
        raise click.ClickException(f"{out} exists; codes are never written over others.")


def _wanted(site: Site, wave: Wave, links: int) -> list[Invitation]:
    looks = {each.audience: each.look for each in site.surveys[wave.survey].questionnaires}
    if links:
        return [new_invitation(wave.id, next(iter(looks)), "link") for _ in range(links)]
    channels = {audience: "card" if look == "child" else "link" for audience, look in looks.items()}
    return invitations_for_cohort(site.engine, wave, channels)


def _seed(seed_file: Path, passphrase_file: Path) -> CredentialSeed:
    from surveys.invitations.seed_files import NotASeed, read_seed_file
    from surveys.vault.key_files import KeyFileDamaged, WrongPassphrase

    try:
        return read_seed_file(seed_file, passphrase_file.read_text(encoding="utf-8"))
    except (NotASeed, KeyFileDamaged, WrongPassphrase) as error:
        raise click.ClickException(str(error)) from error
