from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.machinery.dials import register_dials
from townhall.machinery.navigation import staff_page


class PayConfig(AppConfig):
    name = "townhall.capabilities.pay"
    label = "pay"

    def ready(self) -> None:
        from townhall.capabilities.pay import permissions  # noqa: PLC0415  # after the models
        from townhall.capabilities.pay.dials import Dials  # noqa: PLC0415

        register_dials("pay", _("Payments"), Dials)
        staff_page(_("Payments"), "pay:transactions", permissions.SEE, narrowed=True)
        staff_page(_("Takings"), "pay:takings", permissions.SEE)
        staff_page(_("Disputes"), "pay:disputes", permissions.SEE, narrowed=True)
        staff_page(_("Agreements for further payments"), "pay:agreements", permissions.SEE)
        staff_page(_("Refunds to approve"), "pay:approvals", permissions.APPROVE, narrowed=True)
        staff_page(_("Tills"), "pay:tills", permissions.MANAGE)
        staff_page(_("Ledger"), "pay:ledger", permissions.ACCOUNT)
        staff_page(_("Payment links"), "pay:links", permissions.MANAGE)
        staff_page(_("Reconciliation"), "pay:reconciliation", permissions.ACCOUNT)
