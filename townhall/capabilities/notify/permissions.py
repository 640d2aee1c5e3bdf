"""What someone may do with messages."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import permission

SEND = permission("notify.send", _("Send messages"))
READ = permission("notify.read", _("See what became of the messages that were sent"))
EDIT_TEMPLATES = permission("notify.edit_templates", _("See and change the wording of messages"))
MANAGE_KEYS = permission("notify.manage_keys", _("Make and revoke keys for programs that send"))

# Held by nobody: the capability acts with these by itself.
DELIVER = permission("notify.deliver", _("Hand messages to their carrier (not for people)"))
CHECK_TOKENS = permission("notify.check_tokens", _("Check programs' tokens (not for people)"))
SEE_SANDBOX = permission("notify.see_sandbox", _("See the sandbox mailbox (only in the demo)"))
