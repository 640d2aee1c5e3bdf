"""A phone that keeps passkeys, and may be told to do what phones do not."""

import json
import os
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

PRESENT = AuthenticatorData.FLAG.UP
VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


@dataclass
class Phone:
    """One passkey, for the pages of one host."""

    origin: str = "http://localhost"
    host: str = "localhost"
    flags: AuthenticatorData.FLAG = VERIFIED
    id: bytes = field(default_factory=lambda: os.urandom(16))
    person: str = ""  # the handle that the pages gave
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make_passkey(self, options: dict[str, Any]) -> str:
        """What a browser posts that was shown these options."""
        asked = options["publicKey"]
        self.person = asked["user"]["id"]
        public = AttestedCredentialData.create(
            Aaguid.NONE,
            self.id,
            ES256.from_cryptography_key(self.key.public_key()),  # type: ignore[no-untyped-call]  # the library's
        )
        held = AuthenticatorData.create(
            self._host_hash, self.flags | AuthenticatorData.FLAG.AT, 0, public
        )
        said = self._say("webauthn.create", asked)
        attested = AttestationObject.create("none", held, {})
        return self._post(clientDataJSON=said, attestationObject=attested)

    def answer(self, options: dict[str, Any]) -> str:
        """What it posts when it is asked to prove who holds it."""
        said = self._say("webauthn.get", options["publicKey"])
        held = AuthenticatorData.create(self._host_hash, self.flags, 0)
        signed = self.key.sign(held + sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._post(
            clientDataJSON=said,
            authenticatorData=held,
            signature=signed,
            userHandle=websafe_decode(self.person),
        )

    @property
    def _host_hash(self) -> bytes:
        return sha256(self.host.encode()).digest()

    def _say(self, kind: str, asked: dict[str, Any]) -> bytes:
        challenge = websafe_decode(asked["challenge"])
        return CollectedClientData.create(type=kind, origin=self.origin, challenge=challenge)

    def _post(self, **response: bytes) -> str:
        name = websafe_encode(self.id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": {part: websafe_encode(value) for part, value in response.items()},
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )
