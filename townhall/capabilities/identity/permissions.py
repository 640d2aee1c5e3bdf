"""What may be asked of identity."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import inner_permission, permission

KNOW_PEOPLE = inner_permission(
    "identity.know_people", _("See who people are and how to reach them")
)
MANAGE_PEOPLE = permission("identity.manage_people", _("Manage staff, their roles and their teams"))
RUN_INSTALLATION = permission("identity.run_installation", _("Run the whole installation"))
CHANGE_SELF = inner_permission(
    "identity.change_self", _("Correct one's own details, and delete one's own account")
)
SIGN_IN = inner_permission("identity.sign_in", _("Record who signs in and out"))
