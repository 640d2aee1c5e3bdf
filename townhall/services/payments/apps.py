from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.machinery.navigation import staff_page
from townhall.machinery.service import offer
from townhall.services.payments.service import PAYMENTS, READ


class PaymentsConfig(AppConfig):
    name = "townhall.services.payments"
    label = "payments"

    def ready(self) -> None:
        offer(PAYMENTS)
        staff_page(_("Payment notices that do not fit"), "payments:notices", READ)
