"""The service at a glance: who owns it, what it uses and what may be set."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.cases import permissions as cases
from townhall.capabilities.notify import permissions as notify
from townhall.capabilities.pay import permissions as pay
from townhall.machinery.actors import inner_permission, permission
from townhall.machinery.dials import dial
from townhall.machinery.service import Service
from townhall.machinery.wording import Wording

READ = permission("payments.read", _("See payment notices that do not fit"))
RUN = inner_permission("payments.run", _("Run the service by itself"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dials:
    receipts: bool = dial(
        True,
        label=_("Send payers a receipt by email"),
        hint=_("To the address that they give when they pay."),
    )


PAYMENTS = Service(
    slug="payments",
    title=Wording("Payments", "Taliadau"),
    owner=Wording("Finance", "Cyllid"),
    uses=frozenset(
        {RUN, READ, pay.READ, pay.REFUND, cases.OPEN, notify.SEND, notify.EDIT_TEMPLATES}
    ),
    dials=Dials,
    reaching_beyond=frozenset({READ}),  # a notice may be about a payment for any service
    staff_roles={
        "administrator": frozenset(
            {READ, pay.SEE, pay.GIVE_BACK, pay.APPROVE, pay.MANAGE, pay.ACCOUNT}
        ),
        "caseworker": frozenset({READ, pay.SEE, pay.GIVE_BACK}),
    },
)
