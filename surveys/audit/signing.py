"""The key that signs checkpoints of the audit log: Ed25519 (RFC 8032), one per site.

In: the site's folder of secrets. Out: signatures, and the public half in hexadecimal. A site from
before has no such key: it is made on first use, readable by its owner only.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FILE_NAME = "audit_signing_key"


class AuditKeyUnfit(Exception):
    """The signing key cannot be used. The message says what to do."""


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The site's signing key, made when there is none. Raises AuditKeyUnfit."""
    path = folder / FILE_NAME
    if not path.exists():
        _make(path)
    try:
        if path.stat().st_mode & stat.S_IRWXO:
            raise AuditKeyUnfit(f"Others can read the secret {FILE_NAME}. Run: chmod 600 {path}")
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii").strip()))
    except (OSError, ValueError) as error:
        raise AuditKeyUnfit(f"The secret {FILE_NAME} is not 32 bytes in hexadecimal.") from error


def public_half(key: Ed25519PrivateKey) -> str:
    """What anybody may have who checks a log, in hexadecimal."""
    return key.public_key().public_bytes_raw().hex()


def sign(key: Ed25519PrivateKey, message: bytes) -> str:
    """The signature of a message, in hexadecimal."""
    return key.sign(message).hex()


def is_signed(public_key: str, message: bytes, signature: str) -> bool:
    """Whether the holder of this key signed this message. Raises ValueError for no key at all."""
    known = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    try:
        known.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _make(path: Path) -> None:
    made = Ed25519PrivateKey.generate().private_bytes_raw().hex()
    try:
        path.parent.mkdir(exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        if path.exists():
            return  # somebody else was quicker
        raise AuditKeyUnfit(
            f"There is no secret {FILE_NAME}, and {path.parent} cannot be written to. Make it "
            "once with `flask audit key`, run by whoever owns the secrets."
        ) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
