"""An authenticator made of software, written after the standard and not after the library we use.

In: the question of a page. Out: the answer of a browser with a passkey (W3C Web Authentication level
3, sections 6.1 and 6.5: ES256, no attestation), with every part of it open to be spoilt by a test.
"""

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftPasskey:
    origin: str = "http://localhost"
    rp_id: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    user: bytes = b""

    def create(self, asked):
        question = json.loads(asked)
        self.user = unb64(question["user"]["id"])
        credential = bytes(16) + struct.pack(">H", len(self.id)) + self.id + self._public_key()
        data = self._authenticator_data(ATTESTED) + credential
        response = {
            "clientDataJSON": b64(self._client_data("webauthn.create", question)),
            "attestationObject": b64(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._answer(response)

    def get(self, asked, **spoilt):
        question = json.loads(asked)
        self.count += 1
        data = self._authenticator_data(0)
        client = self._client_data(spoilt.get("type", "webauthn.get"), question)
        signed = data + hashlib.sha256(client).digest()
        response = {
            "clientDataJSON": b64(client),
            "authenticatorData": b64(data),
            "signature": b64(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": b64(spoilt.get("user", self.user)),
        }
        return self._answer(response)

    def _answer(self, response):
        return json.dumps(
            {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key",
             "response": response, "clientExtensionResults": {}}
        )  # fmt: skip

    def _authenticator_data(self, more):
        rp = hashlib.sha256(self.rp_id.encode()).digest()
        return rp + bytes([self.flags | more]) + struct.pack(">I", self.count)

    def _client_data(self, kind, question):
        found = {"type": kind, "challenge": question["challenge"], "origin": self.origin}
        return json.dumps({**found, "crossOrigin": False}).encode()

    def _public_key(self):
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32), point.y.to_bytes(32)
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
