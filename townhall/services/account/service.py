"""The service at a glance: who owns it and what it uses."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.governance import permissions as governance
from townhall.capabilities.identity import permissions as identity
from townhall.capabilities.notify import permissions as notify
from townhall.machinery.actors import inner_permission
from townhall.machinery.dials import dial
from townhall.machinery.holdings import SEE_HELD
from townhall.machinery.service import Service
from townhall.machinery.wording import Wording

SEE_OWN = inner_permission("account.see_own", _("See one's own requests"))
RUN = inner_permission("account.run", _("Run the service by itself"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dials:
    days_to_cancel: int = dial(
        14,
        label=_("Days in which someone may still keep the account that they asked to delete"),
        hint=_("It has to be gone within a month of their asking (UK GDPR, Article 12(3))."),
        lowest=1,
        highest=28,
    )


ACCOUNT = Service(
    slug="account",
    title=Wording("My account", "Fy nghyfrif"),
    owner=Wording("Customer services", "Gwasanaethau cwsmeriaid"),
    dials=Dials,
    uses=frozenset(
        {RUN, identity.CHANGE_SELF, identity.INVITE, notify.SEND, notify.EDIT_TEMPLATES}
    ),
    residents_may=frozenset(
        {
            SEE_OWN,
            SEE_HELD,
            governance.SEE_LOOKS,
            identity.CHANGE_SELF,
            identity.DELEGATE,
            identity.SEE_REQUESTS,
            identity.PROVE_SELF,
            identity.SHARE_IDENTITY,
        }
    ),
)
