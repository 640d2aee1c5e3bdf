"""Ids as the wire has them: 26 characters of base32hex, as GOV.UK Pay writes its own."""

import base64
import binascii
from uuid import UUID

LENGTH = 26


def write_id(identifier: UUID) -> str:
    return base64.b32hexencode(identifier.bytes).decode().rstrip("=").lower()


def read_id(written: str) -> UUID | None:
    """None for anything that we did not write."""
    if len(written) != LENGTH or not written.isascii() or written != written.lower():
        return None
    try:
        found = UUID(bytes=base64.b32hexdecode(written.upper() + "=" * 6))
    except (binascii.Error, ValueError):
        return None
    return found if write_id(found) == written else None
