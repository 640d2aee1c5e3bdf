"""Where somebody is signed in, and what they wait for who have lost their second factor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from townhall.machinery.personal import Personal

WAIT = timedelta(days=3)  # for whoever is being robbed to read the email and stop it
LAPSE = timedelta(days=14)  # after which somebody has to ask anew


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Personal):
    """A browser in which somebody is signed in."""

    person_id: UUID
    handle: str  # names it on a page
    browser: str  # what it says it is
    ip: str
    signed_in_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery(Personal):
    """Somebody asked to be let in without the second factor that they say they have lost."""

    id: UUID
    person_id: UUID
    asked_at: datetime

    @property
    def due_at(self) -> datetime:
        return self.asked_at + WAIT

    @property
    def is_due(self) -> bool:
        return timezone.now() >= self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    id: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysIn(Personal):
    """What somebody can sign in with, besides a code sent to their email address."""

    person_id: UUID
    passkeys: tuple[Passkey, ...]
    has_password: bool
    has_app: bool
    codes_left: int  # recovery codes
