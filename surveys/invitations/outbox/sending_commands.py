"""``flask invitations send``: mail that waits goes to the site's mail server.

In: a wave and its credential seed. Out: mail on its way, and counts. Links are made in memory for
each mail; no file and no table ever holds one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from surveys.audit.log import audit_log_of, record
from surveys.database import NOT_STORED
from surveys.invitations.outbox.delivery import Outcome
from surveys.invitations.outbox.keys import OutboxKeys, outbox_keys
from surveys.invitations.outbox.mails import writer_for
from surveys.invitations.outbox.posting import Posting, write_previews
from surveys.invitations.outbox.queue import (
    MailState,
    QueuedMail,
    begin_refused_anew,
    counts_of,
    mails_of,
    settle_unsure,
)
from surveys.invitations.outbox.queueing import not_queued, queue_invitations, waiting_of
from surveys.invitations.outbox.sending import (
    USUAL_PER_MINUTE,
    AlreadySending,
    CannotSend,
    Pace,
    Run,
    Tally,
    alone,
)
from surveys.invitations.seed_asking import FILE, read_seed
from surveys.keys.wave_commands import WaveId
from surveys.retention.record import in_tens
from surveys.site import Site
from surveys.vault.waves import Wave

_WHO = "command line"
_UNFINISHED = (MailState.WAITING, MailState.SENDING)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("send")
@click.argument("wave", type=WaveId())
@click.option("--seed-file", type=FILE)
@click.option("--passphrase-file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Only say what would be sent.")
@click.option("--preview", type=_FOLDER, help="Write one sample of each mail to this folder.")
@click.option("--per-minute", type=click.IntRange(1, 6000), default=USUAL_PER_MINUTE)
@click.option(
    "--unsure",
    type=click.Choice(["again", "leave"]),
    default="again",
    show_default=True,
    help="What may have arrived before something broke: send the same mail again, or not.",
)
@click.option("--refused-again", is_flag=True, help="Also what a server refused for ever.")
@click.pass_obj
@with_appcontext
def send(
    site: Site,
    wave: Wave,
    *,
    seed_file: Path | None,
    passphrase_file: Path | None,
    dry_run: bool,
    preview: Path | None,
    per_minute: int,
    unsure: str,
    refused_again: bool,
) -> None:
    """Mail everybody of WAVE who has an address and was not mailed: invitations and reminders."""
    keys = outbox_keys(site.storage_key)
    if preview:
        _preview(site, wave, keys, preview)
    if dry_run or preview:
        return _show_queue(site, wave, keys)
    if seed_file is None:
        raise click.UsageError("Sending needs --seed-file.")
    posting = _posting(site, wave, keys, seed_file, passphrase_file)
    try:
        with alone(site.summaries.parent), current_app.test_request_context():
            _prepare(site, wave, keys, unsure, refused_again)
            _send(site, wave, posting, Pace(per_minute), again=unsure == "again")
    except AlreadySending:
        raise click.ClickException("Another process of this site sends at this moment.") from None
    except NOT_STORED:
        raise click.ClickException(
            "Stopped: the database could not be written. What waits still waits; run it again."
        ) from None


def _preview(site: Site, wave: Wave, keys: OutboxKeys, folder: Path) -> None:
    with current_app.test_request_context():
        count = write_previews(site, wave, keys, folder)
    click.echo(f"{count} samples in {folder}: invented address, a link that opens nothing.")


def _show_queue(site: Site, wave: Wave, keys: OutboxKeys) -> None:
    queued = not_queued(site.engine, keys, wave.id)
    with site.engine.connect() as connection:
        counts = counts_of(mails_of(connection, wave.id))
    for (kind, state), count in sorted(counts.items()):
        click.echo(f"{kind:<12} {state:<8} {count}")
    click.echo(f"{queued.new} invitations to be queued; {queued.want_none} people want no mail.")


def _posting(
    site: Site, wave: Wave, keys: OutboxKeys, seed_file: Path, passphrase_file: Path | None
) -> Posting:
    if not wave.takes_answers(site.now(), inside=False):
        raise click.ClickException("This wave takes no answers now: the links would open nothing.")
    try:
        writer = writer_for(site, wave, keys)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    seed = read_seed(seed_file, passphrase_file)
    if wave.id.hex() not in seed_file.read_text(encoding="ascii"):
        raise click.ClickException("This seed is another wave's: its links would open nothing.")
    return Posting.of(site, wave, writer, seed)


def _prepare(site: Site, wave: Wave, keys: OutboxKeys, unsure: str, refused_again: bool) -> None:
    """Decide about what an earlier run left, then queue who is new."""
    after = MailState.WAITING if unsure == "again" else MailState.SENT
    if settled := settle_unsure(site.engine, wave.id, after):
        words = "is sent again, as the same mail" if unsure == "again" else "counts as sent"
        click.echo(f"{settled} may have arrived before an earlier run ended; it {words}.")
    if refused_again:
        begin_refused_anew(site.engine, wave.id)
    queue_invitations(site.engine, keys, wave.id)


def _send(site: Site, wave: Wave, posting: Posting, pace: Pace, *, again: bool) -> None:
    if site.mail is None:
        raise TypeError("a writer was made, so there is a mail server")
    run = Run(site.engine, site.mail, posting.write, pace, unsure_again=again)
    refusal = ""
    try:
        run.send(waiting_of(site.engine, wave.id), _shown)
    except CannotSend as error:
        refusal = f"Stopped: {error}"
    sent = in_tens(run.tally.outcomes[Outcome.SENT])
    about = {"wave": wave.id.hex(), "sent": sent}
    record(audit_log_of(site), site.now().date(), _WHO, "invitations_mailed", about)
    _report(site, wave, run.tally, posting)
    if refusal:
        raise click.ClickException(refusal)


def _report(site: Site, wave: Wave, tally: Tally, posting: Posting) -> None:
    told = (Outcome.SENT, Outcome.REFUSED, Outcome.LATER, Outcome.BROKEN, Outcome.UNSURE)
    said = ", ".join(f"{tally.outcomes[outcome]} {outcome}" for outcome in told)
    click.echo(f"Attempts: {said}. {posting.kept_out} people want no mail.")
    if posting.in_english:
        click.echo(f"{posting.in_english} in English: the words of mails are not translated yet.")
    with site.engine.connect() as connection:
        unfinished = [mail for mail in mails_of(connection, wave.id) if mail.state in _UNFINISHED]
    if left := len(unfinished) - posting.kept_out:
        click.echo(f"{left} wait for the next run.", err=True)
        sys.exit(1)


def _shown(mails: Iterable[QueuedMail]) -> Iterator[QueuedMail]:
    with click.progressbar(list(mails), label="Sending") as bar:
        yield from bar
