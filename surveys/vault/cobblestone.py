"""Locking content with a 32-byte key and a context, and unlocking it: Cobblestone-256.

In: key, context, content. Out: content with a fresh salt and tags around it, and back. The key is
committed to: what one key locked, no other key opens.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from surveys.vault.envelope import CannotOpen

KEY_LENGTH = 32
_CHUNK = 16 * 1024
_FIRST = 56  # salt and key commitment
_TAG = 16


def new_key() -> bytes:
    """A fresh key."""
    return secrets.token_bytes(KEY_LENGTH)


def lock(key: bytes, context: bytes, content: bytes) -> bytes:
    """Content that only ``unlock`` with the same key and context gives back."""
    encryptor = Cobblestone256Encryptor(key, context)
    return encryptor.update(content) + encryptor.finalize()


def unlock(key: bytes, context: bytes, locked: bytes) -> bytes:
    """What was locked. Raises CannotOpen for another key, another context or any change."""
    try:
        decryptor = Cobblestone256Decryptor(key, context)
        return decryptor.update(locked) + decryptor.finalize()
    except InvalidTag:
        raise CannotOpen("not locked with this key and context") from None


def lock_pieces(key: bytes, context: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What ``lock`` would make of all pieces together, without holding them all at once."""
    encryptor = Cobblestone256Encryptor(key, context)
    for piece in pieces:
        yield encryptor.update(piece)
    yield encryptor.finalize()


def unlock_pieces(key: bytes, context: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The inverse of lock_pieces. Raises CannotOpen, perhaps after the last piece only.

    Whoever takes the pieces must drop them all when it raises: the end may have been cut off.
    """
    decryptor = Cobblestone256Decryptor(key, context)
    try:
        for piece in pieces:
            yield decryptor.update(piece)
        yield decryptor.finalize()
    except InvalidTag:
        raise CannotOpen("not locked with this key and context") from None


def locked_length(content_length: int) -> int:
    """How long ``lock`` makes content of this length."""
    return content_length + _FIRST + _TAG * (content_length // _CHUNK + 1)
