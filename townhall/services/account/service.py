"""The service at a glance: who owns it and what it uses."""

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.governance import permissions as governance
from townhall.capabilities.identity import permissions as identity
from townhall.machinery.actors import inner_permission
from townhall.machinery.service import Service
from townhall.machinery.wording import Wording

SEE_OWN = inner_permission("account.see_own", _("See one's own requests"))

ACCOUNT = Service(
    slug="account",
    title=Wording("My account", "Fy nghyfrif"),
    owner=Wording("Customer services", "Gwasanaethau cwsmeriaid"),
    uses=frozenset(),
    residents_may=frozenset({SEE_OWN, governance.SEE_LOOKS, identity.SHARE_IDENTITY}),
)
