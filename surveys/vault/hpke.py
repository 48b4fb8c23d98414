"""The two cipher suites, public side: HPKE (RFC 9180, base mode) with X-Wing or with X25519.

In: a recipient's public key in bytes. Out: a data key wrapped to it. Parsed keys are kept, since
parsing costs more than the wrapping.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from surveys.vault.envelope import KEY_ID_LENGTH, Purpose, SuiteId

DEFAULT_SUITE = SuiteId.XWING
MLKEM_PUBLIC_LENGTH = 1184
PUBLIC_KEY_LENGTH = {SuiteId.X25519: 32, SuiteId.XWING: MLKEM_PUBLIC_LENGTH + 32}
WRAP_LENGTH = {SuiteId.X25519: 32 + 32 + 16, SuiteId.XWING: 1120 + 32 + 16}
SUITES = {
    SuiteId.X25519: hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305),
    SuiteId.XWING: hpke.Suite(
        hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305
    ),
}

RecipientKey = X25519PublicKey | hpke.MLKEM768X25519PublicKey


@dataclass(frozen=True)
class PublicKey:
    """A public key with what it is for. Refuses to exist when it is not a key of its suite."""

    purpose: Purpose
    suite: SuiteId
    raw: bytes

    def __post_init__(self) -> None:
        """Raise ValueError when the bytes are not a usable key."""
        wrap(self, bytes(32), b"trial")

    @property
    def key_id(self) -> bytes:
        """Which key this is: changes with the purpose as well as with the key."""
        return _key_id(self.purpose, self.raw)


def wrap(key: PublicKey, data_key: bytes, info: bytes) -> bytes:
    """The data key, sealed so that only the holder of the private half can have it."""
    return SUITES[key.suite].encrypt(data_key, _recipient(key.suite, key.raw), info)


@lru_cache(maxsize=256)
def _key_id(purpose: Purpose, raw: bytes) -> bytes:
    return hashlib.sha256(bytes([purpose]) + raw).digest()[:KEY_ID_LENGTH]


@lru_cache(maxsize=256)
def _recipient(suite: SuiteId, raw: bytes) -> RecipientKey:
    if len(raw) != PUBLIC_KEY_LENGTH[suite]:
        raise ValueError(f"a public key of this suite has {PUBLIC_KEY_LENGTH[suite]} bytes")
    if suite is SuiteId.X25519:
        return X25519PublicKey.from_public_bytes(raw)
    lattice = MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC_LENGTH])
    curve = X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC_LENGTH:])
    return hpke.MLKEM768X25519PublicKey(lattice, curve)
