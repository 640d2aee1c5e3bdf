"""The tables of identity: who people are, who works for which organisation, and what is proved."""

from townhall.capabilities.identity.models.accounts import EmailChange, Erasure
from townhall.capabilities.identity.models.organisations import Organisation
from townhall.capabilities.identity.models.people import (
    Acquaintance,
    Membership,
    Person,
    Role,
    Team,
)
from townhall.capabilities.identity.models.proofs import Facts, ProvenIdentity

__all__ = [
    "Acquaintance",
    "EmailChange",
    "Erasure",
    "Facts",
    "Membership",
    "Organisation",
    "Person",
    "ProvenIdentity",
    "Role",
    "Team",
]
