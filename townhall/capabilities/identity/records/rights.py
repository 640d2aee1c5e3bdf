"""Who may do what, where and until when; what nobody used, and what was decided about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from townhall.capabilities.identity.records.people import Role, Team
from townhall.machinery.actors import Permission
from townhall.machinery.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """For what a role is granted: everything, the services of a team, or one service."""

    team_id: UUID | None = None
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Personal):
    """That somebody has a role."""

    id: int
    person_id: UUID
    person: str  # their name
    role: Role
    team: Team | None  # for whose services only
    service: str  # for which only
    since: datetime
    ends_at: datetime | None
    reason: str
    granted_by: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Right(Personal):
    """One thing that somebody may do, and by which grants."""

    person_id: UUID
    permission: Permission
    label: str
    grants: tuple[Grant, ...]


class Decision(StrEnum):
    KEPT = "kept"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A look at the grants that nobody had used when it was opened."""

    id: UUID
    quarter: str  # "2026 Q4"
    opened_at: datetime
    unused_since: datetime
    undecided: int
    decided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedGrant(Personal):
    """One of them, and what was decided; the grant itself may be gone."""

    id: UUID
    review_id: UUID
    person_id: UUID
    person: str
    role: str  # its title
    team: str
    service: str
    since: datetime
    is_observable: bool  # whether the audit would show its use at all
    decision: Decision | None
    reason: str
    decided_by: str
    decided_at: datetime | None
