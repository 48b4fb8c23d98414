"""Sending one short mail to people at work: plain words, to a server that the site names.

In: settings, addresses, a subject and words. Out: a mail on its way, or NotSent. Whoever calls
this keeps answers, names and codes out of the words; a mail lies readable on other people's disks.
"""

from __future__ import annotations

import ipaddress
import secrets
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from enum import StrEnum
from pathlib import Path
from typing import Any

from surveys.mail.addresses import is_address


class NotSent(Exception):
    """The mail did not leave. The message says why, and holds nothing of the mail."""


class Security(StrEnum):
    """How the way to the mail server is protected: from the start, after STARTTLS, not at all."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The site's mail server. ``patience`` is how many seconds one step with it may take.

    ``ca_file`` names certificates to believe besides those that the machine believes.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    patience: float = 10.0

    def __post_init__(self) -> None:
        """Raise ValueError, in words, for settings that must not or cannot be used."""
        if not self.host or not 1 <= self.port <= 65535:
            raise ValueError("a mail server has a host and a port from 1 to 65535")
        if not is_address(self.sender):
            raise ValueError("sender must be one mail address, such as heard@example.gov.uk")
        if self.security == Security.NONE and not _is_loopback(self.host):
            raise ValueError("security = none is for a mail server on this very machine only")
        if bool(self.user) != bool(self.password):
            raise ValueError("a user needs secrets/mail_password, and a password a user")


def mail_from(table: Mapping[str, Any]) -> MailSettings:
    """The mail server in a table of settings. Raises TypeError or ValueError, in words."""
    values = dict(table)
    if "security" in values:
        values["security"] = Security(values["security"])
    if "ca_file" in values:
        values["ca_file"] = Path(values["ca_file"])
    return MailSettings(**values)


def send_mail(settings: MailSettings, to: Sequence[str], subject: str, words: str) -> None:
    """Hand one mail to the site's server, for every address in ``to``.

    Raises NotSent when not all of them were accepted, and ValueError for something that is not an
    address or for a subject of several lines (RFC 5322, RFC 5321, RFC 3207).
    """
    message = _message(settings.sender, to, subject, words)
    try:
        server = ready_server(settings)
        try:
            refused = server.send_message(message, settings.sender, list(to))
        finally:
            _part_from(server)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"the mail server did not take the mail ({type(error).__name__})") from None
    if refused:
        raise NotSent(f"the mail server refused {len(refused)} of {len(to)} addresses")


def ready_server(settings: MailSettings) -> smtplib.SMTP:
    """The site's server, reached as the settings demand and logged in to: for one mail or many.

    Raises OSError or smtplib.SMTPException.
    """
    server = _connected(settings)
    if settings.user:
        try:
            server.login(settings.user, settings.password)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
    return server


def _part_from(server: smtplib.SMTP) -> None:
    """Say goodbye. Whatever is answered to that, a mail that was taken is taken."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _message(sender: str, to: Sequence[str], subject: str, words: str) -> EmailMessage:
    if not to or not all(map(is_address, to)):
        raise ValueError("every receiver must be one mail address")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ", ".join(to), subject
    message["Date"] = formatdate()
    # Python's own would carry this machine's name and process
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    message.set_content(words)
    return message


def _connected(settings: MailSettings) -> smtplib.SMTP:
    """A greeted server at the other end of a way that is as safe as the settings demand."""
    name = _domain(settings.sender)
    where = (settings.host, settings.port, name, settings.patience)
    if settings.security == Security.TLS:
        host, port, _, patience = where
        return smtplib.SMTP_SSL(host, port, name, timeout=patience, context=_trusting(settings))
    server = smtplib.SMTP(*where)
    if settings.security == Security.STARTTLS:
        try:
            server.starttls(context=_trusting(settings))  # raises when the server cannot
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
    return server


def _trusting(settings: MailSettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.ca_file)


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
