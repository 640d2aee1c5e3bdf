"""What may be done with money."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import permission

START = permission("pay.start", _("Ask for a payment"))
READ = permission("pay.read", _("See payments, refunds and the notices about them"))
REFUND = permission("pay.refund", _("Give money back"))
RECORD = permission("pay.record", _("Record what the payment processor says"))
USE_SANDBOX = permission("pay.use_sandbox", _("Use the sandbox's card page"))
