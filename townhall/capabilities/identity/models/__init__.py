"""The tables of identity: who people are, who works for which organisation, and what is proved."""

from townhall.capabilities.identity.models.organisations import Organisation
from townhall.capabilities.identity.models.people import (
    Acquaintance,
    Membership,
    Person,
    Role,
    Team,
)
from townhall.capabilities.identity.models.proofs import Facts, ProvenIdentity
from townhall.capabilities.identity.models.proving import (
    ENDED,
    DocumentTry,
    FraudSignal,
    ProvenDocument,
    ProvingAttempt,
    ProvingCheck,
    digest_of,
)
from townhall.capabilities.identity.models.staff_sign_in import (
    ClaimRole,
    StaffAccount,
)

__all__ = [
    "ENDED",
    "Acquaintance",
    "ClaimRole",
    "DocumentTry",
    "Facts",
    "FraudSignal",
    "Membership",
    "Organisation",
    "Person",
    "ProvenDocument",
    "ProvenIdentity",
    "ProvingAttempt",
    "ProvingCheck",
    "Role",
    "StaffAccount",
    "Team",
    "digest_of",
]
