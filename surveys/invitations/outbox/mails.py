"""One mail, from its words to the bytes that go over the wire. Nothing of it is ever stored.

In: a queued mail, its contact, its link. Out: text and HTML that say the same, one fixed
Message-ID, and two ways to stop (RFC 2369, RFC 8058). Nothing is fetched from anywhere, nothing
tells that a mail was opened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate

from flask import current_app

from questionnaires.model import Survey
from surveys.invitations.outbox.contacts import Contact
from surveys.invitations.outbox.keys import OutboxKeys, mark_of, stop_token
from surveys.invitations.outbox.queue import QueuedMail
from surveys.invitations.outbox.words import About, Words, words_for
from surveys.languages import direction_of
from surveys.site import Site
from surveys.vault.waves import Wave

STOP_PATH = "/no-more-mail"
STOP_SUBJECT = "stop"
_POLICY = SMTP.clone(cte_type="7bit")  # so that no server on the way has to change it
_DOT_FIRST = re.compile(rb"^\.", re.M)


@dataclass(frozen=True, slots=True)
class MadeMail:
    """What a server is handed. ``mark`` stands for the mail wherever the server speaks of it."""

    mark: str
    sender: str
    receiver: str = field(repr=False)
    content: bytes = field(repr=False)
    language: str

    @property
    def stuffed(self) -> bytes:
        """The content as DATA wants it, without the line that ends it (RFC 5321, 4.5.2)."""
        return _DOT_FIRST.sub(b"..", self.content)


@dataclass(frozen=True)
class Writer:
    """Writes the mails of one wave. Needs an application's context for its words."""

    authority: str
    address: str
    sender: str
    abouts: Mapping[str, About]
    keys: OutboxKeys = field(repr=False)

    def write(self, mail: QueuedMail, contact: Contact, audience: str, link: str) -> MadeMail:
        """The mail to a contact. ``link`` is the 26 letters and digits of their code."""
        words = words_for(self.abouts[audience], mail.kind, contact.language)
        token = stop_token(self.keys, contact.address, mail.invitation_id)
        mark = mark_of(self.keys, mail.id)
        stop = f"{self.address}{STOP_PATH}/{token}?language={words.language}"
        message = self._message(words, contact.address, f"{self.address}/#{link}", stop)
        headers = (
            f"Message-ID: <{mark}@{self.sender.rpartition('@')[2]}>\r\n"
            f"List-Unsubscribe: <{stop}>,\r\n <mailto:{self.sender}?subject=stop%20{token}>\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        )  # as they are: the library would wrap long ones so that programs do not know them
        content = headers.encode("ascii") + message.as_bytes()
        return MadeMail(mark, self.sender, contact.address, content, words.language)

    def _message(self, words: Words, receiver: str, link: str, stop: str) -> EmailMessage:
        message = EmailMessage(policy=_POLICY)
        message["From"] = formataddr((self.authority, self.sender))
        message["To"], message["Subject"] = receiver, words.subject
        message["Date"] = formatdate()
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
        message.set_content(_as_text(words, link, stop))
        message.add_alternative(_as_page(words, link, stop), subtype="html")
        message["Content-Language"] = words.language.replace("_", "-")
        return message


def writer_for(site: Site, wave: Wave, keys: OutboxKeys) -> Writer:
    """What writes the mails of a wave. Raises ValueError when the site lacks what it takes."""
    if site.mail is None:
        raise ValueError("site.toml names no mail server under [mail].")
    if not site.address:
        raise ValueError("site.toml does not say the site's own address.")
    survey: Survey = site.surveys[wave.survey]
    closes = datetime.combine(wave.closes_on, wave.closes_at)
    abouts = {
        each.audience: About(site.authority, each.look, each.minutes, closes)
        for each in survey.questionnaires
    }
    return Writer(site.authority, site.address, site.mail.sender, abouts, keys)


def _as_text(words: Words, link: str, stop: str) -> str:
    before, after = "\n\n".join(words.before), "\n\n".join(words.after)
    return f"{before}\n\n{words.link}:\n{link}\n\n{after}\n\n{words.stop}\n{stop}\n"


def _as_page(words: Words, link: str, stop: str) -> str:
    template = current_app.jinja_env.get_template("outbox/mail.html")
    return template.render(
        words=words,
        language=words.language.replace("_", "-"),
        direction=direction_of(words.language),
        link=link,
        stop=stop,
    )
