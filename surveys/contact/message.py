"""A message of "I need to talk", and what was done about it: words, and their bytes to be sealed.

In: three texts that somebody wrote, or the two keys' holder's note. Out: bytes of a bounded length.
Sealed they all have one length, so that nobody can tell how much somebody wrote.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from enum import StrEnum

from questionnaires.allowed_answers import without_controls
from surveys.vault.envelope import HASH_LENGTH, HeaderFields

LONGEST_NAME = 100
LONGEST_REACH = 400
LONGEST_WORDS = 2000
LONGEST_NOTE = 2000
BOUND = 10 * 1024
"""Four bytes for each letter of the three texts, and room for the names of the fields."""


class Part(StrEnum):
    """What an envelope of this room holds. Each opens only as what it is."""

    REQUEST = "request"
    NOTE = "note"


@dataclass(frozen=True)
class Message:
    """What somebody who needs to talk has written."""

    name: str
    reach: str
    words: str = ""

    @property
    def too_long(self) -> tuple[str, ...]:
        """The fields that are longer than they may be."""
        most = {"name": LONGEST_NAME, "reach": LONGEST_REACH, "words": LONGEST_WORDS}
        return tuple(name for name, length in most.items() if len(getattr(self, name)) > length)

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields without which nobody could be reached."""
        return tuple(name for name in ("name", "reach") if not getattr(self, name))


def tidy(text: str) -> str:
    """The text as it is kept: no control characters, line ends as one character, no empty ends."""
    return without_controls(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def message_to_bytes(message: Message) -> bytes:
    """The message as JSON, as the reader's page takes it apart."""
    return json.dumps(asdict(message), ensure_ascii=False, separators=(",", ":")).encode()


def message_from_bytes(content: bytes) -> Message:
    """The inverse. Raises ValueError for anything else; anybody can seal to a public key."""
    document = json.loads(content)
    wanted = {field.name for field in fields(Message)}
    if not isinstance(document, dict) or set(document) != wanted:
        raise ValueError("not a message")
    return Message(**{name: str(text) for name, text in document.items()})


def header_for(request_id: bytes, part: Part) -> HeaderFields:
    """What an envelope says of itself: to which request it belongs, and what of it it is.

    Bound to every part of the envelope, so that nobody can move a message into another's place.
    """
    kind = hashlib.sha256(b"heard contact 1 " + part.encode()).digest()
    return HeaderFields(request_id, kind[:HASH_LENGTH], 0)
