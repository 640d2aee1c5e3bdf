"""The tables of identity: who people are, who works for which organisation, and what is proved."""

from townhall.capabilities.identity.models.openid import (
    Release,
    SigningKey,
    UsedAssertion,
    digest,
)
from townhall.capabilities.identity.models.organisations import (
    Organisation,
)
from townhall.capabilities.identity.models.people import (
    Acquaintance,
    Membership,
    Person,
    Role,
    Team,
)
from townhall.capabilities.identity.models.proofs import (
    Facts,
    ProvenIdentity,
)
from townhall.capabilities.identity.models.relying_parties import (
    RelyingParty,
    Sharing,
    Subject,
)
from townhall.capabilities.identity.models.staff_sign_in import (
    ClaimRole,
    StaffAccount,
)

__all__ = [
    "Acquaintance",
    "ClaimRole",
    "Facts",
    "Membership",
    "Organisation",
    "Person",
    "ProvenIdentity",
    "Release",
    "RelyingParty",
    "Role",
    "Sharing",
    "SigningKey",
    "StaffAccount",
    "Subject",
    "Team",
    "UsedAssertion",
    "digest",
]
