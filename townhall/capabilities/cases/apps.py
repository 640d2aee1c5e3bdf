from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.cases import permissions
from townhall.machinery.navigation import staff_page


class CasesConfig(AppConfig):
    name = "townhall.capabilities.cases"

    def ready(self) -> None:
        staff_page(_("Cases"), "cases:queue", permissions.WORK, everywhere=True, narrowed=True)
