"""Every read of identity."""

from townhall.capabilities.identity.queries.openid import (
    find_agreed,
    find_code,
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
from townhall.capabilities.identity.queries.proofs import (
    find_proven_identity,
)
from townhall.capabilities.identity.queries.staff_sign_in import (
    list_claim_roles,
    list_staff_sign_ins,
)

__all__ = [
    "find_agreed",
    "find_code",
    "find_proven_identity",
    "find_relying_party",
    "get_member",
    "get_person",
    "get_relying_party",
    "get_relying_party_of_program",
    "get_role",
    "get_team",
    "get_used",
    "knows_secret",
    "list_claim_roles",
    "list_members",
    "list_published_keys",
    "list_releases",
    "list_relying_parties",
    "list_roles",
    "list_signing_keys",
    "list_staff_sign_ins",
    "list_teams",
    "list_used",
    "logo_is_shown",
    "names_of",
]
