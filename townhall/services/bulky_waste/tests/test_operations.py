"""Booking, paying, changing, visiting and deciding, through the doors."""

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
from townhall.capabilities.notify.models import Message
from townhall.capabilities.pay.models import Payment, Refund
from townhall.capabilities.pay.operations import check_payment, follow_up_payments
from townhall.capabilities.pay.records import CardResult, Telling
from townhall.machinery.errors import Invalid, NotAllowed, NotFound
from townhall.machinery.models import AuditEntry
from townhall.machinery.money import Money
from townhall.machinery.organisations import Organisation
from townhall.services.bulky_waste import operations, queries
from townhall.services.bulky_waste.errors import NotInThatState, TooLateToChange
from townhall.services.bulky_waste.models import Collection
from townhall.services.bulky_waste.records import State, Visit
from townhall.services.bulky_waste.service import BULKY_WASTE
from townhall.services.bulky_waste.tests import make

pytestmark = pytest.mark.django_db

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64


@pytest.fixture
def town() -> Organisation:
    return make.make_organisation()


def booked(town: Organisation, **changes: Any) -> Collection:
    collection = make.ask_for_collection(make.make_actor(town), **changes)
    make.pay_for(town, collection.id)
    return Collection.objects.get(id=collection.id)


def subjects() -> list[str]:
    return list(Message.objects.order_by("created_at").values_list("template__name", flat=True))


def test_nothing_is_booked_until_the_money_is_in(town: Organisation) -> None:
    collection = make.ask_for_collection(make.make_actor(town))
    make.settle()

    assert collection.state == State.WAITING
    assert collection.price == Money(1500 + 2 * 1200)
    assert not Message.objects.exists()


def test_paid_is_booked_and_told_with_a_calendar_file(town: Organisation) -> None:
    row = booked(town)

    message = Message.objects.get()
    assert row.state == State.BOOKED
    assert "is booked for" in message.subject
    assert row.reference in message.body
    assert message.attachments[0]["filename"] == "collection.ics"


def test_a_request_takes_few_statements(
    town: Organisation, django_assert_max_num_queries: Any
) -> None:
    actor = make.make_actor(town)
    day = queries.list_days(actor)[0]
    contact = make.records.Contact(name="Ada", email=make.EMAIL, phone="")

    with django_assert_max_num_queries(14):  # two of them the test's own savepoint
        operations.request_collection(
            actor, uprn="100", items={"sofa": 1}, slot_id=day.id, contact=contact
        )


@pytest.mark.parametrize("items", [{}, {"sofa": 0}, {"sofa": 6}, {"piano": 1}])
def test_items_that_are_not_offered_hold_no_place(
    town: Organisation, items: dict[str, int]
) -> None:
    actor = make.make_actor(town)
    day = queries.list_days(actor)[0]
    contact = make.records.Contact(name="Ada", email=make.EMAIL, phone="")

    with pytest.raises(Invalid):
        operations.request_collection(
            actor, uprn="100", items=items, slot_id=day.id, contact=contact
        )

    assert queries.list_days(actor)[0].places_left == day.places_left
    assert not Payment.objects.exists()


def test_a_full_day_is_refused_and_nothing_is_half_done(town: Organisation) -> None:
    make.set_dials(town, places_a_day=1)
    booked(town)

    with pytest.raises(SlotFull):
        make.ask_for_collection(make.make_actor(town), uprn="101")

    assert Collection.objects.count() == 1
    assert Payment.objects.count() == 1


def test_an_event_that_comes_twice_books_once(town: Organisation) -> None:
    row = booked(town)

    operations.book_collection(BULKY_WASTE.acting_alone(town.id), row.id, payment_id=row.payment_id)
    make.settle()

    assert Message.objects.count() == 1
    assert not Refund.objects.exists()


def test_a_declined_card_may_be_tried_again(town: Organisation) -> None:
    collection = make.ask_for_collection(make.make_actor(town))
    make.pay_for(town, collection.id, result=CardResult.DECLINED)

    make.pay_for(town, collection.id)

    assert Collection.objects.get().state == State.BOOKED
    assert Payment.objects.count() == 2


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
    assert subjects()[-1] == "bulky-waste-paid-late"

    close_case(make.caseworker(town), case.id, outcome="refund", note="")
    make.settle()
    row.refresh_from_db()
    assert Refund.objects.get().state == "succeeded"
    assert row.refunded_minor == row.price_minor
    assert "bulky-waste-refunded" in subjects()


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
    assert Refund.objects.get().payment_id == second
    assert (row.state, row.refunded_minor) == (State.BOOKED, 0)


def test_a_resident_moves_the_day_in_time_and_gets_a_new_calendar_file(
    town: Organisation,
) -> None:
    row = booked(town)
    owner = make.make_actor(town, person_id=row.person_id)
    days = queries.list_days(owner, of=row.id)

    moved = operations.move_collection(owner, row.id, slot_id=days[0].id)

    assert moved.collects_on == timezone.localdate(days[0].starts_at)
    assert subjects() == ["bulky-waste-booked", "bulky-waste-moved"]
    operations.move_collection(owner, row.id, slot_id=days[0].id)
    assert len(subjects()) == 2, "moving to the day it is on already does nothing"


def test_a_resident_is_refused_too_late_and_staff_are_not(town: Organisation) -> None:
    row = booked(town)
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
    row = booked(town)
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
    row = booked(town)
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


def test_the_round_is_in_order_of_street_and_house(town: Organisation) -> None:
    for uprn in ("101", "100", "102"):  # 10, 2 and 1A
        make.bring_to_today(booked(town, uprn=uprn).id)

    stops = queries.list_round(make.crew(town), on=timezone.localdate())

    assert [stop.address.split()[0] for stop in stops] == ["1A", "2", "10"]
    entry = AuditEntry.objects.filter(action="bulky_waste.list_round").get()
    assert entry.concerns, "whose homes these are is in the audit"


def test_the_crew_collects(town: Organisation) -> None:
    row = booked(town)
    make.bring_to_today(row.id)

    operations.record_visit(make.crew(town), row.id, visit=Visit.COLLECTED)
    again = operations.record_visit(make.crew(town), row.id, visit=Visit.COLLECTED)

    assert again.state == State.COLLECTED
    assert subjects() == ["bulky-waste-booked", "bulky-waste-collected"]
    with pytest.raises(NotInThatState):
        operations.record_visit(make.crew(town), row.id, visit=Visit.NOT_OUT)


def missed(town: Organisation) -> Collection:
    row = booked(town)
    make.bring_to_today(row.id)
    operations.record_visit(
        make.crew(town), row.id, visit=Visit.WRONG_ITEMS, note="A piano", photo=JPEG
    )
    make.settle()
    row.refresh_from_db()
    return row


def test_wrong_items_keep_the_photo_and_ask_staff(town: Organisation) -> None:
    row = missed(town)

    owner = make.make_actor(town, person_id=row.person_id)
    case = list_cases(make.caseworker(town)).rows[0]
    assert (row.state, case.kind) == (State.MISSED, "wrong-items")
    assert queries.get_photo(owner, row.id).content == JPEG
    assert "A piano" in Message.objects.get(template__name="bulky-waste-wrong-items").body
    with pytest.raises(NotFound):
        queries.get_photo(make.make_actor(town, person_id=uuid4()), row.id)


def test_wrong_items_need_words_and_a_picture_is_a_picture(town: Organisation) -> None:
    row = booked(town)
    make.bring_to_today(row.id)

    with pytest.raises(Invalid):
        operations.record_visit(make.crew(town), row.id, visit=Visit.WRONG_ITEMS)
    with pytest.raises(Invalid):
        operations.record_visit(
            make.crew(town), row.id, visit=Visit.NOT_OUT, photo=b"MZ" + b"\0" * 99
        )

    row.refresh_from_db()
    assert row.state == State.BOOKED


def test_a_visit_before_its_day_is_refused(town: Organisation) -> None:
    row = booked(town)

    with pytest.raises(NotInThatState):
        operations.record_visit(make.crew(town), row.id, visit=Visit.COLLECTED)


def test_staff_book_another_day_and_the_case_is_closed(town: Organisation) -> None:
    row = missed(town)
    day = queries.list_days(make.caseworker(town))[0]

    operations.rebook_collection(make.caseworker(town), row.id, slot_id=day.id)
    make.settle()

    row.refresh_from_db()
    assert (row.state, row.case_id, row.refund_due_minor) == (State.BOOKED, None, None)
    assert not list_cases(make.caseworker(town)).rows
    assert subjects()[-1] == "bulky-waste-moved"


def test_closing_as_rebooked_without_a_new_day_asks_staff_again(town: Organisation) -> None:
    missed(town)
    case = list_cases(make.caseworker(town)).rows[0]

    close_case(make.caseworker(town), case.id, outcome="rebooked", note="")
    make.settle()

    assert [each.kind for each in list_cases(make.caseworker(town)).rows] == ["not-rebooked"]


def test_no_refund_says_why(town: Organisation) -> None:
    missed(town)
    case = list_cases(make.caseworker(town)).rows[0]

    close_case(make.caseworker(town), case.id, outcome="no-refund", note="We waited.")
    make.settle()

    message = Message.objects.get(template__name="bulky-waste-no-refund")
    assert "We waited." in message.body
    assert not Refund.objects.exists()


def test_a_refund_that_fails_comes_back_to_staff(town: Organisation) -> None:
    collection = make.ask_for_collection(make.make_actor(town))
    make.pay_for(town, collection.id, result=CardResult.PAYS_BUT_NOT_BACK)
    operations.cancel_collection(make.caseworker(town), collection.id)
    case = list_cases(make.caseworker(town)).rows[0]

    close_case(make.caseworker(town), case.id, outcome="refund", note="")
    make.settle()

    assert [each.kind for each in list_cases(make.caseworker(town)).rows] == ["refund-failed"]
    assert Collection.objects.get().refund_due_minor == 3900


def test_staff_book_for_someone_who_has_no_email(town: Organisation) -> None:
    collection = make.ask_for_collection(make.caseworker(town), email="")
    make.pay_for(town, collection.id)

    row = Collection.objects.get()
    assert (row.person_id, row.state) == (None, State.BOOKED)
    assert not Message.objects.exists()
    assert queries.find_collections(make.caseworker(town), words="aa1 1aa")[0].id == row.id


def test_figures_count_bookings_takings_and_missed_by_week(town: Organisation) -> None:
    missed(town)
    booked(town, uprn="101", email="b@b.example")

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
    row = booked(town)

    with pytest.raises(NotAllowed):
        ask(make.make_actor(town, person_id=row.person_id), row)


def test_dials_change_the_days_and_what_is_booked_stays(town: Organisation) -> None:
    row = booked(town)

    make.set_dials(town, places_a_day=0)

    assert not [day for day in queries.list_days(make.make_actor(town)) if day.places_left]
    row.refresh_from_db()
    assert row.state == State.BOOKED
