from datetime import UTC, date, datetime, time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.bookings import models, permissions, rules
from townhall.capabilities.bookings.errors import SlotFull
from townhall.capabilities.bookings.operations import (
    cancel_booking,
    confirm_booking,
    make_slots,
    move_booking,
)
from townhall.capabilities.bookings.queries import get_slot, list_free_slots, list_slots
from townhall.capabilities.bookings.records import Rule, Slot
from townhall.capabilities.bookings.tests.make import (
    LONG_AGO,
    MONDAY,
    NEIGHBOUR,
    NOBODY,
    STAFF,
    hold,
    make_rule,
    slots_that_miscount,
)
from townhall.machinery.dials import Weekday
from townhall.machinery.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db

SUNDAY_NEXT = MONDAY + timedelta(days=6)
WEDNESDAY = MONDAY + timedelta(days=2)


def follow(rule: Rule, *, last_on: date = SUNDAY_NEXT) -> int:
    return make_slots(STAFF, calendar="bulky", rule=rule, first_on=MONDAY, last_on=last_on)


def slots() -> dict[date, Slot]:
    found = list_slots(STAFF, calendar="bulky", after=LONG_AGO)
    return {rules.local_day(slot.starts_at): slot for slot in found}


def test_slots_are_made_on_the_days_of_the_rule() -> None:
    made = follow(make_rule(capacity=3))

    assert made == 2
    assert list(slots()) == [MONDAY, WEDNESDAY]
    first = slots()[MONDAY]
    assert (first.capacity, first.places_left) == (3, 3)
    assert first.starts_at == datetime(2027, 3, 1, 7, tzinfo=UTC)
    assert first.ends_at == datetime(2027, 3, 1, 17, tzinfo=UTC)


def test_the_first_and_the_last_day_belong_to_it_in_summer_too() -> None:
    june = date(2027, 6, 7)
    rule = make_rule(weekdays=tuple(Weekday), opens=time(0), closes=time(23, 59))

    for _repeated in range(2):
        make_slots(STAFF, calendar="tip", rule=rule, first_on=june, last_on=june)
    make_slots(STAFF, calendar="tip", rule=make_rule(weekdays=()), first_on=june, last_on=june)

    assert list_slots(STAFF, calendar="tip", after=LONG_AGO) == []


def test_making_slots_twice_changes_nothing() -> None:
    follow(make_rule())
    before = slots()

    again = follow(make_rule())

    assert again == 0
    assert slots() == before


def test_making_the_same_slots_again_costs_one_statement_and_the_audit(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    follow(make_rule())

    with django_assert_num_queries(2 + 2):  # and the test's savepoint
        follow(make_rule())


def test_nobody_makes_slots_without_permission() -> None:
    with pytest.raises(NotAllowed):
        make_slots(NOBODY, calendar="bulky", rule=make_rule(), first_on=MONDAY, last_on=MONDAY)

    assert slots() == {}


def test_a_rule_that_makes_no_sense_makes_nothing() -> None:
    with pytest.raises(Invalid):
        follow(make_rule(capacity=-1))


def test_more_or_fewer_places_are_followed() -> None:
    follow(make_rule(capacity=2))

    follow(make_rule(capacity=5))
    more = slots()[MONDAY].places_left
    follow(make_rule(capacity=1))

    assert more == 5
    assert slots()[MONDAY].places_left == 1


def test_fewer_places_than_are_taken_leave_those_who_booked_alone() -> None:
    follow(make_rule(capacity=3))
    booked = [hold(slots()[MONDAY]) for _ in range(3)]

    follow(make_rule(capacity=1))

    slot = slots()[MONDAY]
    assert (slot.capacity, slot.places_left) == (3, 0)
    assert [confirm_booking(STAFF, each.id).slot_id for each in booked] == [slot.id] * 3


def test_a_place_given_back_above_the_rule_is_not_offered_again() -> None:
    follow(make_rule(capacity=3))
    booked = [hold(slots()[MONDAY]) for _ in range(3)]
    follow(make_rule(capacity=2))

    cancel_booking(STAFF, booked[0].id)
    left_at_two = slots()[MONDAY].places_left
    cancel_booking(STAFF, booked[1].id)

    assert left_at_two == 0
    assert slots()[MONDAY].places_left == 1
    assert slots()[MONDAY].capacity == 2


def test_a_day_that_the_rule_no_longer_has_disappears() -> None:
    follow(make_rule())

    follow(make_rule(closed_on=(WEDNESDAY,)))

    assert list(slots()) == [MONDAY]
    assert models.Slot.objects.count() == 1


def test_a_booked_day_that_the_rule_no_longer_has_is_closed_for_good() -> None:
    follow(make_rule(capacity=2))
    slot = slots()[WEDNESDAY]
    booked = hold(slot)

    follow(make_rule(capacity=2, closed_on=(WEDNESDAY,)))
    full = get_slot(STAFF, slot.id)
    with pytest.raises(SlotFull):
        hold(slot)
    cancel_booking(STAFF, booked.id)

    assert (full.capacity, full.places_left) == (1, 0)
    with pytest.raises(SlotFull):
        hold(slot)
    assert list(slots()) == [MONDAY]


def test_a_closed_day_opens_again_with_its_bookings() -> None:
    follow(make_rule(capacity=2))
    hold(slots()[WEDNESDAY])
    follow(make_rule(capacity=2, closed_on=(WEDNESDAY,)))

    made = follow(make_rule(capacity=2))

    assert made == 0
    assert slots()[WEDNESDAY].places_left == 1
    assert slots_that_miscount() == 0


def test_new_hours_keep_the_slot_and_its_bookings() -> None:
    follow(make_rule(capacity=2))
    booked = hold(slots()[MONDAY])

    made = follow(make_rule(capacity=2, opens=time(9), closes=time(12)))

    slot = slots()[MONDAY]
    assert made == 0
    assert slot.id == booked.slot_id
    assert (slot.starts_at.hour, slot.ends_at.hour, slot.places_left) == (9, 12, 1)


def test_days_outside_the_range_and_other_calendars_are_left_alone() -> None:
    follow(make_rule(), last_on=MONDAY + timedelta(days=13))
    make_slots(STAFF, calendar="garden", rule=make_rule(), first_on=MONDAY, last_on=MONDAY)
    make_slots(NEIGHBOUR, calendar="bulky", rule=make_rule(), first_on=MONDAY, last_on=MONDAY)

    follow(make_rule(weekdays=()))

    assert [day.day for day in slots()] == [8, 10]
    assert len(list_slots(STAFF, calendar="garden", after=LONG_AGO)) == 1
    assert len(list_slots(NEIGHBOUR, calendar="bulky", after=LONG_AGO)) == 1


def test_slots_are_listed_between_two_moments_soonest_first() -> None:
    follow(make_rule(), last_on=MONDAY + timedelta(days=13))
    monday, wednesday, next_monday, _last = slots().values()
    hold(wednesday)

    between = list_slots(
        STAFF, calendar="bulky", after=monday.starts_at, until=next_monday.starts_at
    )
    free = list_free_slots(STAFF, calendar="bulky", after=monday.starts_at)

    assert [slot.id for slot in between] == [wednesday.id]
    assert next_monday.id in [slot.id for slot in free]
    assert wednesday.id not in [slot.id for slot in free]


def test_a_list_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    follow(make_rule())

    with django_assert_num_queries(1):
        slots()


def test_slots_are_seen_with_permission_only() -> None:
    may_book = type(STAFF)("test", frozenset({permissions.BOOK}), STAFF.organisation_id)

    with pytest.raises(NotAllowed):
        list_slots(may_book, calendar="bulky", after=LONG_AGO)
    with pytest.raises(NotAllowed):
        list_free_slots(may_book, calendar="bulky", after=LONG_AGO)


def test_moving_to_a_closed_day_is_refused() -> None:
    follow(make_rule(capacity=2))
    booked, wednesday = hold(slots()[MONDAY]), slots()[WEDNESDAY]
    hold(wednesday)
    follow(make_rule(capacity=2, closed_on=(WEDNESDAY,)))

    with pytest.raises(SlotFull):
        move_booking(STAFF, booked.id, slot_id=wednesday.id)

    assert slots_that_miscount() == 0
