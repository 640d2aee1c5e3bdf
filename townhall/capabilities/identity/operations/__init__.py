"""Every write about people, roles, teams and organisations."""

from townhall.capabilities.identity.operations.delegations import (
    accept_delegation,
    begin_acting,
    end_delegation,
    offer_delegation,
)
from townhall.capabilities.identity.operations.grants import (
    add_missing_permissions,
    end_grant,
    grant_role,
    set_team_services,
)
from townhall.capabilities.identity.operations.people import (
    add_default_roles,
    add_member,
    add_organisation,
    add_person,
    add_role,
    add_team,
    change_member,
    change_role,
    enrol_totp,
    remove_member,
    remove_second_factor,
    rename_team,
)
from townhall.capabilities.identity.operations.program_keys import (
    make_program_key,
    renew_program_key,
    revoke_program_key,
    use_program_key,
)
from townhall.capabilities.identity.operations.reviews import (
    end_reviewed_grant,
    keep_grant,
    open_review,
    open_reviews,
)
from townhall.capabilities.identity.operations.sign_ins import (
    record_failed_code,
    record_new_recovery_codes,
    record_new_second_factor,
    record_removed_second_factor,
    record_second_factor,
    record_sign_in,
    record_sign_out,
)
from townhall.capabilities.identity.operations.staff_sign_in import (
    admit_staff,
    fetch_staff_claims,
    find_staff_sign_in,
    give_by_claim,
    stop_giving_by_claim,
)

__all__ = [
    "accept_delegation",
    "add_default_roles",
    "add_member",
    "add_missing_permissions",
    "add_organisation",
    "add_person",
    "add_role",
    "add_team",
    "admit_staff",
    "begin_acting",
    "change_member",
    "change_role",
    "end_delegation",
    "end_grant",
    "end_reviewed_grant",
    "enrol_totp",
    "fetch_staff_claims",
    "find_staff_sign_in",
    "give_by_claim",
    "grant_role",
    "keep_grant",
    "make_program_key",
    "offer_delegation",
    "open_review",
    "open_reviews",
    "record_failed_code",
    "record_new_recovery_codes",
    "record_new_second_factor",
    "record_removed_second_factor",
    "record_second_factor",
    "record_sign_in",
    "record_sign_out",
    "remove_member",
    "remove_second_factor",
    "rename_team",
    "renew_program_key",
    "revoke_program_key",
    "set_team_services",
    "stop_giving_by_claim",
    "use_program_key",
]
