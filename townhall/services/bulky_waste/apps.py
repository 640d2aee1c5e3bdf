from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.machinery.holdings import holds
from townhall.machinery.navigation import staff_page
from townhall.machinery.service import offer


class BulkyWasteConfig(AppConfig):
    name = "townhall.services.bulky_waste"

    def ready(self) -> None:
        # these need the models, which are there only now
        from townhall.machinery.dials import register_dials  # noqa: PLC0415
        from townhall.services.bulky_waste import queries, service  # noqa: PLC0415

        offer(service.BULKY_WASTE, requests=queries.list_my_requests)
        register_dials(service.BULKY_WASTE.slug, _("Bulky waste collection"), service.Dials)
        holds(
            service.BULKY_WASTE.slug,
            _("Bulky waste collections"),
            goes=_("who asked for a collection and at which address, notes and photos"),
            list_held=queries.list_held,
            list_delays=queries.list_delays,
            find_names=queries.find_names,
        )
        staff_page(_("Today's round"), "bulky_waste:round", service.ROUND, everywhere=True)
        staff_page(_("Bulky waste"), "bulky_waste:find", service.MANAGE, everywhere=True)
        staff_page(_("Bulky waste figures"), "bulky_waste:figures", service.FIGURES)
