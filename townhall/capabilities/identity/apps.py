from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.machinery.holdings import holds, knows_addresses
from townhall.machinery.navigation import resident_page, staff_page


class IdentityConfig(AppConfig):
    name = "townhall.capabilities.identity"

    def ready(self) -> None:
        from townhall.capabilities.identity import permissions, queries  # noqa: PLC0415
        from townhall.capabilities.identity.dials import OWNER, OrganisationDials  # noqa: PLC0415
        from townhall.machinery.dials import register_dials  # noqa: PLC0415  # needs models

        register_dials(OWNER, _("Your organisation"), OrganisationDials)
        knows_addresses(queries.list_proved_addresses)
        holds(
            "identity",
            _("Your account"),
            goes=_(
                "your name, how to reach you, how you sign in, and what you proved of who you are"
            ),
            stays=_(
                "Who looked at your data, when and why: with a number in place of your name, for "
                "as long as this website runs. We must be able to show it (UK GDPR, Article 5(2)). "
                "If you proved who you are: a mark of each document, which shows neither its "
                "number nor whose it is, until the proof would have expired. With it nobody can "
                "prove who they are in several accounts."
            ),
            list_held=queries.list_held,
            list_delays=queries.list_delays,
        )
        self._list_pages_of_residents()
        staff_page(_("Prove who someone is"), "identity:counter", permissions.PROVE_PEOPLE)
        staff_page(_("Signals of fraud"), "identity:signals", permissions.PROVE_PEOPLE)
        staff_page(_("Staff, roles and teams"), "identity:people", permissions.MANAGE_PEOPLE)
        staff_page(
            _("Services that people sign in to"),
            "identity:relying_parties",
            permissions.MANAGE_RELYING_PARTIES,
        )

    def _list_pages_of_residents(self) -> None:
        resident_page(
            _("What you have proved"),
            "identity:proofs",
            hint=_("How sure we are of who you are, until when, and by which documents"),
        )
        resident_page(
            _("How you sign in"),
            "mfa_index",
            hint=_("Passkeys, codes, passwords, and the devices where you are signed in"),
        )
        resident_page(
            _("Acting for someone"),
            "identity:delegations",
            hint=_("Let someone use our services for you, or use them for someone else"),
        )
        resident_page(
            _("Services that used my identity"),
            "identity:services",
            hint=_("What they were told and when, and how to stop it"),
        )
