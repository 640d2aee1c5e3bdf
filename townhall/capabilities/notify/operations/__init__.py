"""Sending messages, taking them to their supplier, telling programs; templates and keys."""

from townhall.capabilities.notify.operations.callbacks import (
    add_callback,
    call_back,
    note_answer,
    post_callback,
    remove_callback,
    try_again,
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
    wipe_messages,
    wipe_old_messages,
)
from townhall.capabilities.notify.operations.fixtures import make_client_fixtures
from townhall.capabilities.notify.operations.folders import (
    delete_folder,
    make_folder,
    move_folder,
    move_template,
    rename_folder,
)
from townhall.capabilities.notify.operations.keys import make_api_key, revoke_api_key
from townhall.capabilities.notify.operations.origins import add_origin, make_usual, remove_origin
from townhall.capabilities.notify.operations.papers import accept_paper, check_paper, look_at_paper
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
    take_twilio_status,
    take_twilio_text,
)
from townhall.capabilities.notify.operations.sending import send_email, send_ready_email
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
    "add_origin",
    "answer_sandbox_text",
    "archive_template",
    "archive_template_for_program",
    "call_back",
    "carry",
    "check_paper",
    "copy_template",
    "delete_folder",
    "deliver",
    "edit_template",
    "edit_template_for_program",
    "ensure_templates",
    "fail_message",
    "keep_paper",
    "look_at_paper",
    "make_api_key",
    "make_client_fixtures",
    "make_folder",
    "make_template",
    "make_template_for_program",
    "make_usual",
    "mark_sent",
    "mark_simulated",
    "move_folder",
    "move_template",
    "note_answer",
    "post_callback",
    "put_off",
    "receive_text",
    "remove_callback",
    "remove_origin",
    "rename_folder",
    "restore_version",
    "revoke_api_key",
    "send_email",
    "send_email_for_program",
    "send_letter_for_program",
    "send_precompiled_for_program",
    "send_ready_email",
    "send_text_for_program",
    "take_receipt",
    "take_twilio_status",
    "take_twilio_text",
    "try_again",
    "wipe_messages",
    "wipe_old_messages",
]
