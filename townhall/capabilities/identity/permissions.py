"""What may be asked of identity."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import inner_permission, permission

KNOW_PEOPLE = inner_permission(
    "identity.know_people", _("See who people are and how to reach them")
)
MANAGE_PEOPLE = permission("identity.manage_people", _("Manage staff, their roles and their teams"))
READ_MEMBERS = permission(
    "identity.read_members", _("Read who works here and in which roles, for other programs")
)
DELEGATE = inner_permission(
    "identity.delegate", _("Let someone act for one, and act for others who ask for it")
)
SEE_REQUESTS = inner_permission(
    "identity.see_requests",
    _("See what one has asked for, or the one for whom one acts in the services they named"),
)
CHECK_KEYS = inner_permission("identity.check_keys", _("Find whose a program's key is"))
INVITE = inner_permission(
    "identity.invite", _("Tell someone that they are asked to act for another")
)
RUN_INSTALLATION = permission("identity.run_installation", _("Run the whole installation"))
CHANGE_SELF = inner_permission(
    "identity.change_self", _("Correct one's own details, and delete one's own account")
)
SIGN_IN = inner_permission("identity.sign_in", _("Record who signs in and out"))
PROVE_SELF = inner_permission("identity.prove_self", _("Prove who one is"))
PROVE_PEOPLE = permission(
    "identity.prove_people", _("Prove who people are at the counter, and settle signals of fraud")
)
CHECK_EVIDENCE = inner_permission("identity.check_evidence", _("Note what evidence is worth"))
MANAGE_RELYING_PARTIES = permission(
    "identity.manage_relying_parties", _("Manage the services of others that people sign in to")
)
SHARE_IDENTITY = inner_permission(
    "identity.share_identity", _("Sign in to other services, and see what they were told")
)
RELEASE = inner_permission(
    "identity.release", _("Tell a service that someone signed in to who they are")
)
