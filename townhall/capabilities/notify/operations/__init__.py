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
from townhall.capabilities.notify.operations.keys import make_api_key, revoke_api_key
from townhall.capabilities.notify.operations.origins import add_origin, make_usual, remove_origin
from townhall.capabilities.notify.operations.papers import accept_paper, check_paper, look_at_paper
from townhall.capabilities.notify.operations.printing import mark_posted
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
from townhall.capabilities.notify.operations.sending import send_email, send_ready_email
from townhall.capabilities.notify.operations.templates import (
    edit_template,
    ensure_templates,
    make_template,
)

__all__ = [
    "accept_paper",
    "add_callback",
    "add_origin",
    "answer_sandbox_text",
    "call_back",
    "carry",
    "check_paper",
    "deliver",
    "edit_template",
    "ensure_templates",
    "fail_message",
    "keep_paper",
    "look_at_paper",
    "make_api_key",
    "make_client_fixtures",
    "make_template",
    "make_usual",
    "mark_posted",
    "mark_sent",
    "mark_simulated",
    "note_answer",
    "post_callback",
    "put_off",
    "receive_text",
    "remove_callback",
    "remove_origin",
    "revoke_api_key",
    "send_email",
    "send_email_for_program",
    "send_letter_for_program",
    "send_precompiled_for_program",
    "send_ready_email",
    "send_text_for_program",
    "take_firetext_receipt",
    "take_firetext_text",
    "take_receipt",
    "take_twilio_status",
    "take_twilio_text",
    "try_again",
    "wipe_messages",
    "wipe_old_messages",
]
