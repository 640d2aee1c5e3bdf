"""What identity tells others."""

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
from townhall.capabilities.identity.records.sign_ins import (
    LAPSE,
    WAIT,
    Passkey,
    Recovery,
    SignedIn,
    WaysIn,
)

__all__ = [
    "LAPSE",
    "WAIT",
    "Address",
    "DrivingPermit",
    "Level",
    "Member",
    "Method",
    "Name",
    "NamePart",
    "Names",
    "Passkey",
    "Passport",
    "Person",
    "Proof",
    "ProvenIdentity",
    "Recovery",
    "Role",
    "SignedIn",
    "Team",
    "WaysIn",
]
