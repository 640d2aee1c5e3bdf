"""How sure we are of who someone is, and what was found out about them when they proved it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from townhall.machinery.personal import Personal


class Level(StrEnum):
    """Of confidence in an identity, as GOV.UK One Login counts them; P0 is none."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


class Kind(StrEnum):
    """Of evidence that someone may show."""

    PASSPORT = "passport"
    IDENTITY_CARD = "identity-card"
    DRIVING_LICENCE = "driving-licence"
    BANK_ACCOUNT = "bank-account"
    BIRTH_CERTIFICATE = "birth-certificate"
    MARRIAGE_CERTIFICATE = "marriage-certificate"
    BUS_PASS = "bus-pass"  # noqa: S105  # no password


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePart:
    kind: str  # "GivenName" or "FamilyName"
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    parts: tuple[NamePart, ...]  # in the order they are said
    valid_from: date | None = None
    valid_until: date | None = None  # None while it is in use


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    lines: tuple[str, ...]  # building and street
    town: str
    postcode: str
    uprn: str = ""
    country: str = "GB"
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passport:
    number: str
    country: str  # ISO 3166-1 alpha-3, as ICAO 9303 has it
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivingPermit:
    number: str
    issuer: str  # "DVLA" or "DVA"
    issued_on: date | None
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenIdentity(Personal):
    """Who someone proved to be, by which of GPG 45's profiles, and until when that counts."""

    id: UUID
    person_id: UUID
    level: Level
    profile: str  # "M1B"
    names: tuple[Name, ...]  # the one in use first
    birth_date: date
    addresses: tuple[Address, ...]  # where they live now first
    passport: Passport | None
    driving_permit: DrivingPermit | None
    kinds: tuple[Kind, ...] = ()  # of the evidence that was shown
    proven_at: datetime
    expires_at: datetime
