"""Issuing access codes: each invitation gets a slot, and the code that leads to it.

In: invitations and the wave's credential seed. Out: the codes, once, to be printed or sent. Slots
are made first: a crash in between leaves slots that nobody can reach, never an invitation
without a slot.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from surveys.inspections.cohorts import members_of
from surveys.invitations.codes import (
    CredentialSeed,
    access_from_secret,
    link_text,
    secret_for_link,
    secret_from_words,
    words_for,
)
from surveys.invitations.register import (
    Invitation,
    add_invitations,
    members_invited,
    new_invitation,
)
from surveys.vault.drafts import Draft
from surveys.vault.slots import NewSlot, create_slots
from surveys.vault.waves import Wave

_STRETCHING_AT_ONCE = 2  # Argon2id takes 64 MiB each and lets other threads run meanwhile


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """What goes on one card or into one e-mail. Never stored by the site."""

    invitation: Invitation
    words: tuple[str, ...] | None
    link: str


@dataclass(frozen=True)
class SiteKeys:
    """The site's own secrets that codes and slots are made with."""

    storage_key: bytes
    pepper: bytes
    site_id: bytes


def code_for(invitation: Invitation, seed: CredentialSeed, keys: SiteKeys) -> IssuedCode:
    """The code of an invitation: the same each time it is asked for."""
    if invitation.channel == "link":
        return IssuedCode(invitation, None, link_text(secret_for_link(seed, invitation.id)))
    words = words_for(seed, invitation.id)
    return IssuedCode(
        invitation, words, link_text(secret_from_words(words, keys.site_id, keys.pepper))
    )


def issue(
    engine: Engine,
    wave: Wave,
    invitations: Sequence[Invitation],
    *,
    seed: CredentialSeed,
    keys: SiteKeys,
    progress: Callable[[Iterable[IssuedCode]], Iterable[IssuedCode]] = iter,
) -> list[IssuedCode]:
    """Make a slot for every invitation, then register them all. Returns the codes."""
    with ThreadPoolExecutor(_STRETCHING_AT_ONCE) as pool:
        made = pool.map(lambda invitation: code_for(invitation, seed, keys), invitations)
        codes = list(progress(made))
    create_slots(engine, keys.storage_key, wave, [_slot(code) for code in codes])
    add_invitations(engine, invitations)
    return codes


def invitations_for_cohort(
    engine: Engine, wave: Wave, channels: dict[str, str]
) -> list[Invitation]:
    """An invitation for every cohort member of the wave's survey who has none yet.

    ``channels`` says by audience whether a card or a link is used.
    """
    already = members_invited(engine, wave.id)
    members = members_of(engine, wave.inspection_id, wave.survey)
    return [
        new_invitation(wave.id, member.audience, channels[member.audience], member.id)
        for member in members
        if member.id not in already
    ]


def write_codes(codes: Iterable[IssuedCode], path: Path) -> None:
    """A file for printing or mail-merge, readable by its owner only, in the order of random ids."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["invitation", "audience", "channel", "words", "link"])
        for code in sorted(codes, key=lambda code: code.invitation.id):
            invitation = code.invitation
            words = " ".join(code.words or ())
            writer.writerow(
                [invitation.id.hex(), invitation.audience, invitation.channel, words, code.link]
            )


def _slot(code: IssuedCode) -> NewSlot:
    from surveys.invitations.codes import secret_from_link

    secret = secret_from_link(code.link)
    if secret is None:
        raise ValueError("a code must lead back to its secret")
    access = access_from_secret(secret)
    return NewSlot(access.slot_id, access.part_key, Draft(code.invitation.audience, {}))
