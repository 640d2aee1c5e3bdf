from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.machinery.dials import register_dials


class PayConfig(AppConfig):
    name = "townhall.capabilities.pay"
    label = "pay"

    def ready(self) -> None:
        from townhall.capabilities.pay.dials import Dials  # noqa: PLC0415  # after the models

        register_dials("pay", _("Payments"), Dials)
