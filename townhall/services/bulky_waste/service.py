"""The service at a glance: who owns it, what it uses, what can be set."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.bookings import permissions as bookings
from townhall.capabilities.cases import permissions as cases
from townhall.capabilities.forms import permissions as forms
from townhall.capabilities.identity import permissions as identity
from townhall.capabilities.notify import permissions as notify
from townhall.capabilities.pay import permissions as pay
from townhall.capabilities.places import permissions as places
from townhall.machinery.actors import inner_permission, permission
from townhall.machinery.dials import PricedItem, Weekday, dial
from townhall.machinery.money import Money
from townhall.machinery.service import Service
from townhall.machinery.wording import Wording

ASK = inner_permission("bulky_waste.ask", _("Ask for a bulky waste collection"))
ROUND = permission("bulky_waste.round", _("See the day's bulky waste round and record visits"))
MANAGE = permission("bulky_waste.manage", _("See, book, change and cancel anyone's collection"))
FIGURES = permission("bulky_waste.figures", _("See the figures of bulky waste collections"))
RUN = inner_permission("bulky_waste.run", _("Run the service by itself"))


class Division(StrEnum):
    """Whose bank holidays are kept."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"

    @property
    def label(self) -> str:
        return str(_DIVISION_LABELS[self])


_DIVISION_LABELS = {
    Division.ENGLAND_AND_WALES: _("England and Wales"),
    Division.SCOTLAND: _("Scotland"),
    Division.NORTHERN_IRELAND: _("Northern Ireland"),
}


DEFAULT_ITEMS = (
    PricedItem("sofa", Wording("Sofa", "Soffa"), Money(1500)),
    PricedItem("armchair", Wording("Armchair", "Cadair freichiau"), Money(1000)),
    PricedItem("mattress", Wording("Mattress", "Matres"), Money(1200)),
    PricedItem("bed-frame", Wording("Bed frame", "Ffrâm gwely"), Money(1200)),
    PricedItem("wardrobe", Wording("Wardrobe", "Cwpwrdd dillad"), Money(1500)),
    PricedItem("table", Wording("Table", "Bwrdd"), Money(1000)),
    PricedItem("fridge", Wording("Fridge or freezer", "Oergell neu rewgell"), Money(2000)),
    PricedItem("cooker", Wording("Cooker", "Popty"), Money(1500)),
    PricedItem("washing-machine", Wording("Washing machine", "Peiriant golchi"), Money(1500)),
    PricedItem("carpet", Wording("Carpet, rolled up", "Carped, wedi'i rolio"), Money(800)),
)


@dataclass(frozen=True)
class Dials:
    items: tuple[PricedItem, ...] = dial(
        DEFAULT_ITEMS, label=_("What is collected, and the price of each"), lowest=1, highest=60
    )
    most_items: int = dial(5, label=_("Most items in one collection"), lowest=1, highest=20)
    collection_days: tuple[Weekday, ...] = dial(
        (Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.FRIDAY),
        label=_("Days of the week with collections"),
        lowest=1,
    )
    places_a_day: int = dial(12, label=_("Most collections in a day"), lowest=0, highest=500)
    closed_on: tuple[date, ...] = dial(
        (), label=_("Days without collections"), hint=_("Bank holidays are left out already.")
    )
    division: Division = dial(Division.ENGLAND_AND_WALES, label=_("Bank holidays"))
    notice_working_days: int = dial(
        2, label=_("Working days between booking and the first day offered"), lowest=0, highest=20
    )
    weeks_ahead: int = dial(6, label=_("Weeks that can be booked ahead"), lowest=1, highest=26)
    from_hour: int = dial(
        7, label=_("Hour by which things must be out"), hint=_("7 is 7am"), lowest=0, highest=22
    )
    until_hour: int = dial(
        15, label=_("Hour by which the crew has been"), hint=_("15 is 3pm"), lowest=1, highest=23
    )
    hold_minutes: int = dial(
        30, label=_("Minutes a place is kept for someone paying"), lowest=5, highest=120
    )
    change_working_days: int = dial(
        2,
        label=_("Working days before the collection until which it may be changed"),
        lowest=0,
        highest=20,
    )
    refund_percent: int = dial(
        100, label=_("Percent refunded when cancelled in time"), lowest=0, highest=100
    )
    late_refund_percent: int = dial(
        0, label=_("Percent refunded when cancelled later than that"), lowest=0, highest=100
    )
    introduction: Wording = dial(
        Wording(
            "Book a collection for large things from your home, such as a sofa, a fridge or a "
            "bed. We collect from outside your home; we cannot come in.",
            "Trefnwch gasgliad o bethau mawr o'ch cartref, fel soffa, oergell neu wely. Rydym yn "
            "casglu o'r tu allan i'ch cartref; ni allwn ddod i mewn.",
        ),
        label=_("Text on the start page"),
        highest=2000,
    )
    instructions: Wording = dial(
        Wording(
            "Put your items outside, at the front of your home, where we can reach them from the "
            "road. Take doors off fridges and freezers only if it is safe.",
            "Rhowch eich eitemau y tu allan, o flaen eich cartref, lle gallwn eu cyrraedd o'r "
            "ffordd. Tynnwch ddrysau oergelloedd a rhewgelloedd dim ond os yw'n ddiogel.",
        ),
        label=_("What to do before the collection"),
        highest=2000,
    )


BULKY_WASTE = Service(
    slug="bulky-waste",
    title=Wording("Bulky waste collection", "Casglu gwastraff swmpus"),
    owner=Wording("Waste and recycling", "Gwastraff ac ailgylchu"),
    summary=Wording(
        "Have large things taken away, such as a sofa, a bed or a fridge.",
        "Trefnwch i bethau mawr gael eu cludo ymaith, fel soffa, gwely neu oergell.",
    ),
    start_url="bulky_waste:start",
    dials=Dials,
    uses=frozenset(
        {
            RUN,
            bookings.SEE_SLOTS,
            bookings.BOOK,
            bookings.MAKE_SLOTS,
            cases.OPEN,
            cases.WORK,
            identity.KNOW_PEOPLE,
            notify.SEND,
            notify.EDIT_TEMPLATES,
            pay.START,
            pay.READ,
            pay.REFUND,
            places.FIND_ADDRESSES,
        }
    ),
    residents_may=frozenset({ASK, forms.FILL}),
    for_others=True,
    staff_roles={
        "crew": frozenset({ROUND}),
        "caseworker": frozenset({MANAGE}),
        "administrator": frozenset({FIGURES, MANAGE}),
    },
)
