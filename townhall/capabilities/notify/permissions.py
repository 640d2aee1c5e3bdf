"""What someone may do with messages."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import inner_permission, permission

SEND = inner_permission("notify.send", _("Send messages"))
READ = inner_permission("notify.read", _("See what became of the messages that were sent"))
EDIT_TEMPLATES = permission("notify.edit_templates", _("See and change the wording of messages"))
MANAGE_KEYS = permission("notify.manage_keys", _("Make and revoke keys for programs that send"))
READ_TEXTS = permission("notify.read_texts", _("Read the texts and complaints that people send"))
SEND_MESSAGES = permission(
    "notify.send_messages", _("Send messages to one person or to a list of people")
)
READ_MESSAGES = permission(
    "notify.read_messages", _("Read messages that were sent, and send again what failed")
)
SEE_FIGURES = permission("notify.see_figures", _("See how much was sent and what it cost"))
DECIDE_GOING_LIVE = permission(
    "notify.decide_going_live", _("Decide which programs may go live, and how much they may send")
)
OPEN_SENDERS = inner_permission("notify.open_senders", _("Let a sender be live from the start"))
PRINT_LETTERS = permission(
    "notify.print_letters", _("Print letters and say that they are in the post")
)
SEE_SUPPLIERS = permission("notify.see_suppliers", _("See how the suppliers of messages are doing"))

# Held by nobody: the capability acts with these by itself.
DELIVER = inner_permission("notify.deliver", _("Hand messages to their carrier"))
CHECK_TOKENS = inner_permission("notify.check_tokens", _("Check programs' tokens"))
SEE_SANDBOX = inner_permission("notify.see_sandbox", _("See the sandbox mailbox"))
OPEN_FILES = inner_permission("notify.open_files", _("Open a file with its link"))
