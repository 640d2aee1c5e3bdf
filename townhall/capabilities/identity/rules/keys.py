"""Keys of programs, with a checksum that is looked at before any table.

town_, 40 random characters, and a base32hex HMAC-SHA1 of all before it.
"""

import base64
import hashlib
import hmac
import re
import secrets

CHECKSUM_LENGTH = 32
_TOKEN = re.compile(r"town_[0-9a-f]{40}")


def make_key(secret: str) -> str:
    token = f"town_{secrets.token_hex(20)}"
    return token + _checksum(token, secret)


def is_ours(key: str, secret: str) -> bool:
    """Whether we made it. It may have been revoked since."""
    token, end = key[:-CHECKSUM_LENGTH], key[-CHECKSUM_LENGTH:]
    if not _TOKEN.fullmatch(token) or not end.isascii():
        return False
    return hmac.compare_digest(end, _checksum(token, secret))


def digest(key: str) -> str:
    """What is kept of a key: it is too random to be found from it."""
    return hashlib.sha256(key.encode()).hexdigest()


def _checksum(token: str, secret: str) -> str:
    made = hmac.new(secret.encode(), token.encode(), "sha1").digest()
    return base64.b32hexencode(made).decode().lower()
