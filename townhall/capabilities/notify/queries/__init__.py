"""Reading messages, templates and keys: for staff, and for programs with their keys."""

from townhall.capabilities.notify.queries.callbacks import (
    can_answer,
    get_callback,
    list_callbacks,
    list_failed_callbacks,
    list_texts,
)
from townhall.capabilities.notify.queries.figures import (
    get_figures,
    get_sender_line,
    list_sender_lines,
)
from townhall.capabilities.notify.queries.histories import (
    get_email_shown,
    get_history,
    get_sent_letter,
    get_template_title,
    list_sent_messages,
)
from townhall.capabilities.notify.queries.pricing import list_tariffs
from townhall.capabilities.notify.queries.programs import (
    get_message_of_program,
    get_paper_of_program,
    get_template_of_program,
    identify_program,
    list_messages_of_program,
    list_received_texts,
    list_templates_of_program,
    preview_for_program,
)
from townhall.capabilities.notify.queries.senders import (
    get_contact_block,
    get_origin,
    list_origins,
    list_senders,
    list_senders_for_keys,
)
from townhall.capabilities.notify.queries.staff import (
    get_from_address,
    get_key,
    get_message,
    get_sandbox_message,
    get_template,
    get_template_version,
    list_keys,
    list_sandbox_messages,
    list_template_versions,
    list_templates,
)

__all__ = [
    "can_answer",
    "get_callback",
    "get_contact_block",
    "get_email_shown",
    "get_figures",
    "get_from_address",
    "get_history",
    "get_key",
    "get_message",
    "get_message_of_program",
    "get_origin",
    "get_paper_of_program",
    "get_sandbox_message",
    "get_sender_line",
    "get_sent_letter",
    "get_template",
    "get_template_of_program",
    "get_template_title",
    "get_template_version",
    "identify_program",
    "list_callbacks",
    "list_failed_callbacks",
    "list_keys",
    "list_messages_of_program",
    "list_origins",
    "list_received_texts",
    "list_sandbox_messages",
    "list_sender_lines",
    "list_senders",
    "list_senders_for_keys",
    "list_sent_messages",
    "list_tariffs",
    "list_template_versions",
    "list_templates",
    "list_templates_of_program",
    "list_texts",
    "preview_for_program",
]
