"""The tables of identity: who people are, who works for which organisation, and what is proved."""

from townhall.capabilities.identity.models.organisations import Organisation
from townhall.capabilities.identity.models.people import (
    SECOND_FACTORS,
    Acquaintance,
    Membership,
    Person,
    Role,
    Team,
)
from townhall.capabilities.identity.models.proofs import Facts, ProvenIdentity
from townhall.capabilities.identity.models.sign_ins import Recovery, Session

__all__ = [
    "SECOND_FACTORS",
    "Acquaintance",
    "Facts",
    "Membership",
    "Organisation",
    "Person",
    "ProvenIdentity",
    "Recovery",
    "Role",
    "Session",
    "Team",
]
