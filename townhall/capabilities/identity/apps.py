from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.machinery.navigation import staff_page


class IdentityConfig(AppConfig):
    name = "townhall.capabilities.identity"

    def ready(self) -> None:
        from townhall.capabilities.identity import permissions  # noqa: PLC0415  # needs models
        from townhall.capabilities.identity.dials import OWNER, OrganisationDials  # noqa: PLC0415
        from townhall.machinery.dials import register_dials  # noqa: PLC0415  # needs models

        register_dials(OWNER, _("Your organisation"), OrganisationDials)
        staff_page(_("Prove who someone is"), "identity:counter", permissions.PROVE_PEOPLE)
        staff_page(_("Signals of fraud"), "identity:signals", permissions.PROVE_PEOPLE)
        staff_page(_("Staff, roles and teams"), "identity:people", permissions.MANAGE_PEOPLE)
