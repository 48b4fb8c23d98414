"""Signing Summaries (Ed25519), and verifying them. The one thing both sides of analysis share.

In: the bytes of a Summary. Out: a signature of 64 bytes, or the verified bytes. A signature is
for Summaries and nothing else: the signed message begins by saying what it is.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

DOMAIN = b"heard summary/1\0"


class SignatureDoesNotHold(ValueError):
    """These bytes are not what this publisher signed."""


def signing_key(secret: bytes) -> bytes:
    """The publisher's private signing key, made from the publisher's secret for this alone."""
    return hmac.digest(secret, b"heard signing/1\0", hashlib.sha256)


def public_key(private: bytes) -> bytes:
    """The 32 bytes that everybody may have, to verify with."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sign_summary(summary: bytes, private: bytes) -> bytes:
    """The signature of a Summary's bytes."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(DOMAIN + summary)


def verify_summary(summary: bytes, signature: bytes, public: bytes) -> bytes:
    """The same bytes, now verified. Raises SignatureDoesNotHold when anything is not in order."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, DOMAIN + summary)
    except (InvalidSignature, ValueError):
        raise SignatureDoesNotHold("this is not what the publisher signed") from None
    return summary
