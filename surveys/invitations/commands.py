"""``flask invitations``: issue access codes for a wave, and print lost ones again."""

from __future__ import annotations

from pathlib import Path

import click

from surveys.invitations.issuing import (
    SiteKeys,
    code_for,
    invitations_for_cohort,
    issue,
    write_codes,
)
from surveys.invitations.register import invitations_of, new_invitation
from surveys.site import Site
from surveys.vault.commands import WaveId
from surveys.vault.waves import Wave

_SEED_OPTIONS = (
    click.option("--seed-file", type=click.Path(exists=True, path_type=Path), required=True),
    click.option("--passphrase-file", type=click.File(), required=True),
)


@click.group()
def invitations() -> None:
    """Access codes: issue them, print them again."""


def _with_seed(command):  # type: ignore[no-untyped-def]
    for option in _SEED_OPTIONS:
        command = option(command)
    return command


@invitations.command("issue")
@click.argument("wave_id")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="CSV for the printer")
@click.option("--links", type=int, default=0, help="this many adult invitations by link")
@_with_seed
@click.pass_obj
def issue_codes(site, wave_id, out, links, seed_file, passphrase_file) -> None:  # type: ignore[no-untyped-def]
    """Issue a code to everyone in the wave's cohort who has none, or --links for adults."""
    wave = _wave(site, wave_id)
    audiences = {
        version.audience: version.look for version in site.surveys[wave.survey].questionnaires
    }
    if links:
        wanted = [new_invitation(wave.id, next(iter(audiences)), "link") for _ in range(links)]
    else:
        channels = {name: "card" if look == "child" else "link" for name, look in audiences.items()}
        wanted = invitations_for_cohort(site.engine, wave, channels)
    seed = read_seed(seed_file, passphrase_file.read().strip())
    codes = issue(site.engine, wave, wanted, seed=seed, keys=site_keys(site))
    write_codes(codes, out)
    click.echo(
        f"{len(codes)} codes written to {out}. Destroy that file once it is printed or sent."
    )


@invitations.command("reprint")
@click.argument("wave_id")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@_with_seed
@click.pass_obj
def reprint(site, wave_id, out, seed_file, passphrase_file) -> None:  # type: ignore[no-untyped-def]
    """Write the same codes again, identically."""
    wave = _wave(site, wave_id)
    seed = read_seed(seed_file, passphrase_file.read().strip())
    keys = site_keys(site)
    write_codes((code_for(each, seed, keys) for each in invitations_of(site.engine, wave.id)), out)


def site_keys(site: Site) -> SiteKeys:
    """The secrets of the site that codes and slots are made with."""
    return SiteKeys(site.storage_key, site.pepper, site.site_id)


def _wave(site: Site, wave_id: str) -> Wave:
    wave = find_wave(site.engine, bytes.fromhex(wave_id))
    if wave is None:
        raise click.ClickException("There is no wave with that id; `flask waves list` shows them.")
    return wave
