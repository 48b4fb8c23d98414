"""A paper that is being typed in: which slot it goes to, and whose draft lies there.

In: the code on the paper, later a hidden field of the form. Out: the draft replaced by what was
typed, and at the end one sealed response, marked as paper. Nothing here is kept in the session but
the random names of sittings that this desk began, and nothing says who typed, or when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import session

from questionnaires.model import Questionnaire
from questionnaires.responses import Answer, Mode, Response, response_to_bytes
from questionnaires.routing import on_path
from surveys.site import Site
from surveys.vault.drafts import Access, Draft, seated_anew
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.sealing import seal_response
from surveys.vault.slots import change_draft, finish, read_draft
from surveys.vault.waves import Wave

_SLOT_ID, _PART_KEY = 16, 32
_OURS, _SENT, _MOST_OURS = "typed_here", "sent_here", 8


class UsedElsewhere(Exception):
    """The draft was opened or changed since, in another window or on a screen."""


class NothingThere(Exception):
    """There is no slot to type into: sent already, closed, or never there."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The way to a slot, and the sitting that its draft had when it was last looked at."""

    access: Access = field(repr=False)
    sitting: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """For a hidden field of the form."""
        return (self.access.slot_id + self.access.part_key + self.sitting).hex()


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet with what lies in its slot."""

    sheet: Sheet
    wave: Wave
    draft: Draft = field(repr=False)

    @property
    def has_earlier_answers(self) -> bool:
        """Whether there are answers that were not typed in this session."""
        return bool(self.draft.answers) and not self.is_ours

    @property
    def is_ours(self) -> bool:
        """Whether what lies in the slot was typed in this session, so may be shown in it."""
        return is_ours(self.draft.sitting)


def sheet_from(text: str) -> Sheet:
    """The sheet of a hidden field. Raises NothingThere for anything else."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        raise NothingThere from None
    if len(found) < _SLOT_ID + _PART_KEY:
        raise NothingThere
    middle = _SLOT_ID + _PART_KEY
    return Sheet(Access(found[:_SLOT_ID], found[_SLOT_ID:middle]), found[middle:])


def open_sheet(site: Site, access: Access, *, inside: bool) -> OpenSheet:
    """What lies in a slot, left as it is. Raises NothingThere; KeysUnfit if nothing can be sealed.

    ``inside`` as for Wave.takes_answers: whether somebody is at it already.
    """
    found = read_draft(site.engine, site.storage_key, access)
    if found is None or not found[0].takes_answers(site.now(), inside=inside):
        raise NothingThere
    wave, draft = found
    load_wave_keys(site.public_keys, wave.id)
    return OpenSheet(Sheet(access, draft.sitting), wave, draft)


def keep_typed(
    site: Site, sheet: Sheet, version: Questionnaire, answers: Mapping[str, Answer]
) -> Sheet:
    """Put what was typed in the place of the whole draft. Raises NothingThere, UsedElsewhere."""

    def replaced(stored: Draft) -> Draft:
        _refuse_another(stored, sheet)
        return seated_anew(replace(stored, audience=version.audience, answers=dict(answers)))

    draft = change_draft(site.engine, site.storage_key, sheet.access, replaced)
    if draft is None:
        raise NothingThere
    _remember(draft.sitting)
    return replace(sheet, sitting=draft.sitting)


def is_ours(sitting: bytes) -> bool:
    """Whether a sitting was begun by keeping something in this session."""
    return bool(sitting) and sitting.hex() in session.get(_OURS, ())


def send_typed(site: Site, sheet: Sheet) -> None:
    """Seal what was typed, marked as paper, and hand it in. Sending again changes nothing.

    Raises NothingThere; UsedElsewhere when the draft is no longer what was checked here.
    """
    if not is_ours(sheet.sitting):
        raise UsedElsewhere
    try:
        opened = open_sheet(site, sheet.access, inside=True)
    except NothingThere:
        if not _already_sent(site, sheet):
            raise
        if sheet.sitting.hex() not in session.get(_SENT, ()):
            raise UsedElsewhere from None  # sent, but not from here: perhaps on a screen
        return
    wave, keys = opened.wave, load_wave_keys(site.public_keys, opened.wave.id)
    version = site.surveys[wave.survey].version(opened.draft.audience)

    def seal(draft: Draft) -> bytes:
        _refuse_another(draft, sheet)
        content = Response(version.id, on_path(version, draft.answers), Mode.PAPER)
        return seal_response(response_to_bytes(content), keys, wave.header, wave.padded_length)

    outcome = finish(site.engine, site.storage_key, sheet.access, seal)
    if outcome is None:
        raise NothingThere
    if outcome is False:
        raise UsedElsewhere
    session[_SENT] = [*session.get(_SENT, ()), sheet.sitting.hex()][-_MOST_OURS:]


def _already_sent(site: Site, sheet: Sheet) -> bool:
    """Whether the slot holds a finished response; asking changes nothing."""

    def refuse(draft: Draft) -> bytes:
        raise NothingThere

    return finish(site.engine, site.storage_key, sheet.access, refuse) is False


def _refuse_another(draft: Draft, sheet: Sheet) -> None:
    if draft.sitting != sheet.sitting:
        raise UsedElsewhere


def _remember(sitting: bytes) -> None:
    session[_OURS] = [*session.get(_OURS, ()), sitting.hex()][-_MOST_OURS:]
