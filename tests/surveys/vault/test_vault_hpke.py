"""The library's HPKE is the published one: vectors prove a reference, the reference the library."""

import hashlib
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from hpke_reference import CURVES, Context, decapsulate, decapsulate_xwing

from surveys.vault.envelope import Purpose, SuiteId
from surveys.vault.hpke import PUBLIC_KEY_LENGTH, SUITES, WRAP_LENGTH, PublicKey, wrap
from surveys.vault.opening import PrivateKey, new_private_key

VECTORS = Path(__file__).parents[2] / "data" / "vectors"
RFC = json.loads((VECTORS / "rfc9180-base-mode.json").read_text())
XWING = [
    vector
    for vector in json.loads((VECTORS / "hpke-pq-test-vectors.json").read_text())
    if vector["kem_id"] == 0x647A
]
KEMS = {16: hpke.KEM.P256, 18: hpke.KEM.P521, 32: hpke.KEM.X25519}
KDFS = {1: hpke.KDF.HKDF_SHA256, 3: hpke.KDF.HKDF_SHA512}
AEADS = {1: hpke.AEAD.AES_128_GCM, 2: hpke.AEAD.AES_256_GCM, 3: hpke.AEAD.CHACHA20_POLY1305}


def name(vector):
    return f"{vector['kem_id']:#x}/{vector['kdf_id']}/{vector['aead_id']}"


def octets(vector, *fields):
    return [bytes.fromhex(vector[field]) for field in fields]


def private_key(kem, raw):
    if kem == 32:
        return x25519.X25519PrivateKey.from_private_bytes(raw)
    return ec.derive_private_key(int.from_bytes(raw), CURVES[kem])


def context_of(vector, shared):
    info = bytes.fromhex(vector["info"])
    return Context(vector["kem_id"], vector["kdf_id"], vector["aead_id"], shared, info)


def assert_messages_and_exports(context, vector):
    for number, message in enumerate(vector["encryptions"]):
        plaintext, aad, ciphertext = octets(message, "pt", "aad", "ct")
        assert context.seal(number, plaintext, aad) == ciphertext
    for export in vector["exports"]:
        given, expected = octets(export, "exporter_context", "exported_value")
        assert context.export(given, export["L"]) == expected


@pytest.mark.parametrize("vector", RFC, ids=name)
def test_reference_gives_every_known_answer_of_rfc_9180(vector):
    enc, private, public, expected = octets(vector, "enc", "skRm", "pkRm", "shared_secret")
    shared = decapsulate(vector["kem_id"], enc, private, public)
    assert shared == expected
    context = context_of(vector, shared)
    assert [context.key, context.nonce] == octets(vector, "key", "base_nonce")
    assert_messages_and_exports(context, vector)


@pytest.mark.parametrize("vector", RFC, ids=name)
def test_library_opens_what_the_reference_seals_and_the_other_way_round(vector):
    enc, private, public, info = octets(vector, "enc", "skRm", "pkRm", "info")
    kem, kdf, aead = vector["kem_id"], vector["kdf_id"], vector["aead_id"]
    suite = hpke.Suite(KEMS[kem], KDFS[kdf], AEADS[aead])
    own = private_key(kem, private)
    sealed = enc + context_of(vector, decapsulate(kem, enc, private, public)).seal(0, b"fern")
    assert suite.decrypt(sealed, own, info) == b"fern"

    made = suite.encrypt(b"otter", own.public_key(), info)
    fresh, ciphertext = made[: len(enc)], made[len(enc) :]
    context = context_of(vector, decapsulate(kem, fresh, private, public))
    assert context.open(0, ciphertext) == b"otter"


@pytest.mark.parametrize("vector", XWING, ids=name)
def test_seed_stretches_to_the_published_public_key_and_shared_secret(vector):
    seed, public, enc, expected = octets(vector, "skRm", "pkRm", "enc", "shared_secret")
    key = PrivateKey(Purpose.RESPONSE, SuiteId.XWING, seed)
    assert key.public.raw == public
    assert decapsulate_xwing(enc, seed) == expected


def test_our_suite_gives_the_known_answers_published_for_exactly_it():
    (vector,) = (one for one in XWING if (one["kdf_id"], one["aead_id"]) == (1, 3))
    seed, enc, info = octets(vector, "skRm", "enc", "info")
    context = context_of(vector, decapsulate_xwing(enc, seed))
    assert [context.key, context.nonce] == octets(vector, "key", "base_nonce")
    assert_messages_and_exports(context, vector)
    key = PrivateKey(Purpose.RESPONSE, SuiteId.XWING, seed)
    sealed = enc + context.seal(0, b"fern")
    assert SUITES[SuiteId.XWING].decrypt(sealed, key.recipient, info) == b"fern"


@pytest.mark.parametrize("suite", SuiteId)
def test_wrapped_key_is_opened_by_the_reference_and_has_the_stated_length(suite):
    key = new_private_key(Purpose.MIX, suite)
    wrapped = wrap(key.public, bytes(range(32)), b"bound to this")
    assert len(wrapped) == WRAP_LENGTH[suite]
    assert len(key.public.raw) == PUBLIC_KEY_LENGTH[suite]
    enc, ciphertext = wrapped[:-48], wrapped[-48:]
    if suite is SuiteId.XWING:
        kem, shared = 0x647A, decapsulate_xwing(enc, key.seed)
    else:
        kem, shared = 32, decapsulate(32, enc, key.seed, key.public.raw)
    assert Context(kem, 1, 3, shared, b"bound to this").open(0, ciphertext) == bytes(range(32))


@pytest.mark.parametrize("suite", SuiteId)
def test_every_changed_bit_of_a_wrapped_key_is_noticed(suite):
    key = new_private_key(Purpose.MIX, suite)
    wrapped = wrap(key.public, bytes(32), b"info")
    for position in range(len(wrapped)):
        changed = bytearray(wrapped)
        changed[position] ^= 1 << position % 8
        with pytest.raises((InvalidTag, ValueError)):
            SUITES[suite].decrypt(bytes(changed), key.recipient, b"info")


def test_key_id_is_the_start_of_a_hash_over_purpose_and_key():
    key = new_private_key(Purpose.RESPONSE).public
    assert key.key_id == hashlib.sha256(b"\x01" + key.raw).digest()[:8]
    assert PublicKey(Purpose.MIX, key.suite, key.raw).key_id != key.key_id


@pytest.mark.parametrize(
    ("suite", "raw"),
    [
        (SuiteId.XWING, b""),
        (SuiteId.XWING, bytes(1215)),
        (SuiteId.XWING, b"\xff" * 1216),
        (SuiteId.XWING, new_private_key(Purpose.MIX).public.raw[:1184] + bytes(32)),
        (SuiteId.X25519, bytes(32)),
        (SuiteId.X25519, bytes(31)),
        (SuiteId.X25519, new_private_key(Purpose.MIX).public.raw),
    ],
)
def test_bytes_that_are_no_usable_key_are_refused(suite, raw):
    with pytest.raises(ValueError, match="key"):
        PublicKey(Purpose.RESPONSE, suite, raw)


def test_private_key_never_shows_its_seed():
    key = new_private_key(Purpose.RESPONSE)
    assert key.seed.hex() not in repr(key) and repr(key.seed) not in repr(key)
    with pytest.raises(ValueError, match="32 bytes"):
        PrivateKey(Purpose.RESPONSE, SuiteId.XWING, bytes(31))
