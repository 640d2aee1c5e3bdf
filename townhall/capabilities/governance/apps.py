from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.governance import permissions
from townhall.machinery.navigation import staff_page


class GovernanceConfig(AppConfig):
    name = "townhall.capabilities.governance"

    def ready(self) -> None:
        staff_page(_("Audit"), "governance:audit", permissions.READ_AUDIT)
