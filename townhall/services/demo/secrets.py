"""The demo's secrets, each made from the installation's own: nothing more is stored."""

import hmac
import time
from base64 import b32encode
from hashlib import sha256
from uuid import UUID

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings

from townhall.services.demo.service import Player


def totp_secret(player: Player) -> str:
    """The secret that the player's phone would hold, in base32."""
    return b32encode(_derive(f"totp {player.email}")[:20]).decode()


def totp_code(player: Player) -> str:
    """The code that the player's phone would show now (RFC 6238)."""
    return str(format_hotp_value(hotp_value(totp_secret(player), int(time.time()) // 30)))


def api_key_secret() -> UUID:
    """The secret in the demo's key for GOV.UK Notify's clients."""
    return UUID(bytes=_derive("api key")[:16], version=4)


def till_key_secret() -> str:
    """What makes the demo's key for programs written for GOV.UK Pay."""
    return _derive("till key").hex()[:40]


def _derive(what: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"demo {what}".encode(), sha256)
