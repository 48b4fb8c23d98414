"""``flask retention``: erase what is due, say what is due when, move a date, erase one response.

In: the site, and a code that is typed unseen. Out: plain words; the exit code is 1 when somebody
has to do something.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime

import click

from surveys.audit.log import audit_log_of, record
from surveys.invitations.codes import (
    access_from_secret,
    code_in,
    parse_words,
    secret_from_link,
    secret_from_words,
)
from surveys.keys.wave_commands import WaveId
from surveys.retention.due import items_of, keep_until, title_of, without_a_day
from surveys.retention.record import Kind, Stage, erasure_of
from surveys.retention.running import RetentionReport, run_retention, would_erase
from surveys.site import Site
from surveys.vault.compacting import NotCompacted
from surveys.vault.slots import erase_slot
from surveys.vault.waves import Wave, WaveStatus, set_retention

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def retention() -> None:
    """What is kept until when, and erasing it."""


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Only say what would be erased.")
@click.pass_obj
def run_command(site: Site, dry_run: bool) -> None:
    """Erase everything that is due today, and write certificates of it."""
    today = site.now().date()
    try:
        report = would_erase(site, today) if dry_run else run_retention(site, today)
    except NotCompacted as error:
        raise click.ClickException(f"Erased, not yet compacted. Run it again: {error}") from error
    show(report)


@retention.command("list")
@click.pass_obj
def list_command(site: Site) -> None:
    """Say what has to go on which day, and what has gone."""
    for item in items_of(site):
        done = erasure_of(site.engine, item.subject, item.kind)
        state = f"erased on {done.erased_on}" if done else "kept"
        if done and done.stage is not Stage.COMPLETE:
            state += ", not complete"
        click.echo(f"{item.due_on}  {item.kind:<8}  {item.title}  {state}")
    _tell_of(without_a_day(site))


@retention.command("set")
@click.argument("wave", type=WaveId())
@click.option("--until", type=_DAY, required=True, help="The day on which answers are erased.")
@click.option("--by", required=True, help="Who decided.")
@click.option("--reason", required=True)
@click.pass_obj
def set_command(site: Site, wave: Wave, until: datetime, by: str, reason: str) -> None:
    """Have the answers of WAVE erased on another day. It is written to the audit log."""
    before, after = keep_until(site, wave), until.date()
    if erasure_of(site.engine, wave.id, Kind.ANSWERS):
        raise click.ClickException("The answers of this wave have been erased.")
    if after <= wave.closes_on:
        raise click.ClickException(f"Answers stay at least until the window ends: {wave.closes_on}")
    if after > before and wave.status is not WaveStatus.PREPARED:
        raise click.ClickException(
            f"Everybody who came to answer was told {before}. Answers may go sooner, not later."
        )
    set_retention(site.engine, wave.id, after)
    about = {"wave": title_of(wave), "from": str(before), "until": str(after), "reason": reason}
    record(audit_log_of(site), site.now().date(), by, "retention_set", about)
    click.echo(f"{title_of(wave)}: answers are erased on {after}.")


@retention.command("withdraw")
@click.option("--by", required=True, help="Who erases it, for the person who asked.")
@click.pass_obj
def withdraw(site: Site, by: str) -> None:
    """Erase the draft or response behind one code, as long as its wave has not been released.

    The person types their five words or pastes their link; nothing of it is shown or kept.
    """
    typed = click.prompt("Five words, or the link", hide_input=True)
    secret = _secret(site, typed)
    if secret is None or not erase_slot(site.engine, site.storage_key, access_from_secret(secret)):
        raise click.ClickException(
            "Nothing was erased. Either this is no code of this site, or its wave has been "
            "released: then nobody can find which response was given with it."
        )
    record(audit_log_of(site), site.now().date(), by, "withdrawn", {"of": "one code"})
    click.echo("Whatever lay behind this code is erased. The code opens nothing any more.")


def show(report: RetentionReport) -> None:
    """Print a report; the process ends with 1 when somebody has to do something."""
    for line in report.lines or ("Nothing is due.",):
        click.echo(line)
    _tell_of(report.troubles)


def _tell_of(troubles: Sequence[str]) -> None:
    for trouble in troubles:
        click.echo(trouble, err=True)
    if troubles:
        sys.exit(1)


def _secret(site: Site, typed: str) -> bytes | None:
    code = code_in(typed)
    if words := parse_words(code):
        return secret_from_words(words, site.site_id, site.pepper)
    return secret_from_link(code)
