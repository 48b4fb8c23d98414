"""The sitting: what the sealed cookie keeps of one respondent between two pages.

In: what somebody typed at the door; later, the session. Out: a Run, NothingOpen or SittingOver. The
cookie holds the way to the draft, never an answer. A draft goes on with the one sitting it was last
opened for, so that a copy of a cookie is worth nothing once its owner has left.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from flask import session

from surveys.answering.look import put_on
from surveys.answering.run import Run, bit_of
from surveys.invitations.codes import (
    access_from_secret,
    parse_words,
    secret_from_link,
    secret_from_typed_words,
)
from surveys.site import Site, current_site
from surveys.tablets.watch import PUT_AWAY
from surveys.vault.drafts import Access, Draft, seated_anew
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.slots import change_draft, read_draft
from surveys.vault.waves import Wave

_SLOT_ID_LENGTH = 16
_NO_WORDS = ("",) * 5  # stretched in place of words that cannot be told


class NothingOpen(Exception):
    """There is nothing to answer: unknown, sent already, or closed. Nobody is told which."""


class Hidden(Exception):
    """The pages of this sitting are hidden until its owner has come back."""


class SittingOver(Exception):
    """This sitting was left, or the draft has been opened again since, here or elsewhere."""


def access_for(typed: str, site: Site) -> Access | None:
    """The Access that words or a link lead to; None for what cannot be either.

    Words cost the same time whether or not they can be told, so that time tells nothing. Raises
    TooManyAtOnce.
    """
    words = parse_words(typed)  # first: five words may have 26 letters, as a link has
    if not words and (secret := secret_from_link(typed)):
        return access_from_secret(secret)
    secret = secret_from_typed_words(words or _NO_WORDS, site.site_id, site.pepper)
    access = access_from_secret(secret)
    return access if words else None


def begin(typed: str) -> Run:
    """Open the draft that words or a link lead to, and start a fresh session for it.

    Whatever sitting this draft or this session had before is over. Raises NothingOpen, the same
    for every reason; KeysUnfit when the answers could not be sealed; TooManyAtOnce.
    """
    site = current_site()
    access = access_for(typed, site)
    # what cannot be a code is looked up all the same, at an address where nothing can be
    nothing = Access(bytes(_SLOT_ID_LENGTH), bytes(32))
    found = _look_up(site, access or nothing, inside=False)
    if access is None:
        raise NothingOpen
    run = _run(site, *found, seen=0)
    load_wave_keys(site.public_keys, run.wave.id)
    sitting = _change(access, seated_anew).sitting
    _close_draft()
    _start_session(access, run, sitting)
    return run


def current_run() -> Run:
    """The run of this session, as it is stored now. Raises Hidden, NothingOpen, SittingOver."""
    if session.get("hidden"):
        raise Hidden
    site = current_site()
    wave, draft = _look_up(site, current_access(), inside=True)
    return _run(site, wave, own(draft), seen=int(session.get("seen", "0"), 16))


def own(draft: Draft) -> Draft:
    """The draft, when it was last opened for this very sitting. Raises SittingOver."""
    if not draft.sitting or draft.sitting.hex() != session.get("sitting"):
        raise SittingOver
    return draft


def change_own(change: Callable[[Draft], Draft]) -> Draft:
    """Change this sitting's draft, whatever it holds by now. Raises NothingOpen, SittingOver."""
    return _change(current_access(), lambda stored: change(own(stored)))


def current_access() -> Access:
    """The way to this session's draft. Raises NothingOpen when there is none."""
    try:
        found = bytes.fromhex(session["access"])
    except (KeyError, ValueError):
        raise NothingOpen from None
    return Access(found[:_SLOT_ID_LENGTH], found[_SLOT_ID_LENGTH:])


def mark_seen(run: Run, page_id: str) -> Run:
    """Remember that a page was answered in this sitting, so that its answer may be shown."""
    seen = run.seen | bit_of(run.questionnaire, page_id)
    session["seen"] = f"{seen:x}"
    return replace(run, seen=seen)


def forget_seen() -> None:
    """After the answers were deleted there is nothing to show."""
    session["seen"] = "0"


def close() -> None:
    """End the sitting for good: no copy of its cookie opens the draft from now on."""
    try:
        _close_draft()
    finally:
        end()


def end(*, done: bool = False) -> None:
    """Forget the sitting in this browser. After sending, the way pages look to it is kept."""
    kept = {key: session[key] for key in ("language", "look", "style", "survey") if key in session}
    watched = {PUT_AWAY: session[PUT_AWAY], "tablet": True} if PUT_AWAY in session else {}
    session.clear()
    if watched:
        session.update(watched)  # a helper's tablet stays one; see surveys/tablets
    if done:
        session.update(kept, done=True)


def _close_draft() -> None:
    if "access" not in session:
        return
    with suppress(NothingOpen, SittingOver):  # sent, or over already
        change_own(seated_anew)


def _change(access: Access, change: Callable[[Draft], Draft]) -> Draft:
    site = current_site()
    draft = change_draft(site.engine, site.storage_key, access, change)
    if draft is None:
        raise NothingOpen
    return draft


def _look_up(site: Site, access: Access, *, inside: bool) -> tuple[Wave, Draft]:
    found = read_draft(site.engine, site.storage_key, access)
    if found is None or not found[0].takes_answers(site.now(), inside=inside):
        raise NothingOpen
    return found


def _run(site: Site, wave: Wave, draft: Draft, *, seen: int) -> Run:
    wide = bool(session.get("wide"))
    return Run(site.surveys[wave.survey].version(draft.audience), wave, draft, seen, wide)


def _start_session(access: Access, run: Run, sitting: bytes) -> None:
    chosen = {key: session[key] for key in ("language", "look", PUT_AWAY) if key in session}
    session.clear()
    session.update(chosen)
    session["access"] = (access.slot_id + access.part_key).hex()
    session["sitting"] = sitting.hex()
    session["seen"] = "0"
    put_on(run.questionnaire.look, run.wave.survey)
    if session.get("language", "en") not in current_site().languages.get(run.wave.survey, ("en",)):
        session["language"] = "en"
    if run.questionnaire.look == "child":
        session["tablet"] = True  # shared: the session idles out sooner
