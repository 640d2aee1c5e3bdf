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

__all__ = [
    "find_proven_identity",
    "get_member",
    "get_person",
    "get_role",
    "get_team",
    "list_members",
    "list_roles",
    "list_teams",
    "names_of",
]
