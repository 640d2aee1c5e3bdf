"""Keys of programs."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from townhall.machinery.actors import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramKey:
    """All that is known of a key."""

    id: UUID
    program: str
    ends_with: str
    permissions: frozenset[Permission]
    created_at: datetime
    ends_at: datetime
    revoked_at: datetime | None
    last_used_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key, the only time that it is seen."""

    id: UUID
    program: str
    key: str
    ends_at: datetime
