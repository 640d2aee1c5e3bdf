"""Sending messages, taking them to the carrier, and keeping templates and keys."""

from townhall.capabilities.notify.operations.delivery import (
    carry,
    deliver,
    fail_message,
    mark_sent,
    mark_simulated,
    put_off,
    wipe_messages,
    wipe_old_messages,
)
from townhall.capabilities.notify.operations.keys import make_api_key, revoke_api_key
from townhall.capabilities.notify.operations.sending import (
    send_email,
    send_for_program,
    send_ready_email,
)
from townhall.capabilities.notify.operations.templates import (
    edit_template,
    ensure_templates,
    make_template,
)

__all__ = [
    "carry",
    "deliver",
    "edit_template",
    "ensure_templates",
    "fail_message",
    "make_api_key",
    "make_template",
    "mark_sent",
    "mark_simulated",
    "put_off",
    "revoke_api_key",
    "send_email",
    "send_for_program",
    "send_ready_email",
    "wipe_messages",
    "wipe_old_messages",
]
