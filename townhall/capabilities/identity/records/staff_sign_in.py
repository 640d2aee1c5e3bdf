"""Staff who come in through their organisation's own sign-in."""

from dataclasses import dataclass
from uuid import UUID

from townhall.capabilities.identity.records.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSignIn:
    """A sign-in that staff of the organisation may come through."""

    name: str
    issuer: str
    domains: tuple[str, ...]  # of the email addresses that it speaks for
    claim: str  # in which it says what someone belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffJourney:
    """What binds a sign-in that was begun to the browser that began it."""

    state: str
    nonce: str
    verifier: str  # of PKCE


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffClaims:
    """What an organisation's own sign-in says of who came."""

    issuer: str
    subject: str
    email: str  # "" unless it is of a domain that the issuer speaks for
    name: str
    values: frozenset[str]  # what they belong to
    has_second_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRole:
    """That everyone of whom the sign-in says `value` has a role here."""

    id: UUID
    value: str
    role: Role
