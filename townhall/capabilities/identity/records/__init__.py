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
from townhall.capabilities.identity.records.staff_sign_in import (
    ClaimRole,
    StaffClaims,
    StaffJourney,
    StaffSignIn,
)

__all__ = [
    "Address",
    "ClaimRole",
    "DrivingPermit",
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
    "StaffClaims",
    "StaffJourney",
    "StaffSignIn",
    "Team",
]
