from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import permission

SEE_LOOKS = permission("governance.see_looks", _("See who looked at one's own data"))
READ_AUDIT = permission("governance.read_audit", _("Read the audit of who did what"))
VERIFY_AUDIT = permission("governance.verify_audit", _("Verify that nobody altered the audit"))
