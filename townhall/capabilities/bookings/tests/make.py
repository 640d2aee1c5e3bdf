"""Slots, bookings and askers for tests."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Lock, Thread
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection, connections

from townhall.capabilities.bookings import models, permissions, records
from townhall.capabilities.bookings.operations import hold_place, make_slots
from townhall.capabilities.bookings.queries import list_slots
from townhall.capabilities.bookings.records import Division, Rule
from townhall.machinery.actors import Actor
from townhall.machinery.dials import Weekday

TOWN, OTHER_TOWN = uuid4(), uuid4()
EVERYTHING = frozenset({permissions.SEE_SLOTS, permissions.BOOK, permissions.MAKE_SLOTS})
STAFF = Actor("test", EVERYTHING, TOWN)
NEIGHBOUR = Actor("test", EVERYTHING, OTHER_TOWN)
NOBODY = Actor("stranger", frozenset(), TOWN)

MONDAY = date(2027, 3, 1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LATER = datetime(2099, 1, 1, tzinfo=UTC)  # a hold until then does not lapse here


def make_rule(
    *,
    weekdays: tuple[Weekday, ...] = (Weekday.MONDAY, Weekday.WEDNESDAY),
    capacity: int = 1,
    opens: time = time(7),
    closes: time = time(17),
    division: str = Division.ENGLAND_AND_WALES,
    closed_on: tuple[date, ...] = (),
) -> Rule:
    return Rule(
        weekdays=weekdays,
        capacity=capacity,
        opens=opens,
        closes=closes,
        division=division,
        closed_on=closed_on,
    )


def make_slot(
    *, capacity: int = 1, on: date = MONDAY, actor: Actor = STAFF, calendar: str = "bulky"
) -> records.Slot:
    rule = make_rule(weekdays=tuple(Weekday), capacity=capacity)
    make_slots(actor, calendar=calendar, rule=rule, first_on=on, last_on=on)
    slots = list_slots(actor, calendar=calendar, after=LONG_AGO)
    return next(slot for slot in slots if slot.starts_at.date() == on)


def hold(slot: records.Slot, *, until: datetime = LATER, actor: Actor = STAFF) -> records.Booking:
    return hold_place(actor, slot_id=slot.id, subject_id=uuid4(), until=until)


def lapsed_hold(slot: records.Slot) -> records.Booking:
    """A hold whose time is over, and whose place nobody has given back yet."""
    return hold(slot, until=LONG_AGO)


def week_after(day: date) -> date:
    return day + timedelta(weeks=1)


def taken(slot_id: UUID) -> int:
    return models.Slot.visible_to(STAFF).get(id=slot_id).taken


def slots_that_miscount() -> int:
    """How many slots, at one moment, have another number taken than their bookings say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM bookings_slot slot WHERE taken <> (SELECT count(*) FROM "
            "bookings_booking WHERE slot_id = slot.id AND state IN ('held', 'confirmed'))"
        )
        row = cursor.fetchone()
    return int(row[0])


def at_once(count: int, act: Callable[[int], None]) -> None:
    """Call `act` with 0, 1, 2... in threads that start together, each on its own connection.

    The connections are made outside the pool, so that there are as many as threads. The first
    error of any thread is raised here.
    """
    errors: list[BaseException] = []
    ready, one_writer = Barrier(count), Lock()

    def run(number: int) -> None:
        own = _connect_outside_the_pool()
        try:
            ready.wait(timeout=60)
            act(number)
        except BaseException as error:  # noqa: BLE001  raised again below, in the test's thread
            with one_writer:
                errors.append(error)
        finally:
            own()

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def _connect_outside_the_pool() -> Callable[[], None]:
    """Give this thread a connection of its own; return what closes it."""
    settings = connections[DEFAULT_DB_ALIAS].settings_dict
    options = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
    own = type(connections[DEFAULT_DB_ALIAS])({**settings, "OPTIONS": options}, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = own
    own.ensure_connection()
    return own.close
