"""Every read of identity."""

from townhall.capabilities.identity.queries.accounts import (
    find_erasure,
    get_myself,
    is_staff_anywhere,
    list_held,
)
from townhall.capabilities.identity.queries.console import (
    get_console_key,
    sign_as_console,
)
from townhall.capabilities.identity.queries.delegations import (
    get_invitation,
    list_delegations,
)
from townhall.capabilities.identity.queries.openid import (
    find_agreed,
    find_code,
    find_holder,
    find_relying_party,
    get_relying_party,
    get_relying_party_of_program,
    get_used,
    knows_secret,
    list_published_keys,
    list_releases,
    list_relying_parties,
    list_signing_keys,
    list_used,
    logo_is_shown,
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
    find_my_recovery,
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
    "find_agreed",
    "find_code",
    "find_erasure",
    "find_holder",
    "find_my_attempt",
    "find_my_recovery",
    "find_proven_identity",
    "find_recovery",
    "find_relying_party",
    "find_visitor",
    "get_console_key",
    "get_grant",
    "get_invitation",
    "get_member",
    "get_my_attempt",
    "get_my_proof",
    "get_myself",
    "get_person",
    "get_program_key",
    "get_recovery",
    "get_relying_party",
    "get_relying_party_of_program",
    "get_review",
    "get_reviewed_grant",
    "get_role",
    "get_signal",
    "get_team",
    "get_used",
    "get_visitor",
    "get_ways_in",
    "is_staff",
    "is_staff_anywhere",
    "knows_secret",
    "list_claim_roles",
    "list_delegations",
    "list_grants",
    "list_held",
    "list_holders",
    "list_members",
    "list_my_proofs",
    "list_program_keys",
    "list_published_keys",
    "list_releases",
    "list_relying_parties",
    "list_reviewed_grants",
    "list_reviews",
    "list_rights",
    "list_roles",
    "list_sandbox_people",
    "list_signals",
    "list_signed_in",
    "list_signing_keys",
    "list_staff_sign_ins",
    "list_teams",
    "list_used",
    "logo_is_shown",
    "names_of",
    "read_members",
    "sign_as_console",
    "what_is_offered",
]
