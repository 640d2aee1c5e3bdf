from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.machinery.dials import register_dials
from townhall.machinery.navigation import staff_page
from townhall.machinery.service import offer
from townhall.services.payments.service import PAYMENTS, READ, Dials


class PaymentsConfig(AppConfig):
    name = "townhall.services.payments"
    label = "payments"

    def ready(self) -> None:
        offer(PAYMENTS)
        register_dials(PAYMENTS.slug, _("Receipts"), Dials)
        staff_page(_("Payment notices that do not fit"), "payments:notices", READ)
