"""The sender on an email's envelope: one for each message, so that what comes back names it."""

import base64
import hmac
import re
from collections.abc import Sequence
from itertools import islice
from uuid import UUID

LONGEST_NAME = 14  # before the "+": a mailbox's name has 64 characters at most, RFC 5321 4.5.3.1.1
_OURS = re.compile(r"\+([0-9a-f]{32})\.([a-z2-7]{16})@")
_MOST_TRIED = 20


def fits_return_paths(bounces: str) -> bool:
    """Whether return paths can be made of an address."""
    name, _at, domain = bounces.rpartition("@")
    is_plain = bounces.isascii() and bounces.isprintable() and not set(" <>,+") & set(bounces)
    return bool(name and domain) and is_plain and len(name) <= LONGEST_NAME


def write_return_path(bounces: str, message_id: UUID, *, key: str) -> str:
    """`bounces@example.com` with the message and its seal: bounces+{message}.{seal}@example.com."""
    name, _at, domain = bounces.rpartition("@")
    return f"{name}+{message_id.hex}.{_seal(message_id.hex, key)}@{domain}"


def find_message_id(words: str, *, keys: Sequence[str]) -> UUID | None:
    """The message of the first return path in some words that we wrote with one of the keys.

    Servers on the way may have changed the case of letters.
    """
    for found in islice(_OURS.finditer(words.lower()), _MOST_TRIED):
        message, seal = found[1], found[2].encode()
        if any(hmac.compare_digest(_seal(message, key).encode(), seal) for key in keys):
            return UUID(message)
    return None


def _seal(message: str, key: str) -> str:
    digest = hmac.digest(key.encode(), f"notify.return_path:{message}".encode(), "sha256")
    return base64.b32encode(digest[:10]).decode().lower()
