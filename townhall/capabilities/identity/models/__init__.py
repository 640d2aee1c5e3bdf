"""The tables of identity: who people are, who works for which organisation, and what is proved."""

from townhall.capabilities.identity.models.delegations import Delegation
from townhall.capabilities.identity.models.organisations import Organisation
from townhall.capabilities.identity.models.people import (
    Acquaintance,
    Membership,
    Person,
    Role,
    Team,
)
from townhall.capabilities.identity.models.program_keys import ProgramKey, checksum_secret
from townhall.capabilities.identity.models.proofs import Facts, ProvenIdentity
from townhall.capabilities.identity.models.reviews import (
    UNDECIDED,
    Review,
    ReviewedGrant,
    unused,
)

__all__ = [
    "UNDECIDED",
    "Acquaintance",
    "Delegation",
    "Facts",
    "Membership",
    "Organisation",
    "Person",
    "ProgramKey",
    "ProvenIdentity",
    "Review",
    "ReviewedGrant",
    "Role",
    "Team",
    "checksum_secret",
    "unused",
]
