from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import inner_permission, permission

OPEN = inner_permission(
    "cases.open", _("Put work in the queue, and finish it whoever has claimed it")
)
WORK = permission("cases.work", _("See the queue of cases, claim them and close them"))
