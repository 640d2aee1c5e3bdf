"""The key of the test console, a relying party of our own."""

import hashlib
import hmac
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.utils.encoding import force_bytes
from joserfc import jwt
from joserfc.jwk import ECKey

from townhall.capabilities.identity import permissions
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


@query(permissions.MANAGE_RELYING_PARTIES)
def get_console_key(actor: Actor) -> str:
    """Its public key, in PEM."""
    return _key(actor).as_pem(private=False).decode()


@query(permissions.MANAGE_RELYING_PARTIES)
def sign_as_console(actor: Actor, *, claims: dict[str, Any]) -> str:  # Any: JSON
    return jwt.encode({"alg": "ES256"}, claims, _key(actor), ["ES256"])


def _key(actor: Actor) -> ECKey:
    """The same each time, and kept nowhere: it comes of this installation's SECRET_KEY."""
    words = f"identity.console:{actor.organisation_id}".encode()
    chance = hmac.new(force_bytes(settings.SECRET_KEY), words, hashlib.sha512).digest()
    number = 1 + int.from_bytes(chance, "big") % (_ORDER - 1)
    private = ec.derive_private_key(number, ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ECKey.import_key(pem)
