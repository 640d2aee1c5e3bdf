"""Every read of identity."""

from townhall.capabilities.identity.queries.accounts import (
    find_erasure,
    get_myself,
    is_staff_anywhere,
    list_held,
)
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
    "find_erasure",
    "find_proven_identity",
    "get_member",
    "get_myself",
    "get_person",
    "get_role",
    "get_team",
    "is_staff_anywhere",
    "list_held",
    "list_members",
    "list_roles",
    "list_teams",
    "names_of",
]
