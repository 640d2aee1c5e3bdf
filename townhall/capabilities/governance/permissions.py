from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import inner_permission, permission

SEE_LOOKS = inner_permission("governance.see_looks", _("See who looked at one's own data"))
READ_AUDIT = permission("governance.read_audit", _("Read the audit of who did what"))
VERIFY_AUDIT = inner_permission(
    "governance.verify_audit", _("Verify that nobody altered the audit")
)
