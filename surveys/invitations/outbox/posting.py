"""From a queued mail to the finished one: its contact, its link, and whether it is still wanted.

In: a wave, its contacts and its credential seed. Out: mails in memory, one at a time; samples with
an invented address for whoever looks at them first.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from surveys.invitations.codes import LINK_LENGTH
from surveys.invitations.issuing import code_for
from surveys.invitations.outbox.contacts import Contact, contacts_of
from surveys.invitations.outbox.keys import OutboxKeys, address_hash
from surveys.invitations.outbox.mails import MadeMail, Writer, writer_for
from surveys.invitations.outbox.opt_outs import is_out
from surveys.invitations.outbox.queue import MailKind, QueuedMail
from surveys.invitations.register import Invitation, invitations_of
from surveys.invitations.seed_asking import site_keys
from surveys.site import Site
from surveys.speaking.offer import marked
from surveys.vault.waves import Wave, find_wave

if TYPE_CHECKING:
    from surveys.invitations.codes import CredentialSeed

_NOBODY = "somebody@example.org"
_NO_LINK = "a" * LINK_LENGTH


@dataclass
class Posting:
    """Makes the mails of one wave, each when its turn comes."""

    site: Site
    wave: Wave
    writer: Writer = field(repr=False)
    seed: CredentialSeed = field(repr=False)
    contacts: Mapping[bytes, Contact] = field(repr=False)
    invitations: Mapping[bytes, Invitation] = field(repr=False)
    kept_out: int = 0
    in_english: int = 0

    @classmethod
    def of(cls, site: Site, wave: Wave, writer: Writer, seed: CredentialSeed) -> Posting:
        """Everything that the mails of a wave are made of, read once."""
        with site.engine.connect() as connection:
            contacts = contacts_of(connection, writer.keys, wave.id)
        invitations = {one.id: one for one in invitations_of(site.engine, wave.id)}
        return cls(site, wave, writer, seed, contacts, invitations)

    def write(self, mail: QueuedMail) -> MadeMail | None:
        """The mail, or None when it is not wanted now: stopped, withdrawn, or the wave is over."""
        contact = self.contacts.get(mail.invitation_id)
        invitation = self.invitations.get(mail.invitation_id)
        if contact is None or invitation is None or not self._is_open():
            return None
        if is_out(self.site.engine, address_hash(self.writer.keys, contact.address)):
            self.kept_out += 1
            return None
        code = code_for(invitation, self.seed, site_keys(self.site))
        made = self.writer.write(mail, contact, invitation.audience, code.link)
        self.in_english += made.language != contact.language
        return made

    def _is_open(self) -> bool:
        wave = find_wave(self.site.engine, self.wave.id)
        return wave is not None and wave.takes_answers(self.site.now(), inside=False)


def write_previews(site: Site, wave: Wave, keys: OutboxKeys, folder: Path) -> int:
    """One file for each kind of mail, version and language, addressed to nobody. How many.

    Raises FileExistsError over files that are there, and ValueError as writer_for does.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    writer, count = writer_for(site, wave, keys), 0
    for language in {"en": False, **marked(site.languages, wave.survey)}:
        contact = Contact(bytes(16), "", _NOBODY, "", language)
        for audience, about in writer.abouts.items():
            for kind in MailKind if about.look != "child" else ():
                sample = QueuedMail(bytes(16), wave.id, bytes(16), kind)
                made = writer.write(sample, contact, audience, _NO_LINK)
                name = f"{audience}-{kind.replace(' ', '-')}-{language}.eml"
                _write(folder / name, made.content)
                count += 1
    return count


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
