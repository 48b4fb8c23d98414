"""``flask invitations contacts | remind | stop | bounces``: whom to mail, and whom no more.

In: lists, and what came back. Out: sealed contacts, mails that wait, and lines of text that name
nobody. ``send`` is in sending_commands.py.
"""

from __future__ import annotations

from pathlib import Path

import click

from surveys.audit.log import audit_log_of, record
from surveys.invitations.outbox.bounces import findings_in
from surveys.invitations.outbox.contact_files import read_contacts
from surveys.invitations.outbox.contact_problems import (
    ContactProblem,
    write_contact_problems,
    write_rows,
)
from surveys.invitations.outbox.contacts import contacts_of
from surveys.invitations.outbox.importing import import_contacts
from surveys.invitations.outbox.keys import OutboxKeys, address_hash, outbox_keys
from surveys.invitations.outbox.opt_outs import keep_out, let_in
from surveys.invitations.outbox.queue import MailKind
from surveys.invitations.outbox.queueing import queue_reminders
from surveys.invitations.outbox.returned import take_back, to_mend
from surveys.invitations.outbox.sending_commands import send
from surveys.invitations.seed_asking import FILE, NEW_FILE
from surveys.keys.ceremony_asking import note_in_log
from surveys.keys.wave_commands import WaveId
from surveys.mail.addresses import is_address
from surveys.site import Site
from surveys.speaking.offer import marked
from surveys.vault.waves import Wave

_WHO = "command line"
_PLACES = click.Path(exists=True, path_type=Path)
_SHOWN = 20  # problems on the screen; --problems has them all
_TURNS = {"1": MailKind.REMINDER_1, "2": MailKind.REMINDER_2}


@click.command("contacts")
@click.argument("wave", type=WaveId())
@click.argument("path", metavar="FILE", type=FILE)
@click.option("--dry-run", is_flag=True, help="Only say what would be kept.")
@click.option("--problems", type=NEW_FILE, help="Write every problem to this CSV file.")
@click.pass_obj
def contacts(site: Site, wave: Wave, *, path: Path, dry_run: bool, problems: Path | None) -> None:
    """Keep, sealed, where the invitations of WAVE are mailed to: all of FILE, or nothing.

    Columns: reference, email; perhaps mobile, language. Destroy FILE afterwards.
    """
    _refuse_over(wave, site)
    read = read_contacts(path, {"en", *marked(site.languages, wave.survey)})
    done = None
    if all(problem.wrong.is_warning for problem in read.problems):
        keys = outbox_keys(site.storage_key)
        done = import_contacts(site.engine, keys, wave, read.rows, really=not dry_run)
    found = (*read.problems, *(done.problems if done else ()))
    _show_problems(found, problems)
    if done is None or done.problems:
        raise click.ClickException("Nothing was kept. Correct the list and import it again.")
    if not dry_run:
        note_in_log(site, wave, "contacts imported")
    would = "would be " if dry_run else ""
    click.echo(
        f"{done.new} contacts {would}new, {done.changed} changed, {done.unchanged} as before. "
        f"{done.want_none} want no mail; {done.again} get again what could not be delivered."
    )


@click.command("remind")
@click.argument("wave", type=WaveId())
@click.option("--turn", type=click.Choice(sorted(_TURNS)), required=True)
@click.pass_obj
def remind(site: Site, wave: Wave, turn: str) -> None:
    """Queue a reminder for everybody of WAVE who was invited by mail; `send` sends it.

    Nobody can see who has answered, so it goes to all of them and says so.
    """
    _refuse_over(wave, site)
    queued = queue_reminders(site.engine, outbox_keys(site.storage_key), wave.id, _TURNS[turn])
    note_in_log(site, wave, "reminders queued", turn=turn)
    click.echo(
        f"{queued.new} reminders wait for `flask invitations send`. {queued.want_none} people "
        f"want no mail; {queued.not_yet_invited} have no delivered invitation to be reminded of."
    )


@click.command("stop")
@click.option("--wave", type=WaveId(), help="With --reference; else the address is asked for.")
@click.option("--reference", help="What the list of contacts calls the person.")
@click.option("--undo", is_flag=True, help="Mail them again: they have asked for it.")
@click.pass_obj
def stop(site: Site, wave: Wave | None, reference: str | None, undo: bool) -> None:
    """Send one person no more mail, from now on. Works without anybody's code."""
    keys = outbox_keys(site.storage_key)
    address = _address_of(site, keys, wave, reference)
    today, months = site.now().date(), site.retention.opt_outs_months
    if undo:
        let_in(site.engine, address_hash(keys, address))
    else:
        keep_out(site.engine, address_hash(keys, address), today, months)
    record(audit_log_of(site), today, _WHO, "mail_allowed" if undo else "mail_stopped")
    click.echo("This address gets mail again." if undo else "This address gets no more mail.")


@click.command("bounces")
@click.argument("paths", metavar="[FILE|FOLDER|MBOX|MAILDIR]...", nargs=-1, type=_PLACES)
@click.option("--report", type=NEW_FILE, help="Write whose addresses to mend to this CSV file.")
@click.pass_obj
def bounces(site: Site, paths: tuple[Path, ...], report: Path | None) -> None:
    """Note what came back to the sender's mailbox, and say whose addresses need mending."""
    keys, today = outbox_keys(site.storage_key), site.now().date()
    findings = (finding for path in paths for finding in findings_in(path))
    back = take_back(site.engine, keys, findings, today, site.retention.opt_outs_months)
    record(audit_log_of(site), today, _WHO, "bounces_noted")
    said = ", ".join(f"{count} {fate}" for fate, count in sorted(back.fates.items()))
    click.echo(
        f"Read: {said or 'nothing'}. {back.failed} mails noted as failed, {back.stopped} people "
        f"stopped; {back.not_ours} name no mail of this site."
    )
    rows = list(to_mend(site.engine, keys))
    if report:
        written = ([one.wave.survey, one.reference, one.kind, one.state] for one in rows)
        write_rows(report, ["survey", "reference", "mail", "state"], written)
        click.echo(f"{len(rows)} addresses to mend: see {report}. Destroy it once that is done.")


OUTBOX_COMMANDS = (contacts, send, remind, stop, bounces)


def _refuse_over(wave: Wave, site: Site) -> None:
    if site.now().date() > wave.ended_on:
        raise click.ClickException(f"This wave ended on {wave.ended_on}.")


def _show_problems(problems: tuple[ContactProblem, ...], path: Path | None) -> None:
    for problem in problems[:_SHOWN]:
        click.echo(str(problem), err=True)
    if len(problems) > _SHOWN:
        click.echo(f"... and {len(problems) - _SHOWN} more.", err=True)
    if path:
        write_contact_problems(problems, path)


def _address_of(site: Site, keys: OutboxKeys, wave: Wave | None, reference: str | None) -> str:
    """The address of one contact, or one that is typed unseen."""
    if reference is None:
        address = click.prompt("E-mail address", hide_input=True).strip()
        if not is_address(address):
            raise click.ClickException("This is no mail address.")
        return str(address)
    if wave is None:
        raise click.UsageError("--reference needs --wave.")
    with site.engine.connect() as connection:
        found = contacts_of(connection, keys, wave.id).values()
    for contact in found:
        if contact.reference == reference:
            return contact.address
    raise click.ClickException("Nobody of this reference has an address in this wave.")
