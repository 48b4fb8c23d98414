"""RFC 9180 in base mode, written from its text, to hold the library against.

The library's public interface takes no additional data, and every published vector has some; so
the vectors prove this reference, and the reference proves the interface.
"""

import hashlib
import hmac

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

HASHES = {1: "sha256", 2: "sha384", 3: "sha512"}
KEY_LENGTHS = {1: 16, 2: 32, 3: 32}
CIPHERS = {1: AESGCM, 2: AESGCM, 3: ChaCha20Poly1305}
KEM_HASHES = {16: "sha256", 18: "sha512", 32: "sha256"}
CURVES = {16: ec.SECP256R1(), 18: ec.SECP521R1()}


def extract(name, salt, suite, label, key):
    digest_size = hashlib.new(name).digest_size
    labelled = b"HPKE-v1" + suite + label + key
    return hmac.digest(salt or bytes(digest_size), labelled, name)


def expand(name, key, suite, label, info, length):
    labelled = length.to_bytes(2) + b"HPKE-v1" + suite + label + info
    out, block = b"", b""
    for counter in range(1, 256):
        if len(out) >= length:
            return out[:length]
        block = hmac.digest(key, block + labelled + bytes([counter]), name)
        out += block
    raise ValueError(length)


def decapsulate(kem, enc, private, public):
    """The shared secret of a Diffie-Hellman KEM, from raw keys."""
    suite, name = b"KEM" + kem.to_bytes(2), KEM_HASHES[kem]
    secret = extract(name, b"", suite, b"eae_prk", exchange(kem, private, enc))
    length = hashlib.new(name).digest_size
    return expand(name, secret, suite, b"shared_secret", enc + public, length)


def exchange(kem, private, public):
    if kem == 32:
        theirs = x25519.X25519PublicKey.from_public_bytes(public)
        return x25519.X25519PrivateKey.from_private_bytes(private).exchange(theirs)
    curve = CURVES[kem]
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(curve, public)
    return ec.derive_private_key(int.from_bytes(private), curve).exchange(ec.ECDH(), theirs)


def decapsulate_xwing(enc, seed):
    """X-Wing: ML-KEM-768 and X25519 under one hash."""
    stretched = hashlib.shake_256(seed).digest(96)
    lattice = mlkem.MLKEM768PrivateKey.from_seed_bytes(stretched[:64])
    curve = x25519.X25519PrivateKey.from_private_bytes(stretched[64:])
    first, second = enc[:1088], enc[1088:]
    shared = curve.exchange(x25519.X25519PublicKey.from_public_bytes(second))
    own = curve.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    parts = lattice.decapsulate(first) + shared + second + own + rb"\.//^" + b"\\"
    return hashlib.sha3_256(parts).digest()


class Context:
    """The key schedule's result: numbered messages and exports."""

    def __init__(self, kem, kdf, aead, shared, info):
        suite = b"HPKE" + b"".join(part.to_bytes(2) for part in (kem, kdf, aead))
        name = HASHES[kdf]
        psk_hash = extract(name, b"", suite, b"psk_id_hash", b"")
        bound = b"\0" + psk_hash + extract(name, b"", suite, b"info_hash", info)
        secret = extract(name, shared, suite, b"secret", b"")
        self.key = expand(name, secret, suite, b"key", bound, KEY_LENGTHS[aead])
        self.nonce = expand(name, secret, suite, b"base_nonce", bound, 12)
        size = hashlib.new(name).digest_size
        exporter = expand(name, secret, suite, b"exp", bound, size)
        self.export = lambda context, length: expand(name, exporter, suite, b"sec", context, length)
        self.cipher = CIPHERS[aead](self.key)

    def seal(self, number, plaintext, aad=b""):
        return self.cipher.encrypt(self._nonce(number), plaintext, aad)

    def open(self, number, ciphertext, aad=b""):
        return self.cipher.decrypt(self._nonce(number), ciphertext, aad)

    def _nonce(self, number):
        return (int.from_bytes(self.nonce) ^ number).to_bytes(12)
