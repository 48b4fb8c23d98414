"""Sealing a response: answers in, one envelope of constant length out, and no way back from here.

Two layers. The inner one is for the analyst; the outer one is for the release custodian, who takes
it off when slots become rows. The two carry unrelated random ids, so that whoever saw the slot
cannot recognise the row.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from surveys.vault.cobblestone import lock, locked_length, new_key
from surveys.vault.envelope import (
    HEADER_LENGTH,
    ID_LENGTH,
    KEY_ID_LENGTH,
    LENGTH_LENGTH,
    MOST_RECIPIENTS,
    Header,
    HeaderFields,
    SuiteId,
    Wrap,
    assemble,
    header_to_bytes,
    pad,
)
from surveys.vault.hpke import WRAP_LENGTH, PublicKey, wrap
from surveys.vault.public_keys import WaveKeys

WRAP_INFO = b"cvs/1 wrap"
BODY_CONTEXT = b"cvs/1 body"


def seal_response(
    response: bytes, keys: WaveKeys, header: HeaderFields, padded_length: int
) -> bytes:
    """Seal a response for its slot, in both layers.

    Raises TooLong, before sealing anything, when the response exceeds ``padded_length``.
    """
    inner = seal(response, keys.analyst, header, padded_length)
    return seal(inner, keys.mix, header, len(inner))


def seal(
    content: bytes, recipients: Sequence[PublicKey], header: HeaderFields, bound: int
) -> bytes:
    """One layer: an envelope that any one of the recipients can open. Raises TooLong."""
    padded = pad(content, bound)
    first = recipients[0]
    header_bytes = header_to_bytes(
        Header(first.suite, first.purpose, header, secrets.token_bytes(ID_LENGTH))
    )
    data_key = new_key()
    wraps = tuple(wrap_to(recipient, data_key, header_bytes) for recipient in recipients)
    return assemble(header_bytes, wraps, lock(data_key, BODY_CONTEXT + header_bytes, padded))


def longest_envelope(bound: int) -> int:
    """How long an envelope can be, whatever its suite and however many its recipients."""
    wraps = MOST_RECIPIENTS * (KEY_ID_LENGTH + 2 + WRAP_LENGTH[SuiteId.XWING])
    return HEADER_LENGTH + 1 + wraps + locked_length(LENGTH_LENGTH + bound)


def wrap_to(recipient: PublicKey, data_key: bytes, header_bytes: bytes) -> Wrap:
    """An envelope's data key, sealed to one recipient and bound to the envelope's header."""
    key_id = recipient.key_id
    return Wrap(key_id, wrap(recipient, data_key, WRAP_INFO + header_bytes + key_id))
