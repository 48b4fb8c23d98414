"""Reading what came back to the sender's mailbox: delivery reports and wishes to get no more mail.

In: a file, a folder of files, an mbox or a Maildir. Out: one Finding for each mail. Only the
standard's own fields are believed (RFC 3464, RFC 3461); the words of a report are never read.
"""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email import message_from_binary_file
from email.message import Message
from enum import StrEnum
from pathlib import Path

from surveys.invitations.outbox.keys import TOKEN_LENGTH
from surveys.invitations.outbox.mails import STOP_SUBJECT

_MARK = re.compile(r"[0-9a-f]{32}")
_MESSAGE_MARK = re.compile(r"<([0-9a-f]{32})@[^<>\s]+>")
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_STOP = re.compile(rf"\b{STOP_SUBJECT}[\s_]+([A-Za-z0-9_-]{{{TOKEN_LENGTH}}})(?![A-Za-z0-9_-])")
_MBOX = b"From "
_LARGEST = 8 * 1024 * 1024


class Fate(StrEnum):
    """What a mail that came back says. ``OTHER`` is none of our business, or cannot be read."""

    FAILED = "failed"
    DELAYED = "delayed"
    ARRIVED = "arrived"
    STOP = "stop"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Finding:
    """One mail that came back: of which mails it speaks, by their marks, and what it says."""

    fate: Fate
    marks: frozenset[str] = frozenset()
    status: str = ""
    token: str = field(default="", repr=False)


def findings_in(path: Path) -> Iterator[Finding]:
    """What every mail at ``path`` says. Nothing there is changed. Raises OSError."""
    for message in _messages(path):
        try:
            yield finding_of(message)
        except (LookupError, ValueError, AttributeError, TypeError):
            yield Finding(Fate.OTHER)  # a mail from a stranger may be malformed in any way


def finding_of(message: Message) -> Finding:
    """What one mail says."""
    if stop := _STOP.search(str(message.get("Subject", ""))):
        return Finding(Fate.STOP, token=stop[1])
    fields = list(_report_fields(message))
    fate = _fate(fields)
    if fate is Fate.OTHER:
        return Finding(Fate.OTHER)
    marks = {*_envelope_marks(fields), *_message_marks(message)}
    return Finding(fate, frozenset(marks), _status(fields))


def _messages(path: Path) -> Iterator[Message]:
    if path.is_dir() and (path / "cur").is_dir():
        with closing(mailbox.Maildir(path, create=False)) as maildir:
            yield from maildir
    elif path.is_dir():
        for file in sorted(path.iterdir()):
            if file.is_file():
                yield from _messages(file)
    elif _is_mbox(path):
        with closing(mailbox.mbox(path, create=False)) as box:
            yield from box
    elif path.stat().st_size <= _LARGEST:
        with path.open("rb") as file_of_one:
            yield message_from_binary_file(file_of_one)


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MBOX)) == _MBOX


def _report_fields(message: Message) -> Iterator[Message]:
    """The groups of fields of a report: of the whole, then of each receiver."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for group in part.get_payload():
                if isinstance(group, Message):
                    yield group


def _fate(fields: list[Message]) -> Fate:
    """The worst that is said of any receiver; our mails have one each."""
    said = {str(group.get("Action", "")).strip().lower() for group in fields}
    if "failed" in said:
        return Fate.FAILED
    if "delayed" in said:
        return Fate.DELAYED
    return Fate.ARRIVED if said & {"delivered", "relayed", "expanded"} else Fate.OTHER


def _envelope_marks(fields: list[Message]) -> Iterator[str]:
    for group in fields:
        mark = str(group.get("Original-Envelope-Id", "")).strip()
        if _MARK.fullmatch(mark):
            yield mark


def _message_marks(message: Message) -> Iterator[str]:
    """The marks in the mail that a report returns, or in its header alone."""
    for part in message.walk():
        kind = part.get_content_type()
        if part is message or kind not in ("text/rfc822-headers", "message/rfc822"):
            continue
        text = ""
        with suppress(LookupError, ValueError, TypeError, AttributeError):
            text = _header_text(part)
        yield from _MESSAGE_MARK.findall(text)


def _header_text(part: Message) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        inside = (inner for inner in payload if isinstance(inner, Message))
        return "\n".join(str(inner.get("Message-ID", "")) for inner in inside)
    decoded = part.get_payload(decode=True)
    text = decoded.decode("ascii", "replace") if isinstance(decoded, bytes) else ""
    head = text.replace("\r\n", "\n").partition("\n\n")[0]
    lines = (line for line in head.splitlines() if line.lower().startswith("message-id:"))
    return "\n".join(lines)


def _status(fields: list[Message]) -> str:
    said = (str(group.get("Status", "")) for group in fields)
    found = (_STATUS.search(text) for text in said)
    return next((match[0] for match in found if match), "")
