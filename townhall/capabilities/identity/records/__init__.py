"""What identity tells others."""

from townhall.capabilities.identity.records.accounts import (
    EmailChange,
    EmailChanged,
    Erasure,
)
from townhall.capabilities.identity.records.delegations import (
    Delegation,
    Delegations,
    Invitation,
)
from townhall.capabilities.identity.records.people import (
    Member,
    Method,
    Names,
    NarrowRole,
    Person,
    Proof,
    Role,
    Team,
)
from townhall.capabilities.identity.records.program_keys import (
    NewKey,
    ProgramKey,
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
from townhall.capabilities.identity.records.rights import (
    Decision,
    Grant,
    Review,
    ReviewedGrant,
    Right,
    Where,
)
from townhall.capabilities.identity.records.sign_ins import (
    LAPSE,
    WAIT,
    Passkey,
    Recovery,
    SignedIn,
    WaysIn,
)
from townhall.capabilities.identity.records.staff_sign_in import (
    ClaimRole,
    StaffClaims,
    StaffJourney,
    StaffSignIn,
)

__all__ = [
    "LAPSE",
    "WAIT",
    "Address",
    "ClaimRole",
    "Decision",
    "Delegation",
    "Delegations",
    "DrivingPermit",
    "EmailChange",
    "EmailChanged",
    "Erasure",
    "Grant",
    "Invitation",
    "Level",
    "Member",
    "Method",
    "Name",
    "NamePart",
    "Names",
    "NarrowRole",
    "NewKey",
    "Passkey",
    "Passport",
    "Person",
    "ProgramKey",
    "Proof",
    "ProvenIdentity",
    "Recovery",
    "Review",
    "ReviewedGrant",
    "Right",
    "Role",
    "SignedIn",
    "StaffClaims",
    "StaffJourney",
    "StaffSignIn",
    "Team",
    "WaysIn",
    "Where",
]
