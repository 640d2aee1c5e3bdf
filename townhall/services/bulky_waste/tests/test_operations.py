"""Booking, paying, changing and cancelling, through the doors."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from townhall.capabilities.bookings.errors import SlotFull
from townhall.capabilities.bookings.operations import release_lapsed_holds
from townhall.capabilities.cases.operations import close_case
from townhall.capabilities.cases.queries import list_cases
from townhall.capabilities.pay.operations import check_payment, follow_up_payments
from townhall.capabilities.pay.records import CardResult, Telling
from townhall.machinery.errors import Invalid, NotAllowed, NotFound
from townhall.machinery.money import Money
from townhall.machinery.organisations import Organisation
from townhall.services.bulky_waste import operations, queries
from townhall.services.bulky_waste.errors import NotInThatState, TooLateToChange
from townhall.services.bulky_waste.models import Collection
from townhall.services.bulky_waste.records import Contact, State, Visit
from townhall.services.bulky_waste.service import BULKY_WASTE
from townhall.services.bulky_waste.tests import make

pytestmark = pytest.mark.django_db

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64


@pytest.fixture
def town() -> Organisation:
    return make.make_organisation()


def test_nothing_is_booked_until_the_money_is_in(town: Organisation) -> None:
    collection = make.ask_for_collection(make.make_actor(town))
    make.settle()

    assert collection.state == State.WAITING
    assert collection.price == Money(1500 + 2 * 1200)
    assert not make.letters(town)


def test_paid_is_booked_and_told_with_a_calendar_file(town: Organisation) -> None:
    row = make.booked(town)

    letter = make.letters(town)[0]
    assert row.state == State.BOOKED
    assert "is booked for" in letter.subject
    assert row.reference in letter.text
    assert letter.attachments[0].filename == "collection.ics"


def test_a_request_takes_few_statements(
    town: Organisation, django_assert_max_num_queries: Any
) -> None:
    actor = make.make_actor(town)
    day = queries.list_days(actor)[0]
    contact = Contact(name="Ada", email=make.EMAIL, phone="")

    with django_assert_max_num_queries(15):  # two of them the test's own savepoint
        operations.request_collection(
            actor, uprn="100", items={"sofa": 1}, slot_id=day.id, contact=contact
        )


@pytest.mark.parametrize("items", [{}, {"sofa": 0}, {"sofa": 6}, {"piano": 1}])
def test_items_that_are_not_offered_hold_no_place(
    town: Organisation, items: dict[str, int]
) -> None:
    actor = make.make_actor(town)
    day = queries.list_days(actor)[0]
    contact = Contact(name="Ada", email=make.EMAIL, phone="")

    with pytest.raises(Invalid):
        operations.request_collection(
            actor, uprn="100", items=items, slot_id=day.id, contact=contact
        )

    assert queries.list_days(actor)[0].places_left == day.places_left
    assert not Collection.objects.exists()


def test_a_full_day_is_refused_and_nothing_is_half_done(town: Organisation) -> None:
    make.set_dials(town, places_a_day=1)
    make.booked(town)

    with pytest.raises(SlotFull):
        make.ask_for_collection(make.make_actor(town), uprn="101")

    assert Collection.objects.count() == 1


def test_an_event_that_comes_twice_books_once(town: Organisation) -> None:
    row = make.booked(town)

    operations.book_collection(BULKY_WASTE.acting_alone(town.id), row.id, payment_id=row.payment_id)
    make.settle()

    assert len(make.letters(town)) == 1
    assert not make.refunds(town, row.payment_id)


def test_a_declined_card_may_be_tried_again(town: Organisation) -> None:
    collection = make.ask_for_collection(make.make_actor(town))
    declined = make.pay_for(town, collection.id, result=CardResult.DECLINED)

    paid = make.pay_for(town, collection.id)

    assert Collection.objects.get().state == State.BOOKED
    assert paid != declined


def test_paying_again_while_one_payment_is_open_makes_no_second(town: Organisation) -> None:
    collection = make.ask_for_collection(make.make_actor(town))

    first = operations.pay_again(make.make_actor(town), collection.id)
    again = operations.pay_again(make.make_actor(town), collection.id)

    assert first == again


def test_money_that_never_comes_gives_the_place_back(town: Organisation) -> None:
    make.set_dials(town, places_a_day=1)
    actor = make.make_actor(town)
    make.ask_for_collection(actor)

    with time_machine.travel(timezone.now() + timedelta(minutes=45)):
        release_lapsed_holds(make.supplier(town))
        follow_up_payments()
        make.settle()

        assert Collection.objects.get().state == State.LAPSED
        assert make.ask_for_collection(actor, uprn="101").state == State.WAITING


def paid_late(town: Organisation, *, fill: bool) -> Collection:
    """The card was taken in time, but we hear of it when the hold is over."""
    make.set_dials(town, places_a_day=1)
    collection = make.ask_for_collection(make.make_actor(town))
    payment_id = make.give_card(town, collection.id, result=CardResult.PAYS, telling=Telling.LATE)
    with time_machine.travel(timezone.now() + timedelta(minutes=45)):
        release_lapsed_holds(make.supplier(town))
        if fill:
            other = make.ask_for_collection(make.make_actor(town), uprn="101", email="b@b.example")
            make.pay_for(town, other.id)
        check_payment(make.supplier(town), payment_id)
        make.settle()
    return Collection.objects.get(id=collection.id)


def test_money_that_came_too_late_opens_a_refund_case_and_is_told(town: Organisation) -> None:
    row = paid_late(town, fill=True)

    case = list_cases(make.caseworker(town)).rows[0]
    assert (row.state, row.refund_due_minor) == (State.LATE, row.price_minor)
    assert case.kind == "paid-too-late"
    assert any("your place had gone" in each for each in make.subjects(town))

    close_case(make.caseworker(town), case.id, outcome="refund", note="")
    make.settle()
    row.refresh_from_db()
    assert [each.state for each in make.refunds(town, row.payment_id)] == ["succeeded"]
    assert row.refunded_minor == row.price_minor
    assert "We are refunding £39" in make.subjects(town)


def test_late_money_books_all_the_same_while_there_is_room(town: Organisation) -> None:
    row = paid_late(town, fill=False)

    assert row.state == State.BOOKED


def test_a_second_payment_for_the_same_goes_straight_back(town: Organisation) -> None:
    """The first was declined in our books only: its word came after the second was made."""
    collection = make.ask_for_collection(make.make_actor(town))
    make.pay_for(town, collection.id)
    row = Collection.objects.get(id=collection.id)
    other = make.ask_for_collection(make.make_actor(town), uprn="101")
    second = make.pay_for(town, other.id)

    operations.book_collection(BULKY_WASTE.acting_alone(town.id), row.id, payment_id=second)
    make.settle()

    row.refresh_from_db()
    assert len(make.refunds(town, second)) == 1
    assert (row.state, row.refunded_minor) == (State.BOOKED, 0)


def test_a_resident_moves_the_day_in_time_and_gets_a_new_calendar_file(
    town: Organisation,
) -> None:
    row = make.booked(town)
    owner = make.make_actor(town, person_id=row.person_id)
    days = queries.list_days(owner, of=row.id)

    moved = operations.move_collection(owner, row.id, slot_id=days[0].id)

    assert moved.collects_on == timezone.localdate(days[0].starts_at)
    assert "is now on" in make.subjects(town)[-1]
    operations.move_collection(owner, row.id, slot_id=days[0].id)
    assert len(make.subjects(town)) == 2, "moving to the day it is on already does nothing"


def test_a_resident_is_refused_too_late_and_staff_are_not(town: Organisation) -> None:
    row = make.booked(town)
    Collection.objects.update(change_until=timezone.localdate() - timedelta(days=1))
    owner = make.make_actor(town, person_id=row.person_id)
    day = queries.list_days(owner, of=row.id)[0]

    with pytest.raises(TooLateToChange):
        operations.move_collection(owner, row.id, slot_id=day.id)

    operations.move_collection(make.caseworker(town), row.id, slot_id=day.id)


@pytest.mark.parametrize(("in_time", "due"), [(True, 3900 // 2), (False, None)])
def test_cancelling_refunds_what_the_dial_says(
    town: Organisation, in_time: bool, due: int | None
) -> None:
    make.set_dials(town, refund_percent=50, late_refund_percent=0)
    row = make.booked(town)
    if not in_time:
        Collection.objects.update(change_until=timezone.localdate() - timedelta(days=1))
    before = queries.list_days(make.make_actor(town))[0].places_left

    operations.cancel_collection(make.make_actor(town, person_id=row.person_id), row.id)

    row.refresh_from_db()
    assert (row.state, row.refund_due_minor) == (State.CANCELLED, due)
    assert queries.list_days(make.make_actor(town))[0].places_left == before + 1
    assert bool(list_cases(make.caseworker(town)).rows) is in_time
    with pytest.raises(NotInThatState):
        operations.cancel_collection(make.caseworker(town), row.id)


def test_nobody_else_sees_moves_or_cancels_it(town: Organisation) -> None:
    row = make.booked(town)
    other = make.make_organisation("oldtown")
    day = queries.list_days(make.make_actor(town))[1]

    for stranger in (make.make_actor(town, person_id=uuid4()), make.caseworker(other)):
        with pytest.raises(NotFound):
            queries.get_collection(stranger, row.id)
        with pytest.raises(NotFound):
            operations.move_collection(stranger, row.id, slot_id=day.id)
        with pytest.raises(NotFound):
            operations.cancel_collection(stranger, row.id)
    assert queries.find_collections(make.caseworker(other), words=row.reference) == []
    assert queries.find_collections(make.caseworker(other), words=make.EMAIL) == []


def test_staff_book_for_someone_who_has_no_email(town: Organisation) -> None:
    collection = make.ask_for_collection(make.caseworker(town), email="")
    make.pay_for(town, collection.id)

    row = Collection.objects.get()
    assert (row.person_id, row.state) == (None, State.BOOKED)
    assert not make.letters(town)
    assert queries.find_collections(make.caseworker(town), words="aa1 1aa")[0].id == row.id


def test_figures_count_bookings_takings_and_missed_by_week(town: Organisation) -> None:
    row = make.booked(town)
    make.bring_to_today(row.id)
    operations.record_visit(make.crew(town), row.id, visit=Visit.NOT_OUT)
    make.booked(town, uprn="101", email="b@b.example")

    weeks = queries.list_weeks(make.administrator(town))

    this_week = weeks[-1]
    assert (this_week.bookings, this_week.missed) == (2, 1)
    assert this_week.takings == Money(2 * 3900)
    assert len(weeks) == 13
    assert weeks[0].bookings == 0


@pytest.mark.parametrize(
    "ask",
    [
        lambda who, row: queries.list_round(who, on=row.collects_on),
        lambda who, row: queries.get_stop(who, row.id),
        lambda who, row: queries.get_managed(who, row.id),
        lambda who, row: queries.find_collections(who, words="x"),
        lambda who, row: queries.list_weeks(who),
        lambda who, row: operations.record_visit(who, row.id, visit=Visit.COLLECTED),
        lambda who, row: operations.rebook_collection(who, row.id, slot_id=row.slot_id),
        lambda who, row: operations.book_collection(who, row.id, payment_id=row.payment_id),
        lambda who, row: operations.lapse_collection(who, row.id),
        lambda who, row: operations.follow_dials(who),
    ],
)
def test_residents_are_refused_what_staff_do(town: Organisation, ask: Any) -> None:
    row = make.booked(town)

    with pytest.raises(NotAllowed):
        ask(make.make_actor(town, person_id=row.person_id), row)


def test_dials_change_the_days_and_what_is_booked_stays(town: Organisation) -> None:
    row = make.booked(town)

    make.set_dials(town, places_a_day=0)

    assert not [day for day in queries.list_days(make.make_actor(town)) if day.places_left]
    row.refresh_from_db()
    assert row.state == State.BOOKED
