"""What may be asked of identity."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import inner_permission, permission

KNOW_PEOPLE = inner_permission(
    "identity.know_people", _("See who people are and how to reach them")
)
MANAGE_PEOPLE = permission("identity.manage_people", _("Manage staff, their roles and their teams"))
RUN_INSTALLATION = permission("identity.run_installation", _("Run the whole installation"))
SIGN_IN = inner_permission("identity.sign_in", _("Record who signs in and out"))
MANAGE_RELYING_PARTIES = permission(
    "identity.manage_relying_parties", _("Manage the services of others that people sign in to")
)
SHARE_IDENTITY = inner_permission(
    "identity.share_identity", _("Sign in to other services, and see what they were told")
)
RELEASE = inner_permission(
    "identity.release", _("Tell a service that someone signed in to who they are")
)
