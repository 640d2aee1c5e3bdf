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
from townhall.capabilities.identity.queries.proving import (
    find_my_attempt,
    find_visitor,
    get_my_attempt,
    get_my_proof,
    get_signal,
    get_visitor,
    list_my_proofs,
    list_sandbox_people,
    list_signals,
    what_is_offered,
)
from townhall.capabilities.identity.queries.staff_sign_in import (
    list_claim_roles,
    list_staff_sign_ins,
)

__all__ = [
    "find_my_attempt",
    "find_proven_identity",
    "find_visitor",
    "get_member",
    "get_my_attempt",
    "get_my_proof",
    "get_person",
    "get_role",
    "get_signal",
    "get_team",
    "get_visitor",
    "list_claim_roles",
    "list_members",
    "list_my_proofs",
    "list_roles",
    "list_sandbox_people",
    "list_signals",
    "list_staff_sign_ins",
    "list_teams",
    "names_of",
    "what_is_offered",
]
