"""Every read of identity."""

from townhall.capabilities.identity.queries.accounts import (
    find_erasure,
    get_myself,
    is_staff_anywhere,
    list_held,
)
from townhall.capabilities.identity.queries.delegations import (
    get_invitation,
    list_delegations,
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
from townhall.capabilities.identity.queries.program_keys import (
    get_program_key,
    list_program_keys,
    read_members,
)
from townhall.capabilities.identity.queries.proofs import (
    find_proven_identity,
)
from townhall.capabilities.identity.queries.reviews import (
    get_review,
    get_reviewed_grant,
    list_reviewed_grants,
    list_reviews,
)
from townhall.capabilities.identity.queries.rights import (
    get_grant,
    list_grants,
    list_holders,
    list_rights,
)
from townhall.capabilities.identity.queries.sign_ins import (
    find_recovery,
    get_recovery,
    get_ways_in,
    is_staff,
    list_signed_in,
)
from townhall.capabilities.identity.queries.staff_sign_in import (
    list_claim_roles,
    list_staff_sign_ins,
)

__all__ = [
    "find_erasure",
    "find_proven_identity",
    "find_recovery",
    "get_grant",
    "get_invitation",
    "get_member",
    "get_myself",
    "get_person",
    "get_program_key",
    "get_recovery",
    "get_review",
    "get_reviewed_grant",
    "get_role",
    "get_team",
    "get_ways_in",
    "is_staff",
    "is_staff_anywhere",
    "list_claim_roles",
    "list_delegations",
    "list_grants",
    "list_held",
    "list_holders",
    "list_members",
    "list_program_keys",
    "list_reviewed_grants",
    "list_reviews",
    "list_rights",
    "list_roles",
    "list_signed_in",
    "list_staff_sign_ins",
    "list_teams",
    "names_of",
    "read_members",
]
