"""Acting for someone else."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from townhall.machinery.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation(Personal):
    """That someone lets another act for them in some services until a moment."""

    id: UUID
    person_id: UUID
    person: str  # the name of whoever is acted for
    delegate_id: UUID | None  # None until they have said yes
    delegate: str  # their name; until they have said yes, the address they were asked at
    services: frozenset[str]  # slugs
    made_at: datetime
    ends_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None

    @property
    def persons(self) -> frozenset[UUID]:
        return frozenset({self.person_id} | ({self.delegate_id} if self.delegate_id else set()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegations(Personal):
    """All that someone has to do with."""

    person_id: UUID
    made: tuple[Delegation, ...]  # who may act for them
    held: tuple[Delegation, ...]  # for whom they may act
    offered: tuple[Delegation, ...]  # who asks them to

    @property
    def persons(self) -> frozenset[UUID]:
        found = (each.persons for each in (*self.made, *self.held, *self.offered))
        return frozenset({self.person_id}).union(*found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation(Personal):
    """What the email to someone who is asked to act for another says."""

    id: UUID
    person_id: UUID
    person: str
    email: str
    services: tuple[str, ...]  # slugs
    ends_at: datetime
    language: str  # of the one who asks
