"""Escrow: the seed of a spare key, from which any two of three custodians can make it again.

Row side: never loaded in the web process. In: a private key that will be in no file, and the public
halves of three custodians. Out: a file with one onion for each pair, Seal_A(Seal_B(seed)), made of
our own envelopes with a purpose of their own; and the key back, from two custodians' keys. Each
onion is bound to the wave, the layer, the key and the two people.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from surveys.keys.escrow_custodians import HOW_MANY, EscrowCustodian
from surveys.vault.envelope import CannotOpen, HeaderFields, Purpose, SuiteId
from surveys.vault.hpke import PublicKey
from surveys.vault.opening import SEED_LENGTH, PrivateKey, open_envelope
from surveys.vault.sealing import seal

FORMAT = "heard private key in escrow 1"  # key_sighting.py looks for the first three words
_DOMAIN = b"heard escrow 1"
_OUTER, _INNER = b"outer", b"inner"


class EscrowDamaged(Exception):
    """The file is not an escrow file, is another wave's, or has been changed."""


@dataclass(frozen=True, slots=True)
class Escrow:
    """A key in escrow: whose it is, and an onion for each pair of custodians' key ids."""

    wave_id: bytes
    purpose: Purpose
    suite: SuiteId
    key_id: bytes
    names: tuple[str, ...]
    onions: dict[tuple[bytes, bytes], bytes] = field(repr=False)

    def header(self, pair: tuple[bytes, bytes], layer: bytes) -> HeaderFields:
        """What the envelopes of an onion say of themselves: they fit nothing else."""
        bound = hashlib.sha256(_DOMAIN + layer + self.key_id + pair[0] + pair[1]).digest()
        return HeaderFields(self.wave_id, bound, int(self.purpose))


def put_in_escrow(
    private_key: PrivateKey, wave_id: bytes, custodians: tuple[EscrowCustodian, ...]
) -> Escrow:
    """One onion for each pair of the three custodians. Raises ValueError unless they are three."""
    keys = {one.key.key_id: one.key for one in custodians}
    if len(keys) != HOW_MANY:
        raise ValueError("escrow is with three different custodians")
    escrow = Escrow(
        wave_id,
        private_key.purpose,
        private_key.suite,
        private_key.public.key_id,
        tuple(one.name for one in custodians),
        {},
    )
    for outer, inner in combinations(sorted(keys), 2):
        onion = _onion(escrow, private_key.seed, keys[outer], keys[inner])
        escrow.onions[outer, inner] = onion
    return escrow


def recover(escrow: Escrow, one: PrivateKey, other: PrivateKey) -> PrivateKey:
    """The key in escrow, from two custodians' keys in any order. Raises CannotOpen."""
    holders = {key.public.key_id: key for key in (one, other)}
    outer, inner = pair = (
        min(holders),
        max(holders),
    )  # one key twice is no pair, and no onion has it
    onion = escrow.onions.get(pair)
    if onion is None:
        raise CannotOpen("these are not two custodians of this escrow")
    middle = open_envelope(onion, holders[outer], escrow.header(pair, _OUTER)).content
    seed = open_envelope(middle, holders[inner], escrow.header(pair, _INNER)).content
    if len(seed) != SEED_LENGTH:
        raise CannotOpen("not a seed")
    found = PrivateKey(escrow.purpose, escrow.suite, seed)
    if found.public.key_id != escrow.key_id:
        raise CannotOpen("the seed of another key")
    return found


def recover_from(escrow: Escrow, custodian_keys: Iterable[PrivateKey]) -> PrivateKey:
    """The key in escrow, from the first pair that opens it. Raises CannotOpen when none does."""
    for one, other in combinations(custodian_keys, 2):
        try:
            return recover(escrow, one, other)
        except CannotOpen:
            continue
    raise CannotOpen("no two of these keys open this escrow file")


def escrow_file_content(escrow: Escrow) -> bytes:
    """What stands in an escrow file."""
    document = {
        "format": FORMAT,
        "wave": escrow.wave_id.hex(),
        "purpose": int(escrow.purpose),
        "suite": int(escrow.suite),
        "key_id": escrow.key_id.hex(),
        "custodians": list(escrow.names),
        "onions": [
            {"pair": [key_id.hex() for key_id in pair], "onion": base64.b64encode(onion).decode()}
            for pair, onion in escrow.onions.items()
        ],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def read_escrow_file(path: Path, wave_id: bytes) -> Escrow:
    """The escrow in a file. Raises EscrowDamaged for another file or another wave's."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise ValueError("of another kind")
        escrow = _from_document(document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EscrowDamaged(f"{path} is not an escrow file, or is damaged.") from error
    if escrow.wave_id != wave_id:
        raise EscrowDamaged(f"{path} is the escrow file of another wave.")
    return escrow


def _from_document(document: dict[str, Any]) -> Escrow:
    onions = {}
    for entry in document["onions"]:
        outer, inner = map(bytes.fromhex, entry["pair"])
        onions[outer, inner] = base64.b64decode(entry["onion"], validate=True)
    return Escrow(
        bytes.fromhex(document["wave"]),
        Purpose(document["purpose"]),
        SuiteId(document["suite"]),
        bytes.fromhex(document["key_id"]),
        tuple(map(str, document["custodians"])),
        onions,
    )


def _onion(escrow: Escrow, seed: bytes, outer: PublicKey, inner: PublicKey) -> bytes:
    pair = (outer.key_id, inner.key_id)
    middle = seal(seed, (inner,), escrow.header(pair, _INNER), SEED_LENGTH)
    return seal(middle, (outer,), escrow.header(pair, _OUTER), len(middle))
