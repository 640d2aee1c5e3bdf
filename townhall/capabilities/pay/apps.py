from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.machinery.dials import register_dials
from townhall.machinery.holdings import holds
from townhall.machinery.navigation import staff_page


class PayConfig(AppConfig):
    name = "townhall.capabilities.pay"
    label = "pay"

    def ready(self) -> None:
        from townhall.capabilities.pay import permissions, queries  # noqa: PLC0415  # needs models
        from townhall.capabilities.pay.dials import Dials  # noqa: PLC0415

        register_dials("pay", _("Payments"), Dials)
        holds(
            "pay",
            _("Your payments"),
            goes=_("who paid: your name, your email address, and agreements for further payments"),
            stays=_(
                "What was paid, when, what for, and the last digits of the card: for six years "
                "after the end of the financial year (Value Added Tax Act 1994, Schedule 11, and "
                "Limitation Act 1980, section 5)."
            ),
            list_held=queries.list_held,
            list_delays=queries.list_delays,
            find_names=queries.find_names,
        )
        staff_page(_("Payments"), "pay:transactions", permissions.SEE, narrowed=True)
        staff_page(_("Takings"), "pay:takings", permissions.SEE)
        staff_page(_("Disputes"), "pay:disputes", permissions.SEE, narrowed=True)
        staff_page(_("Agreements for further payments"), "pay:agreements", permissions.SEE)
        staff_page(_("Refunds to approve"), "pay:approvals", permissions.APPROVE, narrowed=True)
        staff_page(_("Tills"), "pay:tills", permissions.MANAGE)
        staff_page(_("Ledger"), "pay:ledger", permissions.ACCOUNT)
        staff_page(_("Payment links"), "pay:links", permissions.MANAGE)
        staff_page(_("Reconciliation"), "pay:reconciliation", permissions.ACCOUNT)
