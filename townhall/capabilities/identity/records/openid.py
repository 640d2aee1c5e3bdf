"""Signing in to relying parties: what one asks for, and what it is given."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from townhall.capabilities.identity.records.proofs import Level
from townhall.machinery.personal import Personal


class Credential(StrEnum):
    """How surely somebody has signed in: with one factor, or with a second one too."""

    LOW = "Cl"
    MEDIUM = "Cl.Cm"


class Prompt(StrEnum):
    NONE = "none"
    LOGIN = "login"
    CONSENT = "consent"
    SELECT_ACCOUNT = "select_account"
    CREATE = "create"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One of the ways in which a relying party would be content: a vector of trust, RFC 8485."""

    credential: Credential
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A relying party's request, once it is known to be in order."""

    redirect_uri: str
    state: str
    nonce: str
    scopes: frozenset[str]
    claims: frozenset[str]
    vectors: tuple[Vector, ...]
    prompts: frozenset[Prompt]
    max_age_seconds: int | None
    language: str  # "en", "cy", or "" for whatever the pages are in
    login_hint: str
    in_fragment: bool  # whether the answer stands behind the #
    code_challenge: str

    @property
    def shares(self) -> frozenset[str]:
        """What the person is asked to agree to."""
        return self.scopes | self.claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a sign-in to a relying party came to, before it has its code."""

    level: Level  # that was asked for and is proven; P0 without identity
    credential: Credential
    authenticated_at: datetime
    session: str  # the same for every relying party of one session here


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Personal):
    """One sign-in of a person to a relying party, and what it was given."""

    id: UUID
    person_id: UUID
    relying_party_id: UUID
    redirect_uri: str
    code_challenge: str
    made_at: datetime
    released: tuple[str, ...]  # scopes and claims; empty until it asked
    released_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens(Personal):
    """What a code is exchanged for."""

    id: UUID  # the release's
    person_id: UUID
    access_token: str
    id_token: str
    expires_in_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInfo(Personal):
    """What a relying party is told of someone, by the names of the claims."""

    id: UUID  # the release's
    person_id: UUID
    claims: dict[str, Any]  # Any: JSON


class KeyUse(StrEnum):
    """What a key of ours signs."""

    TOKENS = "tokens"
    TOKENS_RSA = "tokens-rsa"  # for relying parties that cannot read the others
    IDENTITY = "identity"


class KeyState(StrEnum):
    NEXT = "next"  # published, so that everyone knows it when its time comes
    CURRENT = "current"
    RETIRED = "retired"  # published while anything that it signed may be looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """The public half of a key."""

    id: UUID
    use: KeyUse
    state: KeyState
    public: dict[str, Any]  # Any: a JSON Web Key
    made_at: datetime
    current_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a code was made for; whom it is about is said when it is redeemed."""

    release_id: UUID
    redirect_uri: str
    code_challenge: str
    was_used: bool
