"""Django's view of this capability."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.machinery.holdings import holds


class FormsConfig(AppConfig):
    name = "townhall.capabilities.forms"

    def ready(self) -> None:
        from townhall.capabilities.forms import queries  # noqa: PLC0415  # needs models

        holds(
            "forms",
            _("Answers that you have begun to give"),
            goes=_("answers that you have not sent"),
            list_held=queries.list_held,
        )
