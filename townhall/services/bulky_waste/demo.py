"""Twelve weeks of bulky waste in the demo town, and the weeks to come."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from townhall.capabilities.bookings import permissions as bookings
from townhall.capabilities.bookings.operations import release_lapsed_holds
from townhall.capabilities.cases import permissions as cases
from townhall.capabilities.cases.operations import close_case
from townhall.capabilities.cases.queries import list_cases
from townhall.capabilities.pay import permissions as pay
from townhall.capabilities.pay.operations import (
    follow_up_payments,
    pay_in_sandbox,
    tell_outcome,
)
from townhall.capabilities.pay.records import CardResult, Telling
from townhall.capabilities.places.queries import list_addresses
from townhall.machinery.actors import Actor
from townhall.machinery.demo import Town, tells
from townhall.machinery.dial_values import set_dial
from townhall.machinery.dials import SET_DIALS, Weekday
from townhall.services.bulky_waste import operations, queries, records
from townhall.services.bulky_waste.service import (
    ASK,
    BULKY_WASTE,
    DEFAULT_ITEMS,
    MANAGE,
    ROUND,
    Dials,
)

WEEKS_BEHIND = 12
PLACES_A_DAY = 6
FIRST_NAMES = [
    "Aled",
    "Bethan",
    "Carys",
    "Dafydd",
    "Elin",
    "Farida",
    "Gareth",
    "Hannah",
    "Imran",
    "Jess",
    "Kofi",
    "Lowri",
    "Mair",
]
LAST_NAMES = (
    "Adeyemi",
    "Begum",
    "Clarke",
    "Davies",
    "Evans",
    "Foster",
    "Griffiths",
    "Hughes",
    "Iqbal",
    "Jones",
)
POSTCODES = [f"AA1 1A{letter}" for letter in "ABDEFGHJLNPQRSTUWXYZ"]
NOTES = {
    records.Visit.NOT_OUT: "Nothing at the front, and nobody in. We waited five minutes.",
    records.Visit.WRONG_ITEMS: "There was a piano instead. It needs four people.",
}


class Cast:
    """Who does what in this story."""

    def __init__(self, town: Town) -> None:
        self.town = town
        of = town.organisation.id
        self.anyone = Actor("resident", frozenset({ASK}), of)
        self.resident = Actor("resident", frozenset({ASK}), of, town.players["resident"])
        self.crew = Actor("staff:crew", frozenset({ROUND}), of, town.players["crew"])
        may = frozenset({ASK, MANAGE, cases.WORK})
        self.caseworker = Actor("staff:caseworker", may, of, town.players["caseworker"])
        self.service = BULKY_WASTE.acting_alone(of)
        may = frozenset({SET_DIALS})
        self.administrator = Actor("staff:administrator", may, of, town.players["administrator"])
        suppliers = frozenset({pay.USE_SANDBOX, pay.READ, pay.START, bookings.BOOK})
        self.supplier = Actor("service:demo", suppliers, of)
        self.homes = [
            address.uprn
            for postcode in POSTCODES
            for address in list_addresses(self.service, postcode=postcode)
        ]

    def settle(self) -> None:
        """What is queued happens; the processor's own notices do not: we have asked it already."""
        self.town.settle(dropped=(tell_outcome.name,))


@tells
def tell(town: Town) -> None:
    cast = Cast(town)
    today = timezone.localdate()
    first = today - timedelta(weeks=WEEKS_BEHIND)
    with town.at(_moment(first - timedelta(days=1), 9)):
        _set_dials(cast, today)
    for number in range((today - first).days):
        day = first + timedelta(days=number)
        if number % 7 == 0:
            town.say(f"bulky waste: week {number // 7 + 1} of {WEEKS_BEHIND}")
        _live_through(cast, day, is_recent=(today - day).days <= 9)
    with town.at(_moment(today, 0) + timedelta(minutes=5)):
        operations.follow_dials(cast.service)
        cast.settle()
    _tell_today(cast, today)


def _set_dials(cast: Cast, today: date) -> None:
    """Collections on today's weekday too, so that there is a round to look at."""
    days = {*Dials().collection_days, list(Weekday)[today.weekday()]}
    values = {
        "collection_days": tuple(day for day in Weekday if day in days),
        "places_a_day": PLACES_A_DAY,
        "notice_working_days": 1,
    }
    for name, value in values.items():
        set_dial(cast.administrator, BULKY_WASTE.slug, name, value=value)
    cast.settle()


def _live_through(cast: Cast, day: date, *, is_recent: bool) -> None:
    """One day of the past: what was booked, what the crew found, what staff decided."""
    with cast.town.at(_moment(day, 3)):
        if day.weekday() == 0:
            operations.follow_dials(cast.service)
    with cast.town.at(_moment(day, 9)):
        for _ in range(cast.town.random.choice([1, 2, 2, 3])):
            _book(cast, cast.anyone, most_days=12)
        if day.toordinal() % 28 == 0:
            _book(cast, cast.resident, most_days=12)
        cast.settle()
    with cast.town.at(_moment(day, 14)):
        follow_up_payments()  # which ends those that were given up in the morning
        _visit(cast, day)
        cast.settle()
        if not is_recent:
            _decide(cast)
            cast.settle()


def _book(
    cast: Cast, who: Actor, *, most_days: int, slot_id: UUID | None = None
) -> records.Collection | None:
    """One booking, paid as bookings are: most at once, some at the second try, a few never."""
    dice = cast.town.random
    soon = timezone.now() + timedelta(days=most_days)
    free = [d.id for d in queries.list_days(who) if d.places_left and d.starts_at < soon]
    if not free and slot_id is None:
        return None
    collection = operations.request_collection(
        who,
        uprn=dice.choice(cast.homes),
        items={item.code: 1 for item in dice.sample(DEFAULT_ITEMS, dice.choice([1, 1, 2, 3]))},
        slot_id=slot_id or dice.choice(free),
        contact=_contact(cast, who),
    )
    chance = dice.random()
    if chance < 0.04:
        return collection  # never comes back from the card page
    if chance < 0.09:
        _pay(cast, who, collection.id, CardResult.DECLINED)
        cast.settle()
    _pay(cast, who, collection.id, CardResult.PAYS)
    cast.settle()
    if chance > 0.95 and who is cast.anyone:
        operations.cancel_collection(cast.caseworker, collection.id)
    return collection


def _contact(cast: Cast, who: Actor) -> records.Contact:
    dice = cast.town.random
    if who is cast.resident:
        return records.Contact(
            name="Megan Rees", email="megan.rees@resident.example", phone="+447700900123"
        )
    first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
    return records.Contact(
        name=f"{first} {last}",
        email=f"{first}.{last}{dice.randrange(100)}@resident.example".lower(),
        phone=f"+447700900{dice.randrange(1000):03}",  # Ofcom's range for drama
    )


def _pay(cast: Cast, who: Actor, collection_id: UUID, result: CardResult) -> None:
    """With one of the sandbox's cards."""
    payment_id = operations.pay_again(who, collection_id)
    pay_in_sandbox(cast.supplier, payment_id, result=result)


def _visit(cast: Cast, day: date) -> None:
    for stop in queries.list_round(cast.crew, on=day):
        chance = cast.town.random.random()
        visit = records.Visit.COLLECTED
        if chance > 0.9:
            visit = records.Visit.NOT_OUT if chance < 0.96 else records.Visit.WRONG_ITEMS
        operations.record_visit(cast.crew, stop.id, visit=visit, note=NOTES.get(visit, ""))


def _decide(cast: Cast) -> None:
    """Clear the queue: most are refunded, some are not."""
    for case in list_cases(cast.caseworker).rows:
        wanted = "refund" if cast.town.random.random() < 0.8 else "no-refund"
        note = "" if wanted == "refund" else "We waited, and your booking says items must be out."
        close_case(cast.caseworker, case.id, outcome=wanted, note=note)


def _tell_today(cast: Cast, today: date) -> None:
    """Full days ahead, money that came too late, and Megan's own requests."""
    yesterday = _moment(today - timedelta(days=1), 16)
    with cast.town.at(yesterday):
        days = [day for day in queries.list_days(cast.anyone) if day.places_left]
        _pay_unheard(cast, days[1].id)
    with cast.town.at(yesterday + timedelta(hours=2)):
        release_lapsed_holds(cast.supplier)
        for day in days[:3]:
            _fill(cast, day.id)
        follow_up_payments()
        cast.settle()
    for day in days[3:5]:
        _book(cast, cast.resident, most_days=30, slot_id=day.id)
    cast.settle()
    cast.town.say("bulky waste: full days, a late payment and today's round")


def _pay_unheard(cast: Cast, slot_id: UUID) -> None:
    """Someone whose payment is told only when the time for it is over."""
    collection = operations.request_collection(
        cast.anyone,
        uprn=cast.homes[0],
        items={"sofa": 1},
        slot_id=slot_id,
        contact=_contact(cast, cast.anyone),
    )
    payment_id = operations.pay_again(cast.anyone, collection.id)
    pay_in_sandbox(cast.supplier, payment_id, result=CardResult.PAYS, telling=Telling.LATE)


def _fill(cast: Cast, slot_id: UUID) -> None:
    while any(day.id == slot_id and day.places_left for day in queries.list_days(cast.anyone)):
        _book(cast, cast.anyone, most_days=30, slot_id=slot_id)


def _moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
