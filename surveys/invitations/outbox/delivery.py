"""Handing one mail to a server, so that it is known at every moment whether the server has it.

In: a server that is ready and a mail. Out: an Outcome. What cannot be known has a name of its own:
between the line that ends a mail and the server's answer, a broken connection tells nothing.
"""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from surveys.invitations.outbox.mails import MadeMail

PATIENCE_AT_THE_END = 600.0  # seconds; RFC 5321, 4.5.3.2.6: less makes mails arrive twice
_BROKEN = OSError  # of which whatever smtplib raises is one
_CLOSING = 421


class Outcome(StrEnum):
    """What became of a mail. ``BROKEN``: the connection ended before the mail did."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    BROKEN = "broken"
    UNSURE = "unsure"
    TAKEN_BACK = "taken back"


class ServerRefuses(Exception):
    """The server takes nothing from this site: its answer does not concern one address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said to one step."""

    code: int

    @property
    def is_yes(self) -> bool:
        """Whether it goes on."""
        return 200 <= self.code < 400

    @property
    def outcome(self) -> Outcome:
        """What a no means: another time, or never; a server that closes means another time."""
        return Outcome.REFUSED if self.code >= 500 else Outcome.LATER


def deliver(
    server: smtplib.SMTP,
    mail: MadeMail,
    before_the_end: Callable[[], bool],
    *,
    patience: float = PATIENCE_AT_THE_END,
) -> Outcome:
    """Hand a mail over. ``before_the_end`` runs when all but its last line is out.

    What it writes down must be on disk when it returns; when it says no, the mail is not ended,
    and no server may deliver it then (RFC 5321, 4.1.1.4). Raises ServerRefuses.
    """
    try:
        if stopped := _announce(server, mail):
            _tidy(server)
            return stopped
        _send_at_once(server, mail.stuffed)
        if not before_the_end():
            server.close()
            return Outcome.TAKEN_BACK
    except _BROKEN:
        server.close()
        return Outcome.BROKEN
    except BaseException:
        server.close()  # nothing more may be said on it: the server would take it for content
        raise
    return _end(server, patience)


def _announce(server: smtplib.SMTP, mail: MadeMail) -> Outcome | None:
    """Sender, receiver and DATA; None when the server is ready for the content."""
    server.ehlo_or_helo_if_needed()
    told = server.has_extn("dsn")  # RFC 3461: what comes back then names the mail by its mark
    sender = ["RET=HDRS", f"ENVID={mail.mark}"] if told else []
    first = Answer(server.mail(mail.sender, sender)[0])
    if not first.is_yes:
        if first.outcome is Outcome.REFUSED:
            raise ServerRefuses(f"the mail server refuses this sender ({first.code})")
        return Outcome.LATER
    receiver = Answer(server.rcpt(mail.receiver, ["NOTIFY=FAILURE"] if told else [])[0])
    if not receiver.is_yes:
        return receiver.outcome
    ready = Answer(server.docmd("DATA")[0])
    return None if ready.is_yes else ready.outcome


def _send_at_once(server: smtplib.SMTP, content: bytes) -> None:
    """Send without waiting for more to say: else the last line lies here for 40 ms (RFC 896)."""
    if server.sock is not None:
        server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server.send(content)


def _end(server: smtplib.SMTP, patience: float) -> Outcome:
    """Send the line that ends the mail, and hear what the server says to it."""
    try:
        server.send(b".\r\n")  # three bytes: they go whole or not at all
    except _BROKEN:
        server.close()
        return Outcome.BROKEN
    try:
        if server.sock is not None:
            server.sock.settimeout(patience)
        answer = Answer(server.getreply()[0])
    except _BROKEN:
        server.close()
        return Outcome.UNSURE
    if server.sock is not None:
        server.sock.settimeout(server.timeout)
    if answer.code == _CLOSING:
        server.close()
    return Outcome.SENT if answer.is_yes else answer.outcome


def _tidy(server: smtplib.SMTP) -> None:
    """Have the server forget what was announced; or end a connection that is no use any more."""
    try:
        if not Answer(server.rset()[0]).is_yes:
            server.close()
    except _BROKEN:
        server.close()
