"""Tills: what programs take payments at. GOV.UK Pay calls one a gateway account."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """A test till is served by the sandbox, whatever processor the installation has."""

    id: UUID
    name: str
    slug: str
    is_live: bool
    takes_moto: bool  # mail order and telephone order: staff type the card
    takes_moto_api: bool  # a program sends the card
    takes_recurring: bool
    takes_telephone_notices: bool
    is_open: bool  # closed ones refuse to begin anything

    @property
    def service(self) -> str:
        """What its payments are for, where a service would stand."""
        return f"till-{self.slug}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    id: UUID
    till_id: UUID
    name: str
    ends_with: str  # its last characters, to know it by
    created_at: datetime
    revoked_at: datetime | None
    last_used_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Who calls the API: the till of its key."""

    key_id: UUID
    used_on: date | None  # last
    till: Till
