"""Every write about people, roles, teams and organisations."""

from townhall.capabilities.identity.operations.accounts import (
    ask_email_change,
    ask_erasure,
    cancel_erasure,
    change_email,
    correct_person,
    count_try,
)
from townhall.capabilities.identity.operations.erasing import (
    erase,
    erase_person,
    erase_whom_it_is_time_for,
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
from townhall.capabilities.identity.operations.sign_ins import (
    record_failed_code,
    record_new_recovery_codes,
    record_new_second_factor,
    record_removed_second_factor,
    record_second_factor,
    record_sign_in,
    record_sign_out,
)

__all__ = [
    "add_default_roles",
    "add_member",
    "add_organisation",
    "add_person",
    "add_role",
    "add_team",
    "ask_email_change",
    "ask_erasure",
    "cancel_erasure",
    "change_email",
    "change_member",
    "change_role",
    "correct_person",
    "count_try",
    "enrol_totp",
    "erase",
    "erase_person",
    "erase_whom_it_is_time_for",
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
]
