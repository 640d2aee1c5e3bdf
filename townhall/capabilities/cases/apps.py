from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.cases import permissions
from townhall.machinery.holdings import holds
from townhall.machinery.navigation import staff_page


class CasesConfig(AppConfig):
    name = "townhall.capabilities.cases"

    def ready(self) -> None:
        from townhall.capabilities.cases import queries  # noqa: PLC0415  # needs models

        holds(
            "cases",
            _("Work that staff did for you"),
            goes=_("what our staff wrote about you, and that the work was for you"),
            list_held=queries.list_held,
            list_delays=queries.list_delays,
            find_names=queries.find_names,
        )
        staff_page(_("Cases"), "cases:queue", permissions.WORK, everywhere=True, narrowed=True)
