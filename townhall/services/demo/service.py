"""What the demo may do: everything, in a town where nothing is real."""

from dataclasses import dataclass

from townhall.capabilities.identity import permissions as identity
from townhall.capabilities.notify import permissions as notify
from townhall.capabilities.pay import permissions as pay
from townhall.capabilities.places import permissions as places
from townhall.machinery.actors import inner_permission
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.service import Service
from townhall.machinery.wording import Wording

PLAY = inner_permission("demo.play", "Act as anyone in the demo town")

DEMO = Service(
    slug="demo",
    title=Wording("Demo town"),
    owner=Wording("Townhall"),
    uses=frozenset(
        {
            PLAY,
            SET_DIALS,
            identity.KNOW_PEOPLE,
            identity.MANAGE_PEOPLE,
            identity.RUN_INSTALLATION,
            notify.EDIT_TEMPLATES,
            notify.MANAGE_KEYS,
            notify.SEE_SANDBOX,
            notify.OPEN_SENDERS,
            pay.MANAGE,
            pay.USE_SANDBOX,
            pay.READ,
            places.FIND_ADDRESSES,
            places.LOAD_ADDRESSES,
        }
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """Someone of the demo town whom anyone may be."""

    key: str
    name: str
    email: str
    phone: str
    role: str  # "" for a resident
    tries: str  # what to try as them


PLAYERS = (
    Player(
        key="resident",
        name="Megan Rees",
        email="megan.rees@resident.example",
        phone="07700 900123",
        role="",
        tries="See My requests, change a day, cancel, and see who looked at your data.",
    ),
    Player(
        key="crew",
        name="Tomos Bowen",
        email="tomos.bowen@pontafon.example",
        phone="07700 900456",
        role="crew",
        tries="Open today's round on a phone and record a visit with a photo.",
    ),
    Player(
        key="caseworker",
        name="Sara Khan",
        email="sara.khan@pontafon.example",
        phone="01632 960321",
        role="caseworker",
        tries="Take a case that went wrong, decide it, and read what the resident is told.",
    ),
    Player(
        key="administrator",
        name="Gwen Ellis",
        email="gwen.ellis@pontafon.example",
        phone="01632 960654",
        role="administrator",
        tries="Change a price, close a day, reword an email, and look at the figures.",
    ),
)
