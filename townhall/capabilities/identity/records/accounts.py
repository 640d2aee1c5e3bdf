"""What someone asked for their own account."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from townhall.machinery.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChange(Personal):
    """A code to be sent to an address that someone says is theirs."""

    person_id: UUID
    email: str
    code: str  # "" if the address is someone else's already, which only its owner is told
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChanged(Personal):
    person_id: UUID
    old: str
    new: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure(Personal):
    """That someone's account will be deleted, and when."""

    person_id: UUID
    asked_at: datetime
    due_at: datetime
