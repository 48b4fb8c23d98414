"""``flask contact ...``: the two keys, reading on the command line, telling, tidying up.

In: folders, a key file. Out: files and lines of text. Whatever can open anything is imported inside
the commands, so that the web process never loads it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from surveys.audit.log import audit_log_of, record
from surveys.contact.message import Part, header_for, message_from_bytes
from surveys.contact.requests import Request, Sealed, State, all_requests, sealed_request
from surveys.contact.telling import tell
from surveys.contact.tidying import tidy_up
from surveys.site import Site

if TYPE_CHECKING:
    from surveys.keys.key_making import KeyFile

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_WHO = "command line"
_PART_NAMES = {Part.REQUEST: "the message", Part.NOTE: "the note on what was done"}


@click.group()
def contact() -> None:
    """Messages of "I need to talk": keys, reading, telling, tidying up."""


@contact.command("keys")
@click.option("--lead-folder", type=_FOLDER, required=True, help="On the lead's own device.")
@click.option("--deputy-folder", type=_FOLDER, required=True, help="On the deputy's own device.")
@click.option("--replace", is_flag=True, help="Put new keys in the place of those there are.")
@click.pass_obj
def make_both_keys(site: Site, lead_folder: Path, deputy_folder: Path, *, replace: bool) -> None:
    """Make the two keys that open messages, and show each holder their passphrase, this once."""
    from surveys.contact.key_making import make_keys

    home, folders = site.public_keys.parent.resolve(), (lead_folder, deputy_folder)
    if any(folder.resolve().is_relative_to(home) for folder in folders):
        raise click.ClickException("Private keys must not lie in the site's folder.")
    if lead_folder.resolve() == deputy_folder.resolve():
        raise click.ClickException("The lead and the deputy each need a folder of their own.")
    today = site.now().date()
    replaced_on = today if replace else None
    try:
        files = make_keys(folders, site.public_keys, replaced_on=replaced_on, hand_over=_hand_over)
    except FileExistsError as error:
        raise click.ClickException(str(error)) from error
    about = {f"{file.holder}_key": file.key_id.hex() for file in files}
    record(audit_log_of(site), today, _WHO, "contact_keys_made", about)
    click.echo("Take the key files off this computer. Respondents can send messages from now on.")


@contact.command("list")
@click.pass_obj
def list_all(site: Site) -> None:
    """Every message by day and state: what there is, and not a word of it."""
    for one in all_requests(site.engine):
        steps = ", ".join(f"{step} {taken.day}" for step, taken in sorted(one.steps.items()))
        click.echo(f"{one.id.hex()[:8]}  {one.day}  {one.state:<8} {steps}")


@contact.command("open")
@click.argument("messages", nargs=-1)
@click.option("--key-file", type=_FILE, required=True, help="The lead's or the deputy's.")
@click.option("--passphrase-file", type=_FILE, help="Otherwise it is asked for.")
@click.pass_obj
def open_messages(
    site: Site, messages: tuple[str, ...], key_file: Path, passphrase_file: Path | None
) -> None:
    """Show messages in words; without ids, all on which the work is not done."""
    private_key = _private_key(key_file, passphrase_file)
    unopened = 0
    for one, sealed in _wanted(site, messages):
        about = {"message": one.id.hex()[:8]}
        record(audit_log_of(site), site.now().date(), _WHO, "contact_opened", about)
        click.echo(f"\n{one.id.hex()[:8]}  {one.day}  {one.state}")
        unopened += not _show(one, sealed, private_key)
    if unopened:
        raise click.ClickException(f"{unopened} did not open with this key, or not in full.")


@contact.command("remind")
@click.pass_obj
def remind(site: Site) -> None:
    """Send every mail that is due and was not sent. For a timer, every few minutes."""
    done = tell(site, site.now().date())
    for step, count in done.told.items():
        click.echo(f"{step}: {count}")
    if done.failed:
        click.echo(f"Not sent, to be tried again: {', '.join(done.failed)}", err=True)
        sys.exit(1)


@contact.command("tidy")
@click.pass_obj
def tidy(site: Site) -> None:
    """Delete messages whose work was done long enough ago, and say what remains."""
    tidied = tidy_up(site, site.now().date())
    remains = ", ".join(f"{tidied.left[state]} {state}" for state in State)
    click.echo(f"{tidied.deleted} deleted; {remains}.")


def _hand_over(files: tuple[KeyFile, ...]) -> None:
    """Show each holder their words. Interrupted here, nothing has changed for anybody."""
    for file in files:
        click.echo(f"{file.holder}\n  file        {file.path}\n  passphrase  {file.passphrase}")
        click.echo("Write the passphrase down now; it is not kept anywhere.")
        click.pause("Press a key when it is written down; the screen is cleared ...")
        click.clear()


def _wanted(site: Site, begins: tuple[str, ...]) -> Iterator[tuple[Request, Sealed]]:
    for one in all_requests(site.engine):
        wanted = one.id.hex().startswith(begins) if begins else one.state is not State.DONE
        sealed = sealed_request(site.engine, one.id) if wanted else None
        if sealed is not None:
            yield one, sealed


def _show(one: Request, sealed: Sealed, private_key: Any) -> bool:
    """Print a message and the note on it, whichever opens. Whether all that is there did."""
    from surveys.vault.envelope import CannotOpen
    from surveys.vault.opening import open_envelope

    unopened = 0
    for part, envelope in ((Part.REQUEST, sealed.message), (Part.NOTE, sealed.note)):
        if envelope is None:
            continue
        try:
            opened = open_envelope(envelope, private_key, header_for(one.id, part))
            words = _words_of(part, opened.content)
        except (CannotOpen, ValueError):
            click.echo(f"  {_PART_NAMES[part]} cannot be opened", err=True)
            unopened += 1
            continue
        for name, text in words.items():
            if text:
                click.echo(f"  {name:<6} {_on_a_terminal(text)}")
    return not unopened


def _words_of(part: Part, content: bytes) -> dict[str, str]:
    if part is Part.NOTE:
        return {"done": content.decode()}
    return asdict(message_from_bytes(content))


def _on_a_terminal(text: str) -> str:
    """Words from anybody, without what would steer a terminal."""
    shown = "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in text)
    return shown.replace("\n", "\n" + " " * 9)


def _private_key(key_file: Path, passphrase_file: Path | None) -> Any:
    from surveys.vault.key_files import KeyFileDamaged, WrongPassphrase, read_key_file

    if passphrase_file is None:
        passphrase = click.prompt("Passphrase", hide_input=True)
    else:
        passphrase = passphrase_file.read_text(encoding="utf-8")
    try:
        return read_key_file(key_file, passphrase)
    except (KeyFileDamaged, WrongPassphrase) as error:
        raise click.ClickException(str(error)) from error
