"""``flask invitations withdraw``: take an invitation back, by card, by child, or after a return.

In: which invitations, the wave's seed, and who does it for what reason. Out: a line in the audit
log, which names no child and no card, and what is left to be done by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from surveys.audit.log import audit_log_of, record
from surveys.invitations.outbox.queueing import forget_withdrawn
from surveys.invitations.register import Invitation
from surveys.invitations.seed_asking import read_seed, seed_options, site_keys
from surveys.invitations.withdrawing import (
    WITHDRAWN_IN,
    NoSuchInvitation,
    invitation_by_id,
    invitation_of_member,
    invitations_of_stopped,
    reference_length,
    reference_of,
)
from surveys.invitations.withdrawing import withdraw as take_back
from surveys.invitations.withdrawn import withdrawn_by_audience
from surveys.keys.wave_commands import WaveId
from surveys.site import Site
from surveys.vault.taking_back import NoSuchSlot
from surveys.vault.waves import Wave

REASONS = ("later-return", "opted-out", "not-eligible")


@click.command("withdraw")
@click.argument("wave", type=WaveId())
@click.option("--invitation", "only", help="By the beginning of its id, as on the card.")
@click.option("--member", help="By the child's identifier in the return.")
@click.option("--stopped", is_flag=True, help="Everybody whom a later return took off the list.")
@click.option("--by", required=True, help="Who withdraws.")
@click.option("--reason", required=True, type=click.Choice(REASONS))
@seed_options
@click.pass_obj
def withdraw(
    site: Site,
    wave: Wave,
    *,
    only: str | None,
    member: str | None,
    stopped: bool,
    by: str,
    reason: str,
    seed_file: Path,
    passphrase_file: Path | None,
) -> None:
    """Take invitations of WAVE back: their codes open nothing any more."""
    if (only is not None) + (member is not None) + stopped != 1:
        raise click.UsageError("Say one of --invitation, --member and --stopped.")
    if wave.status not in WITHDRAWN_IN:
        raise click.ClickException(
            "This wave has been released: no code of it opens anything, and nothing can be found."
        )
    wanted = _wanted(site, wave, only, member)
    length = reference_length(site.engine, wave)
    seed = read_seed(seed_file, passphrase_file)
    try:
        take_back(site.engine, site.storage_key, wave, wanted, seed=seed, keys=site_keys(site))
    except NoSuchSlot as error:
        raise click.ClickException(
            "Nothing was withdrawn: with this seed the codes are not those of this wave."
        ) from error
    forget_withdrawn(site.engine, wave.id)
    about = {
        "survey": wave.survey, "wave": str(wave.number), "invitations": str(len(wanted)),
        "reason": reason,
    }  # fmt: skip
    record(audit_log_of(site), site.now().date(), by, "invitation_withdrawn", about)
    click.echo(f"Withdrawn: {len(wanted)}. These codes open nothing from now on.")
    _report(site, wave, [reference_of(one, length) for one in wanted if one.channel == "card"])


def _wanted(site: Site, wave: Wave, only: str | None, member: str | None) -> list[Invitation]:
    try:
        if only is not None:
            return [invitation_by_id(site.engine, wave, only)]
        if member is not None:
            return [invitation_of_member(site.engine, wave, member)]
        return invitations_of_stopped(site.engine, wave)
    except NoSuchInvitation as error:
        raise click.ClickException(str(error)) from error


def _report(site: Site, wave: Wave, cards: Sequence[str]) -> None:
    click.echo(
        "What was not sent is erased. If answers were sent before, they stay: they are sealed, "
        "and nobody can find which they are. Whether there were any, nobody is told."
    )
    for card in cards:
        click.echo(f"Collect and shred the card {card}.")
    counts = withdrawn_by_audience(site.engine, wave.id)
    told = ", ".join(f"{audience} {count}" for audience, count in sorted(counts.items()))
    click.echo(f"Withdrawn in this wave until now: {told}.")
