"""Every write about people, roles, teams and organisations."""

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
    "add_default_roles",
    "add_member",
    "add_organisation",
    "add_person",
    "add_role",
    "add_team",
    "admit_staff",
    "change_member",
    "change_role",
    "enrol_totp",
    "fetch_staff_claims",
    "find_staff_sign_in",
    "give_by_claim",
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
    "stop_giving_by_claim",
]
