from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.machinery.dials import SET_DIALS
from townhall.machinery.navigation import staff_page
from townhall.machinery.service import offer


class AdministrationConfig(AppConfig):
    name = "townhall.services.administration"

    def ready(self) -> None:
        # these need the models, which are there only now
        from townhall.machinery.work import RUN  # noqa: PLC0415
        from townhall.services.administration.service import (  # noqa: PLC0415
            ADMINISTRATION,
            INDEX,
        )

        offer(ADMINISTRATION)
        staff_page(_("Staff pages"), "administration:index", INDEX, everywhere=True, narrowed=True)
        staff_page(_("Settings"), "administration:settings", SET_DIALS)
        staff_page(_("Failed work"), "administration:work", RUN)
