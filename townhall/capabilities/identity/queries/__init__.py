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
from townhall.capabilities.identity.queries.sign_ins import (
    find_recovery,
    get_recovery,
    get_ways_in,
    is_staff,
    list_signed_in,
)

__all__ = [
    "find_proven_identity",
    "find_recovery",
    "get_member",
    "get_person",
    "get_recovery",
    "get_role",
    "get_team",
    "get_ways_in",
    "is_staff",
    "list_members",
    "list_roles",
    "list_signed_in",
    "list_teams",
    "names_of",
]
