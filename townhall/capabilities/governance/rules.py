"""The seal of an audit entry: a hash over the entry and the seal before it."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol
from uuid import UUID

FIRST = bytes(32)  # what stands before the first entry


class Sealable(Protocol):
    """What a seal is made of; a row of the audit has it."""

    id: int
    organisation_id: UUID
    actor: str
    person_id: UUID | None
    delegate_id: UUID | None
    kind: str
    action: str
    subject_id: str
    concerns: list[UUID]
    done_at: datetime


def seal_of(entry: Sealable, before: bytes) -> bytes:
    """SHA-256 of the seal before and this entry. To change how is to break every seal there is."""
    written: list[object] = [
        entry.id,
        str(entry.organisation_id),
        entry.actor,
        str(entry.person_id or ""),
        entry.kind,
        entry.action,
        entry.subject_id,
        [str(each) for each in entry.concerns],
        entry.done_at.astimezone(UTC).isoformat(timespec="microseconds"),
    ]
    if entry.delegate_id is not None:  # entries sealed before there was such a column keep theirs
        written.append(str(entry.delegate_id))
    canonical = json.dumps(written, ensure_ascii=True, separators=(",", ":"))
    return sha256(before + canonical.encode()).digest()
