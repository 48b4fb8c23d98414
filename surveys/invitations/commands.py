"""``flask invitations``: make a wave's credential seed, issue its codes, print lost ones again.

In: a wave and its seed file. Out: a file of codes, to be printed or sent and then destroyed.
"""

from __future__ import annotations

from pathlib import Path

import click

from surveys.invitations.cards_commands import cards, helper_sheet, letters
from surveys.invitations.issuing import (
    code_for,
    invitations_for_cohort,
    issue,
    write_codes,
)
from surveys.invitations.register import Invitation, invitations_of, new_invitation
from surveys.invitations.seed_asking import (
    NEW_FILE,
    read_seed,
    refuse_to_overwrite,
    seed_options,
    site_keys,
)
from surveys.invitations.withdrawing_command import withdraw
from surveys.keys.ceremony_asking import note_in_log
from surveys.keys.wave_commands import WaveId
from surveys.site import Site
from surveys.vault.waves import Wave


@click.group()
def invitations() -> None:
    """Access codes: issue them, print them, send them, take them back."""


for command in (cards, letters, helper_sheet, withdraw):
    invitations.add_command(command)


@invitations.command("seed")
@click.argument("wave", type=WaveId())
@click.option("--file", "path", type=NEW_FILE, required=True, help="Off the web server.")
@click.pass_obj
def make_seed(site: Site, wave: Wave, path: Path) -> None:
    """Make the credential seed of WAVE and print its passphrase, this once."""
    from surveys.invitations.seed_files import make_seed_file

    try:
        passphrase = make_seed_file(path, wave.id)
    except FileExistsError as error:
        raise click.ClickException(f"{path} exists; a seed is never replaced.") from error
    note_in_log(site, wave, "credential seed made")
    click.echo(f"passphrase  {passphrase}")


@invitations.command("issue")
@click.argument("wave", type=WaveId())
@click.option("--out", type=NEW_FILE, required=True, help="CSV for the printer or the mailer.")
@click.option("--links", type=int, default=0, help="This many invitations by link, for adults.")
@seed_options
@click.pass_obj
def issue_codes(
    site: Site, wave: Wave, *, out: Path, links: int, seed_file: Path, passphrase_file: Path | None
) -> None:
    """Issue a code to everyone in WAVE's cohort who has none yet, or --links for adults."""
    refuse_to_overwrite(out)
    seed, wanted = read_seed(seed_file, passphrase_file), _wanted(site, wave, links)
    codes = issue(site.engine, wave, wanted, seed=seed, keys=site_keys(site))
    write_codes(codes, out)
    note_in_log(
        site, wave, "codes issued", codes=str(len(codes)), to="adults" if links else "cohort"
    )
    click.echo(f"{len(codes)} codes written to {out}. Destroy it once it is printed or sent.")


@invitations.command("reprint")
@click.argument("wave", type=WaveId())
@click.option("--out", type=NEW_FILE, required=True)
@click.option("--invitation", "only", help="This one alone, by its id on the card's file.")
@seed_options
@click.pass_obj
def reprint(
    site: Site,
    wave: Wave,
    *,
    out: Path,
    only: str | None,
    seed_file: Path,
    passphrase_file: Path | None,
) -> None:
    """Write the code of one invitation of WAVE again, identically; or all of them."""
    refuse_to_overwrite(out)
    seed, keys = read_seed(seed_file, passphrase_file), site_keys(site)
    wanted = [
        each for each in invitations_of(site.engine, wave.id) if only in (None, each.id.hex())
    ]
    if not wanted:
        raise click.ClickException("There is no such invitation in this wave.")
    write_codes((code_for(each, seed, keys) for each in wanted), out)
    note_in_log(site, wave, "codes printed again", codes="one" if only else str(len(wanted)))
    click.echo(f"{len(wanted)} codes written to {out}. Destroy it once it is printed or sent.")


def _wanted(site: Site, wave: Wave, links: int) -> list[Invitation]:
    looks = {each.audience: each.look for each in site.surveys[wave.survey].questionnaires}
    if links:
        return [new_invitation(wave.id, next(iter(looks)), "link") for _ in range(links)]
    channels = {audience: "card" if look == "child" else "link" for audience, look in looks.items()}
    return invitations_for_cohort(site.engine, wave, channels)
