"""What may be asked of identity."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import inner_permission, permission

KNOW_PEOPLE = inner_permission(
    "identity.know_people", _("See who people are and how to reach them")
)
MANAGE_PEOPLE = permission("identity.manage_people", _("Manage staff, their roles and their teams"))
RUN_INSTALLATION = permission("identity.run_installation", _("Run the whole installation"))
SIGN_IN = inner_permission("identity.sign_in", _("Record who signs in and out"))
PROVE_SELF = inner_permission("identity.prove_self", _("Prove who one is"))
PROVE_PEOPLE = permission(
    "identity.prove_people", _("Prove who people are at the counter, and settle signals of fraud")
)
CHECK_EVIDENCE = inner_permission("identity.check_evidence", _("Note what evidence is worth"))
