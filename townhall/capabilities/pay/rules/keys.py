"""API keys: what GOV.UK Pay's look like, with a checksum that is looked at before any table.

api_test_ or api_live_, random characters, and a base32hex HMAC-SHA1 of all before it.
"""

import base64
import hashlib
import hmac
import re
import secrets

CHECKSUM_LENGTH = 32
_TOKEN = re.compile(r"api_(?:test|live)_[a-z0-9]{20,200}")


def make_key(*, is_live: bool, checksum_secret: str, random: str = "") -> str:
    """A new key; with `random`, which nobody must be able to guess, the same each time."""
    token = f"api_{'live' if is_live else 'test'}_{random or secrets.token_hex(20)}"
    return token + checksum(token, checksum_secret)


def checksum(token: str, secret: str) -> str:
    digest = hmac.new(secret.encode(), token.encode(), "sha1").digest()
    return base64.b32hexencode(digest).decode().lower()


def is_ours(key: str, secret: str) -> bool:
    """Whether we made it. It may have been revoked since."""
    token, end = key[:-CHECKSUM_LENGTH], key[-CHECKSUM_LENGTH:]
    if not _TOKEN.fullmatch(token) or not end.isascii():
        return False
    return hmac.compare_digest(end, checksum(token, secret))


def digest(key: str) -> str:
    """What is kept of a key: it is too random to be found from it."""
    return hashlib.sha256(key.encode()).hexdigest()
