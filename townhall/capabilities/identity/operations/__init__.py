"""Every write about people, roles, teams and organisations."""

from townhall.capabilities.identity.operations.credentials import (
    choose_password,
    record_new_passkey,
    record_new_recovery_codes,
    record_new_second_factor,
    record_password,
    record_removed_passkey,
    record_removed_second_factor,
    remove_password,
)
from townhall.capabilities.identity.operations.devices import (
    forget_ended_sessions,
    sign_out_device,
    sign_out_everywhere,
    sign_out_member,
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
from townhall.capabilities.identity.operations.recovery import (
    ask_for_recovery,
    finish_recovery,
    stop_recovery,
)
from townhall.capabilities.identity.operations.sign_ins import (
    open_account,
    record_failed_code,
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
    "ask_for_recovery",
    "change_member",
    "change_role",
    "choose_password",
    "enrol_totp",
    "finish_recovery",
    "forget_ended_sessions",
    "open_account",
    "record_failed_code",
    "record_new_passkey",
    "record_new_recovery_codes",
    "record_new_second_factor",
    "record_password",
    "record_removed_passkey",
    "record_removed_second_factor",
    "record_second_factor",
    "record_sign_in",
    "record_sign_out",
    "remove_member",
    "remove_password",
    "remove_second_factor",
    "rename_team",
    "sign_out_device",
    "sign_out_everywhere",
    "sign_out_member",
    "stop_recovery",
]
