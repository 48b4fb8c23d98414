"""``flask audit``: check the log, read it, sign how far it has come.

In: the site's log, and a head or public key that somebody kept. Out: plain words; the exit code is
1 when something is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from surveys.audit import checkpoints, log
from surveys.audit.log import Entry, Fault, audit_log_of
from surveys.audit.signing import AuditKeyUnfit, public_half, signing_key
from surveys.audit.telling import tell, words_of
from surveys.mail.sending import NotSent
from surveys.site import Site


@click.group()
def audit() -> None:
    """The audit log: what staff did, on which day."""


@audit.command("verify")
@click.option("--head", "earlier_head", help="One that you were sent: finds a cut-off end.")
@click.option("--public-key", help="The one you were sent; left out, the one on this site.")
@click.pass_obj
def verify_log(site: Site, earlier_head: str | None, public_key: str | None) -> None:
    """Check every link of the log, and name the first that is broken."""
    path = audit_log_of(site)
    key = public_key or checkpoints.known_public_key(site)
    try:
        faults = checkpoints.verify(path, key, earlier_head and earlier_head.strip().lower())
    except ValueError:
        raise click.ClickException("A public key has 64 characters, 0-9 and a-f.") from None
    if faults:
        click.echo("\n".join(_fault_words(faults)), err=True)
        sys.exit(1)
    click.echo("\n".join(_good_words(site, earlier_head, public_key)))


@audit.command("show")
@click.option("--last", type=click.IntRange(min=1), help="This many lines from the end.")
@click.option("--who", help="Only what this person did.")
@click.pass_obj
def show_log(site: Site, last: int | None, who: str | None) -> None:
    """Print the log for people to read, oldest first."""
    found = [one for one in log.entries(audit_log_of(site)) if who in (None, one.who)]
    for entry in found[-last:] if last else found:
        click.echo(_in_words(entry))


@audit.command("checkpoint")
@click.pass_obj
def sign_now(site: Site) -> None:
    """Sign how far the log has come, and mail its head to two people. The nightly run does this."""
    today = site.now().date()
    try:
        made = checkpoints.make_checkpoint(site, today)
        told = tell(site, made, today)
    except (AuditKeyUnfit, NotSent) as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(words_of(made, today)))
    click.echo(f"Mailed to {told}." if told else "Nobody is mailed: write the head down twice.")


@audit.command("key")
@click.pass_obj
def show_key(site: Site) -> None:
    """Print the public half of the signing key, which is made when there is none."""
    try:
        click.echo(public_half(signing_key(checkpoints.secrets_of(site))))
    except AuditKeyUnfit as error:
        raise click.ClickException(str(error)) from error


def _fault_words(faults: tuple[Fault, ...]) -> Iterator[str]:
    first, *others = faults
    where = f"Line {first.line} is the first broken link" if first.line else "The whole log"
    yield f"{where}: {first.words}."
    yield checkpoints.meaning_of(first)
    for fault in others:
        yield f"Also {f'line {fault.line}' if fault.line else 'the whole log'}: {fault.words}."


def _good_words(site: Site, earlier_head: str | None, public_key: str | None) -> Iterator[str]:
    path = audit_log_of(site)
    last = checkpoints.last_checkpoint(path)
    signed = f"signed up to line {last.line}, on {last.day}" if last else "never signed"
    yield f"No broken link in {len(log.entries(path))} lines, {signed}."
    yield f"head {log.head(path)}"
    if earlier_head is None:
        yield "Without --head this does not show whether the end was cut off."
    if public_key is None:
        yield "Without --public-key this does not show whether file and key were both replaced."


def _in_words(entry: Entry) -> str:
    what, about = entry.what.replace("_", " "), dict(entry.about)
    if entry.what == checkpoints.WHAT:
        about = {"lines": about.get("lines", "?")}
    words = ", ".join(f"{name} {value}" for name, value in sorted(about.items()))
    return f"{entry.line:>6}  {entry.day}  {entry.who}: {what}" + (f" ({words})" if words else "")
