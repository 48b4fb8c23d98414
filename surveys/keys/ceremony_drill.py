"""The restore drill: does each key that was presented open a response sealed this moment?

Row side: never loaded in the web process. In: a wave, its public keys, private keys from files and
from escrow. Out: for each, whether it opened its layer. Nothing that anybody answered is touched.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import combinations

from surveys.keys.escrow import Escrow, recover
from surveys.vault.envelope import CannotOpen, Purpose
from surveys.vault.opening import PrivateKey, open_envelope
from surveys.vault.public_keys import Generation, WaveKeys
from surveys.vault.sealing import seal
from surveys.vault.waves import Wave

_MESSAGE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class TrialResponse:
    """A response of random bytes, sealed as the site seals, with what each layer should show."""

    message: bytes
    inner: bytes
    outer: bytes


def sealed_now(keys: Generation, wave: Wave) -> TrialResponse:
    """A test response of the wave, as long as every other, sealed in both layers."""
    message = secrets.token_bytes(_MESSAGE_LENGTH)
    inner = seal(message, keys.analyst, wave.header, wave.padded_length)
    return TrialResponse(message, inner, seal(inner, keys.mix, wave.header, len(inner)))


def opens(private_key: PrivateKey, keys: WaveKeys, wave: Wave) -> bool:
    """Whether this key takes its layer off a test response, sealed now, and finds what was put in.

    The response is one of the wave: its header, its length, both its layers.

    For a key from before a change of keys, it is sealed as it was then.
    """
    test = sealed_now(keys.generation_of(private_key.public) or keys.generations[0], wave)
    is_mix = private_key.purpose is Purpose.MIX
    sealed, expected = (test.outer, test.inner) if is_mix else (test.inner, test.message)
    try:
        found = open_envelope(sealed, private_key, wave.header).content
    except CannotOpen:
        return False
    return secrets.compare_digest(found, expected)


def pairs_that_open(
    escrow: Escrow, custodian_keys: list[PrivateKey], keys: WaveKeys, wave: Wave
) -> tuple[int, int]:
    """How many pairs of these custodians were tried on an escrow file, and how many opened."""
    tried = opened = 0
    for one, other in combinations(custodian_keys, 2):
        tried += 1
        try:
            opened += opens(recover(escrow, one, other), keys, wave)
        except CannotOpen:
            continue
    return tried, opened
