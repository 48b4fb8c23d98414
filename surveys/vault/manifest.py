"""The release manifest: what a release let out of the vault, for the analyst to hold it against.

In: the envelopes of a release and what was counted, or a document from the database. Out: the
document in one form only, or a Manifest. It is signed in manifest_signing.py; nothing in it is
secret.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from surveys.vault.envelope import MalformedEnvelope, take_apart

FORMAT = "heard manifest 1"
_HASH_LENGTH = 32


class ManifestRefused(Exception):
    """The rows of a wave are not what its custodian released. The message says in what way."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release: of which wave, out of how many slots, and the hash of every envelope, sorted.

    ``recipients`` are the key ids that each envelope is sealed to, exactly; after a change of keys
    within the wave, ``earlier_recipients`` are those that envelopes from before carry instead.
    """

    wave_id: bytes
    instrument_hash: bytes
    slots: int
    unfit: int
    recipients: frozenset[bytes]
    envelopes: tuple[bytes, ...] = field(repr=False)
    earlier_recipients: frozenset[frozenset[bytes]] = frozenset()

    @property
    def accepted_recipients(self) -> frozenset[frozenset[bytes]]:
        """Every set of recipients that an envelope of this release may have."""
        return self.earlier_recipients | {self.recipients}

    @property
    def released(self) -> int:
        """How many responses were released."""
        return len(self.envelopes)


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """A manifest as it is stored: its bytes, and the custodian's signature of them."""

    document: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the document, which custodian and analyst can compare by telephone."""
        return hashlib.sha256(self.document).digest()


def hash_of(envelope: bytes) -> bytes:
    """How a manifest names an envelope: SHA-256 of its header and its body.

    Not of the wraps between them, so that an envelope sealed anew to changed keys keeps its name:
    the body is locked with a data key that it is committed to, so other wraps open it or nothing.
    What is no envelope is named by all its bytes.
    """
    try:
        parts = take_apart(envelope)
    except MalformedEnvelope:
        return hashlib.sha256(envelope).digest()
    return hashlib.sha256(parts.header_bytes + parts.body).digest()


def hashes_of(envelopes: Iterable[bytes]) -> tuple[bytes, ...]:
    """How a manifest names envelopes, in an order that says nothing of theirs."""
    return tuple(sorted(map(hash_of, envelopes)))


def manifest_to_bytes(manifest: Manifest) -> bytes:
    """The document. Equal manifests give equal bytes."""
    content = {
        "format": FORMAT,
        "wave": manifest.wave_id.hex(),
        "instrument": manifest.instrument_hash.hex(),
        "slots": manifest.slots,
        "released": manifest.released,
        "unfit": manifest.unfit,
        "recipients": sorted(key_id.hex() for key_id in manifest.recipients),
        "envelopes": [one.hex() for one in manifest.envelopes],
    }
    if manifest.earlier_recipients:
        content["earlier_recipients"] = sorted(
            sorted(key_id.hex() for key_id in one) for one in manifest.earlier_recipients
        )
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")


def manifest_from_bytes(document: bytes) -> Manifest:
    """What manifest_to_bytes wrote. Raises ManifestRefused for anything else."""
    try:
        content = json.loads(document)
        found = Manifest(
            bytes.fromhex(content["wave"]),
            bytes.fromhex(content["instrument"]),
            int(content["slots"]),
            int(content["unfit"]),
            frozenset(map(bytes.fromhex, content["recipients"])),
            tuple(map(bytes.fromhex, content["envelopes"])),
            frozenset(
                frozenset(map(bytes.fromhex, one)) for one in content.get("earlier_recipients", ())
            ),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestRefused("the manifest of the release cannot be read") from error
    if manifest_to_bytes(found) != document or not _holds_together(found):
        raise ManifestRefused("the manifest of the release is not as a release writes it")
    return found


def _holds_together(manifest: Manifest) -> bool:
    hashes = manifest.envelopes
    return (
        list(hashes) == sorted(set(hashes))
        and all(len(one) == _HASH_LENGTH for one in hashes)
        and all(manifest.accepted_recipients)
        and manifest.unfit >= 0
        and manifest.released + manifest.unfit <= manifest.slots
    )
