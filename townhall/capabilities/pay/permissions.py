"""What may be done with money."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import inner_permission, permission

START = inner_permission("pay.start", _("Ask for a payment"))
READ = inner_permission("pay.read", _("See payments, refunds and the notices about them"))
REFUND = inner_permission("pay.refund", _("Give money back"))
RECORD = inner_permission("pay.record", _("Record what the payment processor says"))
PAY = inner_permission("pay.pay", _("Pay on the card page"))
USE_SANDBOX = inner_permission("pay.use_sandbox", _("Use the sandbox's pages"))
CHECK_KEYS = inner_permission("pay.check_keys", _("Find whose an API key is"))
TELL = inner_permission("pay.tell", _("Tell programs what became of their payments"))

SEE = permission("pay.see", _("See payments, refunds and disputes, and export them"))
GIVE_BACK = permission("pay.give_back", _("Refund payments, and cancel payments and agreements"))
APPROVE = permission("pay.approve", _("Approve refunds that someone else proposed"))
MANAGE = permission("pay.manage", _("Manage tills, their keys, webhooks and payment links"))
ACCOUNT = permission("pay.account", _("See the ledger, explain what does not match, and write off"))
