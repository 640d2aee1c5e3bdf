"""The service at a glance: who owns it and what it uses."""

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.cases import permissions as cases
from townhall.capabilities.pay import permissions as pay
from townhall.machinery.actors import inner_permission, permission
from townhall.machinery.service import Service
from townhall.machinery.wording import Wording

READ = permission("payments.read", _("See payment notices that do not fit"))
RUN = inner_permission("payments.run", _("Run the service by itself"))

PAYMENTS = Service(
    slug="payments",
    title=Wording("Payments", "Taliadau"),
    owner=Wording("Finance", "Cyllid"),
    uses=frozenset({RUN, READ, pay.READ, cases.OPEN}),
    staff_roles={
        "administrator": frozenset(
            {READ, pay.SEE, pay.GIVE_BACK, pay.APPROVE, pay.MANAGE, pay.ACCOUNT}
        ),
        "caseworker": frozenset({READ, pay.SEE, pay.GIVE_BACK}),
    },
)
