"""Signing a release manifest, and verifying it. Row side: never loaded in the web process.

In: the custodian's private key and a manifest, or a signed one from the database. Out: a signature
(Ed25519, RFC 8032), or a manifest that may be relied on. The signing key is made from the seed of
the custodian's key, so that there is nothing more to keep; its public half has lain in the wave's
file of public keys since that was made.
"""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from surveys.vault.envelope import Purpose
from surveys.vault.manifest import (
    Manifest,
    ManifestRefused,
    SignedManifest,
    manifest_from_bytes,
    manifest_to_bytes,
)
from surveys.vault.opening import PrivateKey
from surveys.vault.waves import Wave

SIGNING_INFO = b"heard manifest signing/1"
DOMAIN = b"heard manifest/1\0"


def signer_of(mix_key: PrivateKey) -> bytes:
    """The public half of what this custodian's key signs with. Raises ValueError for another."""
    return _signing_key(mix_key).public_key().public_bytes_raw()


def sign_manifest(manifest: Manifest, mix_key: PrivateKey) -> SignedManifest:
    """The manifest, signed with what the custodian's key gives. Raises ValueError for another."""
    document = manifest_to_bytes(manifest)
    return SignedManifest(document, _signing_key(mix_key).sign(DOMAIN + document))


def verified_manifest(
    signed: SignedManifest | None, signers: Iterable[bytes], wave: Wave
) -> Manifest:
    """The manifest of a wave's release, signed by one of ``signers``. Raises ManifestRefused."""
    if signed is None:
        raise ManifestRefused("There is no manifest of the release of this wave.")
    if not any(_holds(signed, signer) for signer in signers):
        raise ManifestRefused(
            "The manifest of the release was not signed with a custodian's key of this wave."
        )
    manifest = manifest_from_bytes(signed.document)
    if (manifest.wave_id, manifest.instrument_hash) != (wave.id, wave.instrument_hash):
        raise ManifestRefused("The manifest is of the release of another wave.")
    return manifest


def _holds(signed: SignedManifest, signer: bytes) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(signer)
        public.verify(signed.signature, DOMAIN + signed.document)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signing_key(mix_key: PrivateKey) -> Ed25519PrivateKey:
    """The seed, expanded for this alone (HKDF-Expand, RFC 5869, for a seed is uniform already)."""
    if mix_key.purpose is not Purpose.MIX:
        raise ValueError("manifests are signed with a custodian's key")
    secret = HKDFExpand(SHA256(), 32, SIGNING_INFO).derive(mix_key.seed)
    return Ed25519PrivateKey.from_private_bytes(secret)
