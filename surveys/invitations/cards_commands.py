"""``flask invitations cards | letters | helper-sheet``: what is printed, or sent by the council.

In: a wave, its seed, and lists that the coordinator gives. Out: files that their owner alone can
read, the same at every run, to be destroyed once they are printed or sent. What draws PDF is
imported inside the commands: the web process needs none of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale

from surveys.inspections.cohorts import Member, members_of
from surveys.invitations.cards import Bundle, bundles, codes_for
from surveys.invitations.cards_helpers import HelpersUnfit, read_helpers
from surveys.invitations.letters import letters_csv, sms_csv, sms_text
from surveys.invitations.register import Invitation, invitations_of
from surveys.invitations.seed_asking import (
    FILE,
    NEW_FILE,
    Command,
    read_seed,
    refuse_to_overwrite,
    seed_options,
    site_keys,
)
from surveys.invitations.withdrawing import (
    NoSuchInvitation,
    invitation_by_id,
    reference_length,
)
from surveys.keys.ceremony_asking import note_in_log
from surveys.keys.wave_commands import WaveId
from surveys.languages import RIGHT_TO_LEFT
from surveys.paper.printing import write_privately
from surveys.site import Site
from surveys.speaking.offer import marked
from surveys.vault.waves import Wave

if TYPE_CHECKING:
    from surveys.invitations.cards_paper import Paper

_SIZES = ("a7", "slips")  # named again, because what draws them is not loaded yet
_DESTROY = "Destroy it once it is {done}: whoever has it can answer for others."


def _common(command: Command) -> Command:
    """The options that cards and letters share."""
    options = (
        click.argument("wave", type=WaveId()),
        seed_options,
        click.option("--out", type=NEW_FILE, required=True),
        click.option("--language", default="en", show_default=True),
        click.option("--invitation", "only", help="This one alone, by the beginning of its id."),
        click.option("--address", default="", help="Of this site; left out, that of site.toml."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("cards")
@_common
@click.option("--helpers", type=FILE, help="CSV with the columns child and helper.")
@click.option("--matching", type=NEW_FILE, help="Also a PDF of which card is for which child.")
@click.option("--size", type=click.Choice(_SIZES), default="a7", show_default=True)
@click.pass_obj
@with_appcontext
def cards(
    site: Site,
    wave: Wave,
    *,
    seed_file: Path,
    passphrase_file: Path | None,
    out: Path,
    language: str,
    only: str | None,
    address: str,
    helpers: Path | None,
    matching: Path | None,
    size: str,
) -> None:
    """Print the cards of WAVE, with five words and a picture each, as a PDF for A4."""
    refuse_to_overwrite(out, matching)
    if out == matching:
        raise click.UsageError("--out and --matching are two files, kept apart.")
    address, is_draft = _address(site, address), _draft_or_refuse(site, wave, language)
    members = members_of(site.engine, wave.inspection_id, wave.survey)
    handed_out_by = _helpers(helpers, members)
    wanted = [one for one in _wanted(site, wave, only) if one.channel == "card"]
    if not wanted:
        raise click.ClickException("Nobody in this wave has an invitation by card.")
    codes = codes_for(wanted, read_seed(seed_file, passphrase_file), site_keys(site))
    piles = bundles(codes, handed_out_by)
    digits = reference_length(site.engine, wave) if matching else 0
    with _printing():
        pdf = _cards_pdf(piles, language, size, address, digits=digits, covers=bool(helpers))
        sheet = _matching_pdf(piles, members, digits) if matching else b""
        _write(pdf, out)
        if matching:
            _write(sheet, matching)
    matched = "printed" if matching else "none"
    note_in_log(site, wave, "cards printed", cards=str(len(codes)), matching=matched)
    _report_cards(out, matching, piles, is_draft=is_draft)


@click.command("letters")
@_common
@click.option(
    "--as", "kind", type=click.Choice(("letters", "sms")), default="letters", show_default=True
)
@click.pass_obj
@with_appcontext
def letters(
    site: Site,
    wave: Wave,
    *,
    seed_file: Path,
    passphrase_file: Path | None,
    out: Path,
    language: str,
    only: str | None,
    address: str,
    kind: str,
) -> None:
    """Write a table for mail-merge, or for the council's own SMS gateway."""
    refuse_to_overwrite(out)
    address = _address(site, address)
    _draft_or_refuse(site, wave, language)
    wanted = _wanted(site, wave, only)
    if kind == "sms":
        _refuse_untranslated(language)
        wanted = [one for one in wanted if one.channel == "link"]
    if not wanted:
        raise click.ClickException("Nobody in this wave has an invitation of this kind.")
    codes = codes_for(wanted, read_seed(seed_file, passphrase_file), site_keys(site))
    children = _children(members_of(site.engine, wave.inspection_id, wave.survey))
    with _said_in(language):
        table = (
            sms_csv(codes, children, address, site.authority)
            if kind == "sms"
            else letters_csv(codes, children, address)
        )
    _write(table.encode(), out)
    note_in_log(site, wave, f"{kind} written", codes=str(len(codes)))
    click.echo(f"{len(codes)} rows written to {out}. {_DESTROY.format(done='sent')}")


@click.command("helper-sheet")
@click.option("--out", type=NEW_FILE, required=True)
@click.pass_obj
@with_appcontext
def helper_sheet(site: Site, out: Path) -> None:
    """Print what a helper does, and does not, on one page. No code is on it."""
    from surveys.invitations.cards_paper import Paper
    from surveys.invitations.helper_sheet import draw_helper_sheet

    if out.exists():
        raise click.ClickException(f"{out} exists.")
    with _printing(), _said_in("en"):
        _write(draw_helper_sheet(Paper(), site.authority), out)
    click.echo(f"The helper's sheet is in {out}.")


def _cards_pdf(
    piles: Sequence[Bundle], language: str, size: str, address: str, *, digits: int, covers: bool
) -> bytes:
    from surveys.invitations.cards_drawing import SIZES, Print, card_words, draw_cards

    with _said_in(language):
        words = card_words()
    with _said_in("en"):  # covers are for people at work
        how = Print(SIZES[size], address, words, digits)
        return draw_cards(_paper(piles, language), piles, how, covers=covers)


def _matching_pdf(piles: Sequence[Bundle], members: Iterable[Member], digits: int) -> bytes:
    from surveys.invitations.cards_matching import draw_matching

    with _said_in("en"):
        return draw_matching(_paper(piles, "en"), piles, _children(members), digits)


def _paper(piles: Sequence[Bundle], language: str) -> Paper:
    """Paper that names its invitations inside, so that what is left over is found and deleted."""
    from surveys.invitations.cards_paper import Paper

    ids = (code.invitation.id.hex() for bundle in piles for code in bundle.codes)
    return Paper(is_rtl=language in RIGHT_TO_LEFT, keywords=ids)


@contextmanager
def _said_in(language: str) -> Iterator[None]:
    with current_app.test_request_context(), force_locale(language):
        yield


@contextmanager
def _printing() -> Iterator[None]:
    """Say in one sentence why nothing could be printed."""
    try:
        from surveys.invitations.cards_paper import NoLetters
    except ImportError as error:
        raise click.ClickException("Install the locked requirements: fpdf2 is missing.") from error
    try:
        yield
    except NoLetters as error:
        raise click.ClickException(str(error)) from error


def _write(content: bytes, path: Path) -> None:
    try:
        write_privately(content, path)
    except OSError as error:
        raise click.ClickException(f"{path} could not be written: {error.strerror}.") from error


def _wanted(site: Site, wave: Wave, only: str | None) -> list[Invitation]:
    if only is None:
        return list(invitations_of(site.engine, wave.id))
    try:
        return [invitation_by_id(site.engine, wave, only)]
    except NoSuchInvitation as error:
        raise click.ClickException(str(error)) from error


def _helpers(path: Path | None, members: Sequence[Member]) -> dict[bytes, str]:
    try:
        return read_helpers(path, members) if path else {}
    except HelpersUnfit as error:
        raise click.ClickException(f"{path.name if path else ''} was refused.\n{error}") from error


def _children(members: Iterable[Member]) -> dict[bytes, str]:
    return {member.id: member.child for member in members}


def _address(site: Site, given: str) -> str:
    address = (given or site.address).rstrip("/")
    if "://" not in address:
        raise click.ClickException(
            "Say where people open this site: `address` in site.toml, or --address https://..."
        )
    return address


def _draft_or_refuse(site: Site, wave: Wave, language: str) -> bool:
    """Whether the language is marked as a draft. Ends the command when it is not offered."""
    offered = marked(site.languages, wave.survey) or {"en": False}
    if language not in offered:
        raise click.ClickException(
            f"{wave.survey} is not offered in {language!r}. It is in: {', '.join(offered)}."
        )
    return offered[language]


def _refuse_untranslated(language: str) -> None:
    texts = []
    for each in ("en", language):
        with _said_in(each):
            texts.append(sms_text("", ""))
    if language != "en" and texts[0] == texts[1]:
        raise click.ClickException(f"The text message has not been translated into {language!r}.")


def _report_cards(
    out: Path, matching: Path | None, piles: Sequence[Bundle], *, is_draft: bool
) -> None:
    count = sum(len(bundle.codes) for bundle in piles)
    click.echo(f"{count} cards written to {out}. {_DESTROY.format(done='printed')}")
    click.echo("Print it at its real size (100 %), on one side of stiff paper.")
    if matching:
        click.echo(f"Which card is for which child: {matching}. Hand out the cards, then shred it.")
    if is_draft:
        click.echo("The words on the cards are a draft that no speaker has checked yet.")
