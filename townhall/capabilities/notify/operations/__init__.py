"""Sending messages, taking them to their supplier, telling programs; templates and keys."""

from townhall.capabilities.notify.operations.batches import (
    cancel_batch,
    cancel_batch_of_program,
    keep_list,
    pause_batch,
    pause_batch_of_program,
    resume_batch,
    resume_batch_of_program,
    send_batch_for_program,
    start_list,
)
from townhall.capabilities.notify.operations.callbacks import (
    add_callback,
    call_back,
    note_answer,
    post_callback,
    remove_callback,
    try_again,
)
from townhall.capabilities.notify.operations.chunks import (
    make_chunk,
    make_messages,
)
from townhall.capabilities.notify.operations.counting import (
    count_again,
    count_days,
)
from townhall.capabilities.notify.operations.delivery import (
    carry,
    deliver,
    fail_message,
    keep_paper,
    mark_sent,
    mark_simulated,
    put_off,
    take_receipt,
)
from townhall.capabilities.notify.operations.files import (
    guess_recipient,
    look_at_files,
    send_email_with_files_for_program,
    wipe_files,
    wipe_old_files,
)
from townhall.capabilities.notify.operations.fixtures import (
    make_client_fixtures,
)
from townhall.capabilities.notify.operations.folders import (
    delete_folder,
    make_folder,
    move_folder,
    move_template,
    rename_folder,
)
from townhall.capabilities.notify.operations.forgetting import forget_person
from townhall.capabilities.notify.operations.going_live import (
    agree_limits,
    approve_going_live,
    ask_to_go_live,
    choose_channels,
    open_sender,
    refuse_going_live,
    set_prefix,
)
from townhall.capabilities.notify.operations.groups import (
    carry_group,
    deliver_group,
    mark_group_sent,
)
from townhall.capabilities.notify.operations.guests import (
    add_guest,
    remove_guest,
)
from townhall.capabilities.notify.operations.invention import (
    invent_messages,
)
from townhall.capabilities.notify.operations.keys import (
    make_api_key,
    revoke_api_key,
)
from townhall.capabilities.notify.operations.origins import (
    add_origin,
    make_usual,
    remove_origin,
    set_contact,
)
from townhall.capabilities.notify.operations.papers import (
    accept_paper,
    check_paper,
    look_at_paper,
)
from townhall.capabilities.notify.operations.printing import (
    mark_posted,
)
from townhall.capabilities.notify.operations.program_templates import (
    archive_template_for_program,
    edit_template_for_program,
    make_template_for_program,
)
from townhall.capabilities.notify.operations.programs import (
    send_email_for_program,
    send_letter_for_program,
    send_precompiled_for_program,
    send_text_for_program,
)
from townhall.capabilities.notify.operations.received import (
    answer_sandbox_text,
    receive_text,
    take_firetext_receipt,
    take_firetext_text,
    take_twilio_status,
    take_twilio_text,
)
from townhall.capabilities.notify.operations.reports import (
    take_complaint,
    take_mail_report,
    take_ses_notice,
)
from townhall.capabilities.notify.operations.resending import (
    send_again,
)
from townhall.capabilities.notify.operations.retention import (
    remove_wiped,
    set_retention,
    wipe_messages,
    wipe_old_messages,
)
from townhall.capabilities.notify.operations.sending import (
    send_email,
    send_ready_email,
)
from townhall.capabilities.notify.operations.singles import (
    cancel_message,
    cancel_message_of_program,
    send_one,
)
from townhall.capabilities.notify.operations.tariffs import (
    set_tariff,
)
from townhall.capabilities.notify.operations.templates import (
    archive_template,
    copy_template,
    edit_template,
    ensure_templates,
    make_template,
    restore_version,
)

__all__ = [
    "accept_paper",
    "add_callback",
    "add_guest",
    "add_origin",
    "agree_limits",
    "answer_sandbox_text",
    "approve_going_live",
    "archive_template",
    "archive_template_for_program",
    "ask_to_go_live",
    "call_back",
    "cancel_batch",
    "cancel_batch_of_program",
    "cancel_message",
    "cancel_message_of_program",
    "carry",
    "carry_group",
    "check_paper",
    "choose_channels",
    "copy_template",
    "count_again",
    "count_days",
    "delete_folder",
    "deliver",
    "deliver_group",
    "edit_template",
    "edit_template_for_program",
    "ensure_templates",
    "fail_message",
    "forget_person",
    "guess_recipient",
    "invent_messages",
    "keep_list",
    "keep_paper",
    "look_at_files",
    "look_at_paper",
    "make_api_key",
    "make_chunk",
    "make_client_fixtures",
    "make_folder",
    "make_messages",
    "make_template",
    "make_template_for_program",
    "make_usual",
    "mark_group_sent",
    "mark_posted",
    "mark_sent",
    "mark_simulated",
    "move_folder",
    "move_template",
    "note_answer",
    "open_sender",
    "pause_batch",
    "pause_batch_of_program",
    "post_callback",
    "put_off",
    "receive_text",
    "refuse_going_live",
    "remove_callback",
    "remove_guest",
    "remove_origin",
    "remove_wiped",
    "rename_folder",
    "restore_version",
    "resume_batch",
    "resume_batch_of_program",
    "revoke_api_key",
    "send_again",
    "send_batch_for_program",
    "send_email",
    "send_email_for_program",
    "send_email_with_files_for_program",
    "send_letter_for_program",
    "send_one",
    "send_precompiled_for_program",
    "send_ready_email",
    "send_text_for_program",
    "set_contact",
    "set_prefix",
    "set_retention",
    "set_tariff",
    "start_list",
    "take_complaint",
    "take_firetext_receipt",
    "take_firetext_text",
    "take_mail_report",
    "take_receipt",
    "take_ses_notice",
    "take_twilio_status",
    "take_twilio_text",
    "try_again",
    "wipe_files",
    "wipe_messages",
    "wipe_old_files",
    "wipe_old_messages",
]
