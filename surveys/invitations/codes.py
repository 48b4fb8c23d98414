"""Access codes: from an invitation to what is printed or sent, and from that to a slot.

In: the wave's credential seed and an invitation's id; or what somebody typed or scanned. Out: five
words or a link; or the Access that they lead to. Nothing here is ever stored: the same seed and
invitation give the same code again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from surveys.vault.drafts import Access

WORDS_IN_CODE = 5
SECRET_LENGTH = 16
LINK_LENGTH = 26
_SEED_LENGTH = 32
_WORDS = Path(__file__).with_name("words.txt")
_SIGNIFICANT = 3  # letters that tell a word from all others
_NOT_LETTERS = re.compile(r"[^a-z]+")
_STRETCHING = BoundedSemaphore(2)  # 64 MiB each; also the ceiling on guesses
_AT_THE_DOOR = BoundedSemaphore(2 + 3)  # two stretched and three who wait; other threads are free


class TooManyAtOnce(Exception):
    """So many put in words at this moment that one more would keep others from their pages."""


@dataclass(frozen=True, slots=True)
class CredentialSeed:
    """What all codes of a wave are made from. Held by the coordinator, destroyed at close."""

    value: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raise ValueError for a seed of the wrong length."""
        if len(self.value) != _SEED_LENGTH:
            raise ValueError(f"a credential seed has {_SEED_LENGTH} bytes")

    @classmethod
    def generate(cls) -> CredentialSeed:
        """A fresh seed."""
        return cls(secrets.token_bytes(_SEED_LENGTH))


@cache
def word_list() -> tuple[str, ...]:
    """The words that codes are made of, in alphabetical order."""
    return tuple(_WORDS.read_text(encoding="ascii").split())


def words_for(seed: CredentialSeed, invitation_id: bytes) -> tuple[str, ...]:
    """The five words of an invitation."""
    words = word_list()
    # 32 bytes against 52 bits of words: what the remainder favours is immeasurably small
    number = int.from_bytes(_expand(seed.value, b"heard words" + invitation_id, 32))
    chosen = []
    for _ in range(WORDS_IN_CODE):
        number, index = divmod(number, len(words))
        chosen.append(words[index])
    return tuple(chosen)


def secret_from_words(words: Sequence[str], site_id: bytes, pepper: bytes) -> bytes:
    """The secret that words stretch to. Slow on purpose; two at a time, the others wait."""
    salt = hashlib.sha256(b"heard access code" + site_id).digest()[:16]
    with _STRETCHING:
        return Argon2id(
            salt=salt,
            length=SECRET_LENGTH,
            iterations=3,
            lanes=1,
            memory_cost=64 * 1024,
            secret=pepper,
        ).derive(" ".join(words).encode())


def secret_from_typed_words(words: Sequence[str], site_id: bytes, pepper: bytes) -> bytes:
    """The same for words typed at the door. Raises TooManyAtOnce instead of a long wait."""
    if not _AT_THE_DOOR.acquire(blocking=False):
        raise TooManyAtOnce
    try:
        return secret_from_words(words, site_id, pepper)
    finally:
        _AT_THE_DOOR.release()


def secret_for_link(seed: CredentialSeed, invitation_id: bytes) -> bytes:
    """The secret of an invitation whose code only machines carry."""
    return _expand(seed.value, b"heard link" + invitation_id, SECRET_LENGTH)


def link_text(secret: bytes) -> str:
    """A secret as 26 letters and digits."""
    return base64.b32encode(secret).decode().rstrip("=").lower()


def secret_from_link(text: str) -> bytes | None:
    """The secret in what link_text made, forgiving of case, spaces and hyphens; else None."""
    letters = re.sub(r"[\s-]", "", text).lower()
    if len(letters) != LINK_LENGTH:
        return None
    try:
        secret = base64.b32decode(letters.upper() + "======")
    except (binascii.Error, ValueError):
        return None
    # two bits are left over in the last letter; only one spelling counts
    return secret if link_text(secret) == letters else None


def code_in(typed: str) -> str:
    """The code itself, when a scanner gave the whole address that it stands in."""
    code = typed.rpartition("#")[2].strip()
    return code if "#" in typed and len(code) == LINK_LENGTH else typed


def parse_words(text: str) -> tuple[str, ...] | None:
    """The five words that somebody typed, or None when they cannot be told.

    Forgives case, punctuation, and spelling after the third letter: no two words of the list
    begin with the same three.
    """
    typed = _NOT_LETTERS.sub(" ", text.lower()).split()
    words = [_by_beginning().get(word[:_SIGNIFICANT]) for word in typed]
    if len(words) != WORDS_IN_CODE or None in words:
        return None
    return tuple(word for word in words if word)


def access_from_secret(secret: bytes) -> Access:
    """The slot that a secret leads to, and the key to the draft in it."""
    return Access(_expand(secret, b"slot id", 16), _expand(secret, b"partial key", 32))


def place_access(token: bytes) -> Access:
    """The same for the token of an offline place: never the slot of a code, nor a code's this."""
    slot_id = _expand(token, b"heard place slot id", 16)
    return Access(slot_id, _expand(token, b"heard place partial key", 32))


def _expand(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDFExpand(hashes.SHA256(), length, info).derive(secret)


@cache
def _by_beginning() -> dict[str, str]:
    return {word[:_SIGNIFICANT]: word for word in word_list()}
