"""Relying parties: programs of others that people sign in to with who they are here."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from townhall.capabilities.identity.records.proofs import Level
from townhall.machinery.personal import Personal

VOCABULARY = "https://vocab.account.gov.uk/v1/"


class Scope(StrEnum):
    """What may be asked for besides who someone is."""

    OPENID = "openid"
    EMAIL = "email"
    PHONE = "phone"


class IdentityClaim(StrEnum):
    """What a proven identity has to say, under the names of GOV.UK One Login."""

    CORE_IDENTITY = f"{VOCABULARY}coreIdentityJWT"
    ADDRESS = f"{VOCABULARY}address"
    PASSPORT = f"{VOCABULARY}passport"
    DRIVING_PERMIT = f"{VOCABULARY}drivingPermit"
    RETURN_CODE = f"{VOCABULARY}returnCode"


class Authentication(StrEnum):
    """How a relying party shows that it is itself."""

    PRIVATE_KEY = "private_key_jwt"
    SECRET = "client_secret_post"  # noqa: S105  # the standard's name of the way


class Signing(StrEnum):
    """What its id tokens are signed with."""

    ES256 = "ES256"
    RS256 = "RS256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What is known of a relying party, as its staff would tell it."""

    name: str
    redirect_uris: tuple[str, ...]
    sector: str  # a host name: within it a person has one subject
    authentication: Authentication = Authentication.PRIVATE_KEY
    public_key: str = ""  # PEM; this, or where its keys are to be fetched
    jwks_url: str = ""
    signing: Signing = Signing.ES256
    levels: tuple[Level, ...] = ()  # of identity that it may ask for; none but P0 if empty
    scopes: tuple[Scope, ...] = (Scope.OPENID,)
    claims: tuple[IdentityClaim, ...] = ()
    post_logout_uris: tuple[str, ...] = ()
    back_channel_uri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    id: UUID
    client_id: str
    registration: Registration
    keys: str  # a JSON Web Key, or a set of them; "" if it has none
    keys_fetched_at: datetime | None
    has_secret: bool
    logo_id: str  # of a stored file; "" if it has none
    is_open: bool
    registered_at: datetime

    @property
    def name(self) -> str:
        return self.registration.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Used(Personal):
    """A relying party that someone uses their identity for, and the last time that they did."""

    relying_party_id: UUID
    person_id: UUID
    name: str
    logo_id: str
    shares: tuple[str, ...]  # scopes and claims, as agreed
    agreed_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed(Personal):
    """What someone agreed, or agrees no more, to share with a relying party."""

    id: UUID
    person_id: UUID
    relying_party_id: UUID
    shares: frozenset[str]
