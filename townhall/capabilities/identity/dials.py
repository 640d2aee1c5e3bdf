"""What an organisation says of itself on every page and message, and asks of who signs in."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from townhall.machinery.dials import Colour, Picture, dial
from townhall.machinery.wording import Wording

OWNER = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationDials:
    name: Wording = dial(
        Wording("Townhall"), label=_("Name"), hint=_("At the top of every page and in messages")
    )
    colour: Colour = dial(Colour("#1d70b8"), label=_("Colour"), hint=_("Of the top of every page"))
    logo: Picture = dial(
        Picture(""), label=_("Logo"), hint=_("Beside the name, at the top of every page")
    )
    unused_days: int = dial(
        90,
        label=_("Days without use after which a role of staff is reviewed"),
        lowest=7,
        highest=730,
    )
    contact: Wording = dial(
        Wording(""),
        label=_("How to contact you"),
        hint=_("For people who cannot do what they need on these pages"),
    )
    passkey_roles: tuple[str, ...] = dial(
        (),
        label=_("Roles that need a passkey"),
        hint=_(
            "Names of roles, each on a line of its own. An app for one-time codes is not enough "
            "for whoever is in one of them"
        ),
    )
    trusted_days: int = dial(
        30,
        label=_("Days for which residents may trust a device"),
        hint=_(
            "In these days it does not ask for their second factor again. 0 is never. Staff are "
            "always asked"
        ),
        lowest=0,
        highest=90,
    )
