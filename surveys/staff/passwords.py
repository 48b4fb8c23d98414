"""Passwords of staff accounts, kept only as Argon2id hashes.

In: a password as typed. Out: a PHC string to store, or whether a password fits one.
Parameters: 64 MiB and three passes, as RFC 9106 recommends second (section 4), in one lane.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import BoundedSemaphore, Lock

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MINIMUM_LENGTH = 14
MAXIMUM_LENGTH = 200
_MEMORY_KIB = 64 * 1024
_PASSES = 3
_LANES = 1
_SALT_BYTES = 16
_HASH_BYTES = 32

# Letters and digits that are not mistaken for one another on paper: no i, l, o, u, 0 or 1.
_ALPHABET = "abcdefghjkmnpqrstvwxyz23456789"
_GROUPS = 5
_GROUP_LENGTH = 4

# Random bytes in the form of a hash, so that an unknown account takes as long as a wrong password.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=1$CvrgPcaNHpxLqdW6aHxUEA"
    "$cVdpgn84EwYfGfaRqdLmVw9suuUHlzPliqBXrxP03+I"
)

# Two at a time keep the memory of a server under attack bounded.
_at_once = BoundedSemaphore(2)
_AT_THE_DOOR = BoundedSemaphore(2 + 1)  # two hashed and one who waits; other threads are free

# OpenSSL gives every lane a thread out of one pool for the whole process. Two hashes with several
# lanes, each with a part of the pool, wait for each other for ever: so new ones have one lane, and
# those that were stored with more are checked one at a time.
_several_lanes = Lock()


class UnfitPassword(ValueError):
    """The password cannot be used. The message says what would be."""


class DoorCrowded(Exception):
    """So many give passwords at this moment that one more would keep others from their pages."""


@contextmanager
def at_the_door() -> Iterator[None]:
    """A place among those whose passwords are hashed or wait for it, for as long as it is open.

    Views hash only inside it. Raises DoorCrowded instead of a long wait.
    """
    if not _AT_THE_DOOR.acquire(blocking=False):
        raise DoorCrowded
    try:
        yield
    finally:
        _AT_THE_DOOR.release()


def new_password() -> str:
    """A fresh random password, in groups that are easy to copy from paper (98 bits)."""
    groups = (
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


def hash_password(password: str) -> str:
    """A salted hash to store. Raises UnfitPassword when the password is too short or too long."""
    if not MINIMUM_LENGTH <= len(password) <= MAXIMUM_LENGTH:
        raise UnfitPassword(
            f"A password has {MINIMUM_LENGTH} to {MAXIMUM_LENGTH} characters, not {len(password)}."
        )
    hashing = Argon2id(
        salt=os.urandom(_SALT_BYTES),
        length=_HASH_BYTES,
        iterations=_PASSES,
        lanes=_LANES,
        memory_cost=_MEMORY_KIB,
    )
    with _at_once:
        return hashing.derive_phc_encoded(_as_bytes(password))


def fits(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one hashed; for None (no such account) the same work, and no."""
    stored = password_hash or _NOBODY
    with _at_once, nullcontext() if ",p=1$" in stored else _several_lanes:
        try:
            Argon2id.verify_phc_encoded(_as_bytes(password), stored)
        except InvalidKey:
            return False
    return password_hash is not None


def _as_bytes(password: str) -> bytes:
    """One form for what different keyboards write differently (RFC 8265)."""
    return unicodedata.normalize("NFC", password)[:MAXIMUM_LENGTH].encode("utf-8", "surrogatepass")
