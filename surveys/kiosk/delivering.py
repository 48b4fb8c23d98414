"""Taking in a response that was sealed on a tablet: once, unread, into the slot of its place.

In: the token of a place and an envelope, from anybody. Out: an Outcome. The envelope is looked at
only from outside: right wave, right recipients, exactly the right length. What it says nobody here
can tell.
"""

from __future__ import annotations

from enum import Enum

from surveys.invitations.codes import SECRET_LENGTH, place_access
from surveys.kiosk.packing import sealed_length
from surveys.site import Site
from surveys.vault.drafts import Access
from surveys.vault.envelope import CannotOpen, Envelope, Purpose, take_apart
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.slots import finish, read_draft, read_final
from surveys.vault.waves import Wave, all_waves


class Outcome(Enum):
    """What became of a delivery. Only the first two mean that the tablet may forget it."""

    TAKEN = "taken"
    ALREADY = "already"
    USED = "used"
    OVER = "over"
    MALFORMED = "malformed"


def take_in(site: Site, body: bytes) -> Outcome:
    """Store the envelope in the place of its token, if that is still empty.

    Taken for as long as the wave is open, though the day of closing be past: the answers were given
    before. Raises KeysUnfit when the wave's keys are missing.
    """
    token, sealed = body[:SECRET_LENGTH], body[SECRET_LENGTH:]
    wave = _wave_of(site, sealed)
    if wave is None:
        return Outcome.MALFORMED
    access = place_access(token)
    found = read_draft(site.engine, site.storage_key, access)
    if found is not None and found[0].id != wave.id:
        return Outcome.MALFORMED  # a place of one wave, an envelope of another
    return _put(site, access, sealed)


def _put(site: Site, access: Access, sealed: bytes) -> Outcome:
    done = finish(site.engine, site.storage_key, access, lambda _: sealed)
    if done:
        return Outcome.TAKEN
    if read_final(site.engine, site.storage_key, access) == sealed:
        return Outcome.ALREADY  # no two envelopes are alike, so this one was sent before
    return Outcome.OVER if done is None else Outcome.USED


def _wave_of(site: Site, sealed: bytes) -> Wave | None:
    """The wave that an envelope was sealed for, exactly as its tablet should have sealed it."""
    try:
        envelope = take_apart(sealed)
    except CannotOpen:
        return None
    for wave in all_waves(site.engine):
        if (envelope.header.purpose, envelope.header.fields) == (Purpose.MIX, wave.header):
            return wave if _fits(site, wave, envelope, len(sealed)) else None
    return None


def _fits(site: Site, wave: Wave, envelope: Envelope, length: int) -> bool:
    """Whether it was sealed as this wave's are, now or before a change of the wave's keys."""
    return any(
        envelope.header.suite is one.mix[0].suite
        and envelope.key_ids == one.mix_ids
        and length == sealed_length(one, wave.padded_length)
        for one in load_wave_keys(site.public_keys, wave.id).generations
    )
