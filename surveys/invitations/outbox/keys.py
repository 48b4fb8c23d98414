"""The outbox's own keys, and what is made with them: sealed contacts, marks of mails, tokens.

In: the site's storage key. Out: keys that are derived from it, one for each use. Nothing made here
opens a slot, and a code opens nothing made here.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from surveys.vault.cobblestone import lock, unlock

CONTENT_LENGTH = 640  # the longest contact there can be; all are as long
HASH_LENGTH = 16
_OWN_LENGTH = 8  # makes a token of each invitation its own
_TAG_LENGTH = 16
TOKEN_LENGTH = (_TAG_LENGTH + HASH_LENGTH + _OWN_LENGTH) * 4 // 3 + 1
_PURPOSE = [b"heard stop token/1"]


@dataclass(frozen=True, slots=True)
class OutboxKeys:
    """One key for each use. Made anew from the storage key each time, never stored."""

    contacts: bytes = field(repr=False)
    marks: bytes = field(repr=False)
    addresses: bytes = field(repr=False)
    tokens: bytes = field(repr=False)


def outbox_keys(storage_key: bytes) -> OutboxKeys:
    """The keys of a site, by HKDF from its storage key."""
    return OutboxKeys(
        contacts=_derived(storage_key, b"heard outbox contacts/1", 32),
        marks=_derived(storage_key, b"heard outbox marks/1", 32),
        addresses=_derived(storage_key, b"heard outbox addresses/1", 32),
        tokens=_derived(storage_key, b"heard outbox tokens/1", 64),
    )


def seal_contact(keys: OutboxKeys, wave_id: bytes, row_id: bytes, content: bytes) -> bytes:
    """Content that opens in this row only; its length says nothing. Raises ValueError."""
    if len(content) > CONTENT_LENGTH:
        raise ValueError("a contact is too long")
    return lock(keys.contacts, wave_id + row_id, content.ljust(CONTENT_LENGTH))


def open_contact(keys: OutboxKeys, wave_id: bytes, row_id: bytes, sealed: bytes) -> bytes:
    """What was sealed. Raises CannotOpen for another row, another site or any change."""
    return unlock(keys.contacts, wave_id + row_id, sealed).rstrip()


def mark_of(keys: OutboxKeys, mail_id: bytes) -> str:
    """The mark that one mail carries however often it is sent: 32 digits that tell nothing."""
    return hmac.digest(keys.marks, mail_id, "sha256")[:16].hex()


def address_hash(keys: OutboxKeys, address: str) -> bytes:
    """What stands for an address in the list of those who want no mail. Case is forgiven."""
    return hmac.digest(keys.addresses, address.strip().lower().encode(), "sha256")[:HASH_LENGTH]


def stop_token(keys: OutboxKeys, address: str, invitation_id: bytes) -> str:
    """The token that ends mail to an address; another one for each invitation.

    It carries the address's hash sealed, so it still works when the contact has been erased.
    """
    own = hmac.digest(keys.tokens, invitation_id, "sha256")[:_OWN_LENGTH]
    sealed = AESSIV(keys.tokens).encrypt(address_hash(keys, address) + own, _PURPOSE)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def hash_in_token(keys: OutboxKeys, token: str) -> bytes | None:
    """The hash of the address that a token is for; None when this site never made it."""
    if len(token) != TOKEN_LENGTH:
        return None
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return AESSIV(keys.tokens).decrypt(sealed, _PURPOSE)[:HASH_LENGTH]
    except (binascii.Error, ValueError, InvalidTag):
        return None


def _derived(storage_key: bytes, label: bytes, length: int) -> bytes:
    return HKDFExpand(hashes.SHA256(), length, label).derive(storage_key)
