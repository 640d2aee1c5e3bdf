from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from townhall.capabilities.bookings import models
from townhall.capabilities.bookings.errors import HoldExpired, SlotFull
from townhall.capabilities.bookings.operations import (
    cancel_booking,
    confirm_booking,
    hold_place,
    move_booking,
    release_lapsed_holds,
    release_places,
)
from townhall.capabilities.bookings.queries import get_slot, list_free_slots, list_slots
from townhall.capabilities.bookings.records import State
from townhall.capabilities.bookings.tests.make import (
    LATER,
    LONG_AGO,
    MONDAY,
    NEIGHBOUR,
    NOBODY,
    STAFF,
    hold,
    lapsed_hold,
    make_slot,
    slots_that_miscount,
    taken,
    week_after,
)
from townhall.machinery.errors import NotAllowed, NotFound
from townhall.machinery.models import AuditEntry

pytestmark = pytest.mark.django_db


def state_of(booking_id: UUID) -> str:
    return models.Booking.objects.get(id=booking_id).state


def test_the_last_place_goes_to_whoever_asks_first() -> None:
    slot = make_slot(capacity=1)
    first = hold(slot)

    with pytest.raises(SlotFull):
        hold(slot)

    assert (first.state, first.slot_id, first.held_until) == (State.HELD, slot.id, LATER)
    assert taken(slot.id) == 1
    assert slots_that_miscount() == 0


def test_holding_a_place_is_two_statements_and_the_audit() -> None:
    slot = make_slot()

    with CaptureQueriesContext(connection) as captured:
        hold(slot)

    kinds = [query["sql"].split()[0] for query in captured]
    assert [kind for kind in kinds if kind not in {"SAVEPOINT", "RELEASE"}] == [
        "UPDATE",
        "INSERT",
        "INSERT",
    ]


def test_a_refused_hold_leaves_no_trace() -> None:
    slot = make_slot()
    before = AuditEntry.objects.count()

    with pytest.raises(NotAllowed):
        hold(slot, actor=NOBODY)

    assert taken(slot.id) == 0
    assert AuditEntry.objects.count() == before


def test_each_hold_takes_a_place_of_its_own() -> None:
    slot, subject_id = make_slot(capacity=2), uuid4()

    first = hold_place(STAFF, slot_id=slot.id, subject_id=subject_id, until=LATER)
    second = hold_place(STAFF, slot_id=slot.id, subject_id=subject_id, until=LATER)

    assert first.id != second.id
    assert taken(slot.id) == 2


def test_a_slot_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        hold_place(STAFF, slot_id=uuid4(), subject_id=uuid4(), until=LATER)
    with pytest.raises(NotFound):
        get_slot(STAFF, uuid4())


def test_a_full_slot_gives_the_place_of_a_lapsed_hold_to_the_next_who_asks() -> None:
    slot = make_slot(capacity=2)
    kept, lapsed = hold(slot), lapsed_hold(slot)

    taken_over = hold(slot)

    assert state_of(lapsed.id) == State.EXPIRED
    assert state_of(kept.id) == state_of(taken_over.id) == State.HELD
    assert taken(slot.id) == 2
    with pytest.raises(SlotFull):
        hold(slot)


def test_a_lapsed_hold_counts_as_free_before_anyone_has_given_it_back() -> None:
    slot = make_slot(capacity=2)
    hold(slot)
    lapsed_hold(slot)

    free = list_free_slots(STAFF, calendar="bulky", after=LONG_AGO)

    assert [each.places_left for each in free] == [1]
    assert get_slot(STAFF, slot.id).places_left == 1
    assert taken(slot.id) == 2


def test_holds_expire_by_themselves() -> None:
    slot, neighbours = make_slot(capacity=3), make_slot(actor=NEIGHBOUR)
    hold(neighbours, until=LONG_AGO, actor=NEIGHBOUR)
    lapsed, kept, confirmed = lapsed_hold(slot), hold(slot), lapsed_hold(slot)
    confirm_booking(STAFF, confirmed.id)

    for _repeated in range(2):
        release_places()

    assert state_of(lapsed.id) == State.EXPIRED
    assert state_of(kept.id) == State.HELD
    assert state_of(confirmed.id) == State.CONFIRMED
    assert taken(slot.id) == 2
    assert get_slot(NEIGHBOUR, neighbours.id).places_left == 1
    assert slots_that_miscount() == 0


def test_all_lapsed_holds_are_released_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    slot = make_slot(capacity=5)
    for _ in range(5):
        lapsed_hold(slot)
    monkeypatch.setattr("townhall.capabilities.bookings.operations.BATCH", 2)

    release_places()

    assert taken(slot.id) == 0


def test_a_minute_without_lapsed_holds_is_one_statement_and_no_audit() -> None:
    hold(make_slot())
    before = AuditEntry.objects.count()

    with CaptureQueriesContext(connection) as captured:
        release_places()

    assert len(captured) == 1
    assert AuditEntry.objects.count() == before


def test_nobody_releases_holds_without_permission() -> None:
    with pytest.raises(NotAllowed):
        release_lapsed_holds(NOBODY)


def test_a_held_place_is_confirmed_and_a_second_time_does_nothing() -> None:
    slot = make_slot()
    held = hold(slot)

    confirmed = confirm_booking(STAFF, held.id)
    again = confirm_booking(STAFF, held.id)

    assert (confirmed.state, confirmed.held_until) == (State.CONFIRMED, None)
    assert again == confirmed
    assert taken(slot.id) == 1


def test_a_lapsed_hold_that_nobody_wanted_is_confirmed_all_the_same() -> None:
    slot = make_slot()
    held = lapsed_hold(slot)

    confirmed = confirm_booking(STAFF, held.id)

    assert confirmed.state == State.CONFIRMED
    assert taken(slot.id) == 1


def test_an_expired_hold_takes_its_place_again_while_there_is_room() -> None:
    slot = make_slot()
    held = lapsed_hold(slot)
    release_places()

    confirmed = confirm_booking(STAFF, held.id)

    assert confirmed.state == State.CONFIRMED
    assert taken(slot.id) == 1
    assert models.Booking.objects.get(id=held.id).ended_at is None


def test_an_expired_hold_of_a_full_slot_is_refused() -> None:
    slot = make_slot()
    late = lapsed_hold(slot)
    hold(slot)

    with pytest.raises(HoldExpired):
        confirm_booking(STAFF, late.id)

    assert state_of(late.id) == State.EXPIRED
    assert taken(slot.id) == 1


def test_a_cancelled_booking_is_not_confirmed_however_much_room_there_is() -> None:
    held = hold(make_slot(capacity=5))
    cancel_booking(STAFF, held.id)

    with pytest.raises(HoldExpired):
        confirm_booking(STAFF, held.id)

    assert state_of(held.id) == State.CANCELLED


@pytest.mark.parametrize("confirmed", [False, True])
def test_cancelling_gives_the_place_back_once(confirmed: bool) -> None:
    slot = make_slot(capacity=2)
    hold(slot)
    booked = hold(slot)
    if confirmed:
        confirm_booking(STAFF, booked.id)

    cancelled = cancel_booking(STAFF, booked.id)
    again = cancel_booking(STAFF, booked.id)

    assert (cancelled.state, cancelled.held_until) == (State.CANCELLED, None)
    assert again == cancelled
    assert taken(slot.id) == 1


def test_cancelling_what_has_expired_gives_nothing_back_and_is_final() -> None:
    slot = make_slot(capacity=2)
    hold(slot)
    late = lapsed_hold(slot)
    release_places()

    cancelled = cancel_booking(STAFF, late.id)

    assert cancelled.state == State.CANCELLED
    assert taken(slot.id) == 1
    with pytest.raises(HoldExpired):
        confirm_booking(STAFF, late.id)


def test_moving_takes_the_new_place_and_gives_the_old_one_back() -> None:
    old, new = make_slot(), make_slot(on=week_after(MONDAY))
    booked = hold(old)

    moved = move_booking(STAFF, booked.id, slot_id=new.id)
    again = move_booking(STAFF, booked.id, slot_id=new.id)

    assert (moved.id, moved.slot_id, moved.state) == (booked.id, new.id, State.HELD)
    assert again == moved
    assert (taken(old.id), taken(new.id)) == (0, 1)
    assert slots_that_miscount() == 0


def test_moving_to_a_full_slot_leaves_the_booking_where_it_was() -> None:
    old, new = make_slot(), make_slot(on=week_after(MONDAY))
    booked = hold(old)
    hold(new)

    with pytest.raises(SlotFull):
        move_booking(STAFF, booked.id, slot_id=new.id)

    assert models.Booking.objects.get(id=booked.id).slot_id == old.id
    assert (taken(old.id), taken(new.id)) == (1, 1)


def test_moving_takes_over_the_place_of_a_lapsed_hold() -> None:
    old, new = make_slot(), make_slot(on=week_after(MONDAY))
    booked, lapsed = hold(old), lapsed_hold(new)

    move_booking(STAFF, booked.id, slot_id=new.id)

    assert state_of(lapsed.id) == State.EXPIRED
    assert slots_that_miscount() == 0


def test_a_booking_without_a_place_is_not_moved() -> None:
    old, new = make_slot(), make_slot(on=week_after(MONDAY))
    booked = hold(old)
    cancel_booking(STAFF, booked.id)

    with pytest.raises(HoldExpired):
        move_booking(STAFF, booked.id, slot_id=new.id)

    assert (taken(old.id), taken(new.id)) == (0, 0)


def test_a_booking_moves_to_no_slot_that_is_not_there() -> None:
    booked = hold(make_slot())

    with pytest.raises(NotFound):
        move_booking(STAFF, booked.id, slot_id=uuid4())

    assert slots_that_miscount() == 0


def test_bookings_are_changed_with_permission_only() -> None:
    slot = make_slot()
    booked = hold(slot)

    with pytest.raises(NotAllowed):
        confirm_booking(NOBODY, booked.id)
    with pytest.raises(NotAllowed):
        cancel_booking(NOBODY, booked.id)
    with pytest.raises(NotAllowed):
        move_booking(NOBODY, booked.id, slot_id=slot.id)

    assert state_of(booked.id) == State.HELD


def test_another_organisation_finds_no_slot_and_no_booking() -> None:
    slot, theirs = make_slot(), make_slot(actor=NEIGHBOUR, on=week_after(MONDAY))
    booked, lapsed = hold(slot), lapsed_hold(make_slot(calendar="tip"))

    assert list_slots(NEIGHBOUR, calendar="tip", after=LONG_AGO) == []
    for refused in (
        lambda: get_slot(NEIGHBOUR, slot.id),
        lambda: hold(slot, actor=NEIGHBOUR),
        lambda: confirm_booking(NEIGHBOUR, booked.id),
        lambda: cancel_booking(NEIGHBOUR, booked.id),
        lambda: move_booking(NEIGHBOUR, booked.id, slot_id=theirs.id),
        lambda: move_booking(STAFF, booked.id, slot_id=theirs.id),
    ):
        with pytest.raises(NotFound):
            refused()

    assert release_lapsed_holds(NEIGHBOUR) == 0
    assert state_of(lapsed.id) == state_of(booked.id) == State.HELD
    assert get_slot(NEIGHBOUR, theirs.id).places_left == 1
