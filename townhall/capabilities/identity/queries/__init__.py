"""Every read of identity."""

from townhall.capabilities.identity.queries.people import (
    get_member,
    get_person,
    get_role,
    get_team,
    list_members,
    list_roles,
    list_teams,
    names_of,
)
from townhall.capabilities.identity.queries.proofs import find_proven_identity
from townhall.capabilities.identity.queries.staff_sign_in import (
    list_claim_roles,
    list_staff_sign_ins,
)

__all__ = [
    "find_proven_identity",
    "get_member",
    "get_person",
    "get_role",
    "get_team",
    "list_claim_roles",
    "list_members",
    "list_roles",
    "list_staff_sign_ins",
    "list_teams",
    "names_of",
]
