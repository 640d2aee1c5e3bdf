"""What may be done with money."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import inner_permission

START = inner_permission("pay.start", _("Ask for a payment"))
READ = inner_permission("pay.read", _("See payments, refunds and the notices about them"))
REFUND = inner_permission("pay.refund", _("Give money back"))
RECORD = inner_permission("pay.record", _("Record what the payment processor says"))
USE_SANDBOX = inner_permission("pay.use_sandbox", _("Use the sandbox's card page"))
