"""The release manifest: one form in bytes, signed with what the custodian's key gives and no other."""

import hashlib
import hmac
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from vault_wave import ANALYST, KEYS, MIX, new_wave

from surveys.vault.envelope import Purpose, SuiteId
from surveys.vault.manifest import (
    Manifest,
    ManifestRefused,
    SignedManifest,
    hashes_of,
    manifest_from_bytes,
    manifest_to_bytes,
)
from surveys.vault.manifest_signing import sign_manifest, signer_of, verified_manifest
from surveys.vault.opening import PrivateKey, new_private_key

WAVE = new_wave()
MANIFEST = Manifest(
    WAVE.id, WAVE.instrument_hash, 5, 1, frozenset({b"key-id-1"}), hashes_of([b"one", b"two"])
)
KNOWN = Manifest(b"w" * 16, b"i" * 32, 3, 1, frozenset({b"B" * 8, b"A" * 8}), hashes_of([b""]))
WRITTEN = (
    b'{"envelopes":["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],'
    b'"format":"heard manifest 1","instrument":"' + b"69" * 32 + b'","recipients":['
    b'"4141414141414141","4242424242424242"],"released":1,"slots":3,"unfit":1,"wave":"'
    + b"77" * 16 + b'"}'
)  # fmt: skip


def test_a_manifest_is_written_like_this():
    assert manifest_to_bytes(KNOWN) == WRITTEN
    assert manifest_from_bytes(WRITTEN) == KNOWN


def test_signature_is_ed25519_under_a_key_expanded_from_the_seed():
    key = PrivateKey(Purpose.MIX, SuiteId.XWING, bytes(range(32)))
    # HKDF-Expand (RFC 5869, 2.3) of one block, by hand
    secret = hmac.digest(key.seed, b"heard manifest signing/1" + b"\x01", hashlib.sha256)
    signing = Ed25519PrivateKey.from_private_bytes(secret)
    signed = sign_manifest(KNOWN, key)
    assert signed == SignedManifest(WRITTEN, signing.sign(b"heard manifest/1\0" + WRITTEN))
    assert signer_of(key) == signing.public_key().public_bytes_raw()
    assert signed.fingerprint == hashlib.sha256(WRITTEN).digest()


def test_each_custodian_s_key_signs_and_the_wave_s_public_keys_tell():
    assert KEYS.signers == tuple(map(signer_of, MIX)) and len(set(KEYS.signers)) == 2
    for key in MIX:
        assert verified_manifest(sign_manifest(MANIFEST, key), KEYS.signers, WAVE) == MANIFEST


def test_an_analyst_s_key_cannot_sign():
    with pytest.raises(ValueError, match="custodian"):
        sign_manifest(MANIFEST, ANALYST[0])


@pytest.mark.parametrize(
    ("signed", "said"),
    [
        (None, "no manifest"),
        (sign_manifest(MANIFEST, new_private_key(Purpose.MIX)), "not signed with"),
        (SignedManifest(manifest_to_bytes(MANIFEST), b""), "not signed with"),
        (sign_manifest(replace(MANIFEST, wave_id=bytes(16)), MIX[0]), "another wave"),
        (sign_manifest(replace(MANIFEST, instrument_hash=bytes(32)), MIX[0]), "another wave"),
    ],
)
def test_unsigned_and_foreign_manifests_are_refused(signed, said):
    with pytest.raises(ManifestRefused, match=said):
        verified_manifest(signed, KEYS.signers, WAVE)


def test_every_changed_byte_of_document_and_signature_is_noticed():
    signed = sign_manifest(MANIFEST, MIX[0])
    for name in ("document", "signature"):
        whole = getattr(signed, name)
        for position in range(len(whole)):
            changed = bytearray(whole)
            changed[position] ^= 1
            with pytest.raises(ManifestRefused):
                verified_manifest(replace(signed, **{name: bytes(changed)}), KEYS.signers, WAVE)


def test_nobody_signs_for_a_wave_without_signers():
    with pytest.raises(ManifestRefused):
        verified_manifest(sign_manifest(MANIFEST, MIX[0]), (), WAVE)


def changed(**values):
    return json.dumps(
        json.loads(WRITTEN) | values, sort_keys=True, separators=(",", ":")
    ).encode()  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        b"", b"[]", b"null", b"\xff", WRITTEN + b" ", WRITTEN.replace(b",", b", "),
        changed(format="heard manifest 2"), changed(released=2), changed(slots=1), changed(unfit=-1),
        changed(envelopes=["00" * 31]), changed(envelopes=["00" * 32, "00" * 32]),
        changed(envelopes=["01" * 32, "00" * 32], released=2, slots=9), changed(recipients=[]),
        changed(wave=None), changed(more=1), changed(slots="3"),
    ],
)  # fmt: skip
def test_what_no_release_writes_is_refused(document):
    with pytest.raises(ManifestRefused):
        manifest_from_bytes(document)


@given(st.sets(st.binary(max_size=40), max_size=8), st.integers(0, 9), st.sets(st.binary(min_size=8, max_size=8), min_size=1, max_size=3))  # fmt: skip
def test_every_manifest_comes_back(envelopes, others, recipients):
    hashes = hashes_of(envelopes)
    slots = len(hashes) + others
    manifest = Manifest(WAVE.id, WAVE.instrument_hash, slots, 0, frozenset(recipients), hashes)
    assert manifest_from_bytes(manifest_to_bytes(manifest)) == manifest
