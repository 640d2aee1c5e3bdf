"""Many askers at the same moment, on connections of their own.

TOWNHALL_TEST_SIZE=1000 makes it 1,000 askers for 100 places over 50 connections.
"""

import os
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from random import Random
from threading import Event
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from townhall.capabilities.bookings.errors import HoldExpired, SlotFull
from townhall.capabilities.bookings.operations import (
    cancel_booking,
    confirm_booking,
    make_slots,
    move_booking,
    release_places,
)
from townhall.capabilities.bookings.records import Slot, State
from townhall.capabilities.bookings.tests.make import (
    LATER,
    MONDAY,
    STAFF,
    at_once,
    hold,
    lapsed_hold,
    make_rule,
    make_slot,
    slots_that_miscount,
    taken,
    week_after,
)
from townhall.machinery.dials import Weekday

pytestmark = pytest.mark.django_db(transaction=True)

ASKERS = int(os.environ.get("TOWNHALL_TEST_SIZE", "60"))
PLACES = max(10, ASKERS // 10)
CONNECTIONS = max(10, min(50, ASKERS // 20))


def ask_for_places(slot: Slot, *, askers: int, connections: int) -> Counter[str]:
    """Let so many ask for a place, shared out over the connections; say what they were told."""
    told: list[str] = []
    backends: set[int] = set()

    def ask(number: int) -> None:
        backends.add(connection.connection.info.backend_pid)
        for _asker in range(number, askers, connections):
            try:
                told.append(hold(slot).state)
            except SlotFull as full:
                told.append(full.code)

    at_once(connections, ask)
    assert len(backends) == connections
    return Counter(told)


def test_exactly_as_many_get_a_place_as_there_are_places() -> None:
    slot = make_slot(capacity=PLACES)

    told = ask_for_places(slot, askers=ASKERS, connections=CONNECTIONS)

    assert told == {State.HELD: PLACES, SlotFull.code: ASKERS - PLACES}
    assert taken(slot.id) == PLACES
    assert slots_that_miscount() == 0


def test_places_of_lapsed_holds_are_given_out_once_each() -> None:
    slot = make_slot(capacity=PLACES)
    for _ in range(PLACES):
        lapsed_hold(slot)

    told = ask_for_places(slot, askers=ASKERS, connections=CONNECTIONS)

    assert told[State.HELD] <= PLACES  # one may ask while another is just taking the last over
    assert told[State.HELD] == taken(slot.id)
    assert slots_that_miscount() == 0
    assert ask_for_places(slot, askers=PLACES, connections=1)[SlotFull.code] == told[State.HELD]


def test_two_bookings_that_change_places_do_not_wait_for_each_other_for_ever() -> None:
    slots = [make_slot(capacity=2), make_slot(capacity=2, on=week_after(MONDAY))]
    booked = [hold(slot) for slot in slots]

    def swap(number: int) -> None:
        for turn in range(20):
            to = slots[(number + turn + 1) % 2]
            move_booking(STAFF, booked[number].id, slot_id=to.id)

    at_once(2, swap)

    assert [taken(slot.id) for slot in slots] == [1, 1]
    assert slots_that_miscount() == 0


def test_two_bookings_of_full_slots_cannot_change_places_and_keep_theirs() -> None:
    slots = [make_slot(), make_slot(on=week_after(MONDAY))]
    booked = [hold(slot) for slot in slots]
    refused: list[int] = []

    def swap(number: int) -> None:
        try:
            move_booking(STAFF, booked[number].id, slot_id=slots[1 - number].id)
        except SlotFull:
            refused.append(number)

    at_once(2, swap)

    assert sorted(refused) == [0, 1]
    assert [taken(slot.id) for slot in slots] == [1, 1]


def test_a_booking_cancelled_by_many_at_once_gives_one_place_back() -> None:
    slot = make_slot(capacity=2)
    hold(slot)
    booked = hold(slot)

    def cancel(_number: int) -> None:
        cancel_booking(STAFF, booked.id)

    at_once(8, cancel)

    assert taken(slot.id) == 1


def test_a_hold_that_is_confirmed_while_it_expires_is_one_or_the_other() -> None:
    slot = make_slot(capacity=20)
    booked = [lapsed_hold(slot) for _ in range(20)]

    def confirm_or_release(number: int) -> None:
        for each in booked:
            if number % 2:
                confirm_booking(STAFF, each.id)
            else:
                release_places()

    at_once(4, confirm_or_release)

    assert taken(slot.id) == 20
    assert slots_that_miscount() == 0


def test_taken_is_what_the_bookings_say_at_every_moment_of_a_busy_day() -> None:
    slots = [make_slot(capacity=4, on=day) for day in (MONDAY, week_after(MONDAY))]
    busy, miscounts = 8, list[int]()
    done = [Event() for _ in range(busy)]

    def act_or_count(number: int) -> None:
        if number == busy:
            while not all(each.is_set() for each in done):
                miscounts.append(slots_that_miscount())
            return
        try:
            do_anything(Random(number), slots, times=40)
        finally:
            done[number].set()

    at_once(busy + 1, act_or_count)

    assert len(miscounts) > 10
    assert set(miscounts) == {0}
    assert slots_that_miscount() == 0


def do_anything(choice: Random, slots: list[Slot], *, times: int) -> None:
    """Hold, confirm, cancel, move and expire places, and change how many there are, at random."""
    mine: list[UUID] = []
    for _ in range(times):
        with suppress(SlotFull, HoldExpired):
            mine.append(hold_somewhere(choice, slots))
        with suppress(SlotFull, HoldExpired):
            change_something(choice, slots, mine)


def change_something(choice: Random, slots: list[Slot], mine: list[UUID]) -> None:
    match choice.randrange(5 if mine else 2):
        case 0:
            release_places()
        case 1:
            change_capacity(choice.randint(1, 6))
        case 2:
            confirm_booking(STAFF, choice.choice(mine))
        case 3:
            cancel_booking(STAFF, choice.choice(mine))
        case 4:
            move_booking(STAFF, choice.choice(mine), slot_id=choice.choice(slots).id)


def hold_somewhere(choice: Random, slots: list[Slot]) -> UUID:
    over_soon = timezone.now() + timedelta(milliseconds=50)
    return hold(choice.choice(slots), until=choice.choice([LATER, over_soon])).id


def change_capacity(capacity: int) -> None:
    rule = make_rule(weekdays=(Weekday.MONDAY,), capacity=capacity)
    make_slots(STAFF, calendar="bulky", rule=rule, first_on=MONDAY, last_on=week_after(MONDAY))
