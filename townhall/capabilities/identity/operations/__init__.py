"""Every write about people, roles, teams and organisations."""

from townhall.capabilities.identity.operations import (
    evidence_inspection,
)
from townhall.capabilities.identity.operations.accounts import (
    ask_email_change,
    ask_erasure,
    cancel_erasure,
    change_email,
    correct_person,
    count_try,
)
from townhall.capabilities.identity.operations.checking import (
    check_at_counter,
    check_my_evidence,
    conclude_attempt,
    note_finding,
    note_silence,
    note_visit,
)
from townhall.capabilities.identity.operations.console import (
    open_console,
)
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
from townhall.capabilities.identity.operations.delegations import (
    accept_delegation,
    begin_acting,
    end_delegation,
    offer_delegation,
)
from townhall.capabilities.identity.operations.devices import (
    forget_ended_sessions,
    sign_out_device,
    sign_out_everywhere,
    sign_out_member,
)
from townhall.capabilities.identity.operations.erasing import (
    erase,
    erase_person,
    erase_whom_it_is_time_for,
)
from townhall.capabilities.identity.operations.grants import (
    add_missing_permissions,
    end_grant,
    grant_role,
    set_team_services,
)
from townhall.capabilities.identity.operations.openid import (
    forget_releases,
    note_assertion,
    redeem_code,
    release_userinfo,
    revoke_release,
    start_release,
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
    remove_member,
    rename_team,
)
from townhall.capabilities.identity.operations.program_keys import (
    make_program_key,
    renew_program_key,
    revoke_program_key,
    use_program_key,
)
from townhall.capabilities.identity.operations.proofs import (
    end_disputed_proof,
    forget_old_proofs,
    remove_proof,
    settle_signal,
)
from townhall.capabilities.identity.operations.proving import (
    answer_question,
    ask_for_counter,
    begin_proving,
    keep_photo,
    note_given,
    send_evidence,
    stop_proving,
)
from townhall.capabilities.identity.operations.recovery import (
    ask_for_recovery,
    finish_recovery,
    stop_recovery,
)
from townhall.capabilities.identity.operations.relying_parties import (
    change_relying_party,
    close_relying_party,
    fetch_every_key,
    fetch_keys,
    fetch_keys_of,
    keep_keys,
    open_relying_party,
    register_once,
    register_relying_party,
    renew_relying_party_secret,
    set_relying_party_logo,
)
from townhall.capabilities.identity.operations.reviews import (
    end_reviewed_grant,
    keep_grant,
    open_review,
    open_reviews,
)
from townhall.capabilities.identity.operations.second_factors import (
    enrol_totp,
    remove_second_factor,
)
from townhall.capabilities.identity.operations.sharing import (
    agree_to_share,
    stop_sharing,
)
from townhall.capabilities.identity.operations.sign_ins import (
    open_account,
    record_failed_code,
    record_second_factor,
    record_sign_in,
    record_sign_out,
)
from townhall.capabilities.identity.operations.signing_keys import (
    prepare_signing_keys,
    rotate_due_keys,
    rotate_signing_keys,
    withdraw_signing_keys,
)
from townhall.capabilities.identity.operations.signing_out import (
    end_session,
    post_logout_token,
    tell_signed_out,
)
from townhall.capabilities.identity.operations.staff_sign_in import (
    admit_staff,
    fetch_staff_claims,
    find_staff_sign_in,
    give_by_claim,
    stop_giving_by_claim,
)
from townhall.capabilities.identity.operations.telling_proofs import (
    tell_outcome,
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
    "agree_to_share",
    "answer_question",
    "ask_email_change",
    "ask_erasure",
    "ask_for_counter",
    "ask_for_recovery",
    "begin_acting",
    "begin_proving",
    "cancel_erasure",
    "change_email",
    "change_member",
    "change_relying_party",
    "change_role",
    "check_at_counter",
    "check_my_evidence",
    "choose_password",
    "close_relying_party",
    "conclude_attempt",
    "correct_person",
    "count_try",
    "end_delegation",
    "end_disputed_proof",
    "end_grant",
    "end_reviewed_grant",
    "end_session",
    "enrol_totp",
    "erase",
    "erase_person",
    "erase_whom_it_is_time_for",
    "evidence_inspection",
    "fetch_every_key",
    "fetch_keys",
    "fetch_keys_of",
    "fetch_staff_claims",
    "find_staff_sign_in",
    "finish_recovery",
    "forget_ended_sessions",
    "forget_old_proofs",
    "forget_releases",
    "give_by_claim",
    "grant_role",
    "keep_grant",
    "keep_keys",
    "keep_photo",
    "make_program_key",
    "note_assertion",
    "note_finding",
    "note_given",
    "note_silence",
    "note_visit",
    "offer_delegation",
    "open_account",
    "open_console",
    "open_relying_party",
    "open_review",
    "open_reviews",
    "post_logout_token",
    "prepare_signing_keys",
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
    "redeem_code",
    "register_once",
    "register_relying_party",
    "release_userinfo",
    "remove_member",
    "remove_password",
    "remove_proof",
    "remove_second_factor",
    "rename_team",
    "renew_program_key",
    "renew_relying_party_secret",
    "revoke_program_key",
    "revoke_release",
    "rotate_due_keys",
    "rotate_signing_keys",
    "send_evidence",
    "set_relying_party_logo",
    "set_team_services",
    "settle_signal",
    "sign_out_device",
    "sign_out_everywhere",
    "sign_out_member",
    "start_release",
    "stop_giving_by_claim",
    "stop_proving",
    "stop_recovery",
    "stop_sharing",
    "tell_outcome",
    "tell_signed_out",
    "use_program_key",
    "withdraw_signing_keys",
]
