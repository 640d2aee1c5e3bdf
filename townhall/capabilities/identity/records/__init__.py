"""What identity tells others."""

from townhall.capabilities.identity.records.accounts import EmailChange, EmailChanged, Erasure
from townhall.capabilities.identity.records.people import (
    Member,
    Method,
    Names,
    Person,
    Proof,
    Role,
    Team,
)
from townhall.capabilities.identity.records.proofs import (
    Address,
    DrivingPermit,
    Level,
    Name,
    NamePart,
    Passport,
    ProvenIdentity,
)

__all__ = [
    "Address",
    "DrivingPermit",
    "EmailChange",
    "EmailChanged",
    "Erasure",
    "Level",
    "Member",
    "Method",
    "Name",
    "NamePart",
    "Names",
    "Passport",
    "Person",
    "Proof",
    "ProvenIdentity",
    "Role",
    "Team",
]
