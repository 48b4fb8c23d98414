"""Opening envelopes. Row side: never loaded in the web process.

In: an envelope, a private key, and what the envelope is expected to say of itself. Out: the
content and the response's id. Every failure is the one CannotOpen.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from surveys.vault.cobblestone import unlock
from surveys.vault.envelope import (
    CannotOpen,
    Envelope,
    HeaderFields,
    Purpose,
    SuiteId,
    take_apart,
    unpad,
)
from surveys.vault.hpke import DEFAULT_SUITE, SUITES, PublicKey
from surveys.vault.sealing import BODY_CONTEXT, WRAP_INFO

SEED_LENGTH = 32


@dataclass(frozen=True)
class Opened:
    """What came out of an envelope."""

    response_id: bytes
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class PrivateKey:
    """A private key: the 32-byte seed, and what the key is for."""

    purpose: Purpose
    suite: SuiteId
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raise ValueError for a seed of the wrong length."""
        if len(self.seed) != SEED_LENGTH:
            raise ValueError(f"a seed has {SEED_LENGTH} bytes")

    @cached_property
    def public(self) -> PublicKey:
        """The half that may lie on the web server."""
        lattice, curve = self._halves
        raw = curve.public_key().public_bytes_raw()
        if lattice is not None:
            raw = lattice.public_key().public_bytes_raw() + raw
        return PublicKey(self.purpose, self.suite, raw)

    @cached_property
    def recipient(self) -> X25519PrivateKey | hpke.MLKEM768X25519PrivateKey:
        """The key in the form that HPKE takes."""
        lattice, curve = self._halves
        return curve if lattice is None else hpke.MLKEM768X25519PrivateKey(lattice, curve)

    @cached_property
    def _halves(self) -> tuple[MLKEM768PrivateKey | None, X25519PrivateKey]:
        if self.suite is SuiteId.X25519:
            return None, X25519PrivateKey.from_private_bytes(self.seed)
        # X-Wing: SHAKE256 stretches the seed to both private keys
        stretched = hashlib.shake_256(self.seed).digest(96)
        lattice = MLKEM768PrivateKey.from_seed_bytes(stretched[:64])
        return lattice, X25519PrivateKey.from_private_bytes(stretched[64:])


def new_private_key(purpose: Purpose, suite: SuiteId = DEFAULT_SUITE) -> PrivateKey:
    """A fresh private key."""
    return PrivateKey(purpose, suite, secrets.token_bytes(SEED_LENGTH))


def open_envelope(data: bytes, private_key: PrivateKey, expected: HeaderFields) -> Opened:
    """Open one layer. Raises CannotOpen, whatever the reason.

    The envelope must be for the key's purpose and suite, and its header must say ``expected``.
    """
    try:
        envelope = take_apart(data)
        _check_header(envelope, private_key, expected)
        data_key = _unwrap(envelope, private_key)
        padded = unlock(data_key, BODY_CONTEXT + envelope.header_bytes, envelope.body)
        return Opened(envelope.header.response_id, unpad(padded))
    except (CannotOpen, InvalidTag, ValueError):
        raise CannotOpen("this envelope cannot be opened with this key") from None


def data_key_of(envelope: Envelope, private_key: PrivateKey, expected: HeaderFields) -> bytes:
    """The key of an envelope's body, for content too large to hold. Raises CannotOpen."""
    try:
        _check_header(envelope, private_key, expected)
        return _unwrap(envelope, private_key)
    except (CannotOpen, InvalidTag, ValueError):
        raise CannotOpen("this envelope cannot be opened with this key") from None


def open_with_any(
    data: bytes, private_keys: Sequence[PrivateKey], expected: HeaderFields
) -> Opened:
    """Open one layer with whichever of these keys is a recipient. Raises CannotOpen."""
    for private_key in private_keys:
        try:
            return open_envelope(data, private_key, expected)
        except CannotOpen:
            continue
    raise CannotOpen("this envelope cannot be opened with any of these keys")


def _check_header(envelope: Envelope, private_key: PrivateKey, expected: HeaderFields) -> None:
    header = envelope.header
    found = (header.purpose, header.suite, header.fields)
    if found != (private_key.purpose, private_key.suite, expected):
        raise CannotOpen("an envelope for something else")


def _unwrap(envelope: Envelope, private_key: PrivateKey) -> bytes:
    key_id = private_key.public.key_id
    info = WRAP_INFO + envelope.header_bytes + key_id
    for wrap in envelope.wraps:
        if wrap.key_id == key_id:
            suite = SUITES[private_key.suite]
            return suite.decrypt(wrap.sealed_key, private_key.recipient, info)
    raise CannotOpen("not a recipient")
