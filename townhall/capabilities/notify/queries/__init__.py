"""Reading messages, templates and keys: for staff, and for programs with their keys."""

from townhall.capabilities.notify.queries.callbacks import (
    can_answer,
    get_callback,
    list_callbacks,
    list_failed_callbacks,
    list_texts,
)
from townhall.capabilities.notify.queries.printing import (
    list_letters_to_print,
    list_papers_to_print,
)
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
from townhall.capabilities.notify.queries.suppliers import list_suppliers

__all__ = [
    "can_answer",
    "get_callback",
    "get_contact_block",
    "get_from_address",
    "get_key",
    "get_message",
    "get_message_of_program",
    "get_origin",
    "get_paper_of_program",
    "get_sandbox_message",
    "get_template",
    "get_template_of_program",
    "get_template_version",
    "identify_program",
    "list_callbacks",
    "list_failed_callbacks",
    "list_keys",
    "list_letters_to_print",
    "list_messages_of_program",
    "list_origins",
    "list_papers_to_print",
    "list_received_texts",
    "list_sandbox_messages",
    "list_senders",
    "list_senders_for_keys",
    "list_suppliers",
    "list_template_versions",
    "list_templates",
    "list_templates_of_program",
    "list_texts",
    "preview_for_program",
]
