"""What the crew finds, and what staff decide about it."""

from uuid import uuid4

import pytest
from django.utils import timezone

from townhall.capabilities.cases.operations import close_case
from townhall.capabilities.cases.queries import list_cases
from townhall.capabilities.pay.records import CardResult
from townhall.machinery.errors import Invalid, NotFound
from townhall.machinery.models import AuditEntry
from townhall.machinery.organisations import Organisation
from townhall.services.bulky_waste import operations, queries
from townhall.services.bulky_waste.errors import NotInThatState
from townhall.services.bulky_waste.models import Collection
from townhall.services.bulky_waste.records import State, Visit
from townhall.services.bulky_waste.tests import make

pytestmark = pytest.mark.django_db

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64


@pytest.fixture
def town() -> Organisation:
    return make.make_organisation()


def test_the_round_is_in_order_of_street_and_house(town: Organisation) -> None:
    for uprn in ("101", "100", "102"):  # 10, 2 and 1A
        make.bring_to_today(make.booked(town, uprn=uprn).id)

    stops = queries.list_round(make.crew(town), on=timezone.localdate())

    assert [stop.address.split()[0] for stop in stops] == ["1A", "2", "10"]
    entry = AuditEntry.objects.filter(action="bulky_waste.list_round").get()
    assert entry.concerns, "whose homes these are is in the audit"


def test_the_crew_collects(town: Organisation) -> None:
    row = make.booked(town)
    make.bring_to_today(row.id)

    operations.record_visit(make.crew(town), row.id, visit=Visit.COLLECTED)
    again = operations.record_visit(make.crew(town), row.id, visit=Visit.COLLECTED)

    assert again.state == State.COLLECTED
    assert make.subjects(town)[1:] == ["We have collected your bulky waste"]
    with pytest.raises(NotInThatState):
        operations.record_visit(make.crew(town), row.id, visit=Visit.NOT_OUT)


def missed(town: Organisation) -> Collection:
    row = make.booked(town)
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
    assert "A piano" in make.letters(town)[-1].text
    with pytest.raises(NotFound):
        queries.get_photo(make.make_actor(town, person_id=uuid4()), row.id)


def test_wrong_items_need_words_and_a_picture_is_a_picture(town: Organisation) -> None:
    row = make.booked(town)
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
    row = make.booked(town)

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
    assert "is now on" in make.subjects(town)[-1]


def test_closing_as_rebooked_without_a_new_day_asks_staff_again(town: Organisation) -> None:
    missed(town)
    case = list_cases(make.caseworker(town)).rows[0]

    close_case(make.caseworker(town), case.id, outcome="rebooked", note="")
    make.settle()

    assert [each.kind for each in list_cases(make.caseworker(town)).rows] == ["not-rebooked"]


def test_no_refund_says_why(town: Organisation) -> None:
    row = missed(town)
    case = list_cases(make.caseworker(town)).rows[0]

    close_case(make.caseworker(town), case.id, outcome="no-refund", note="We waited.")
    make.settle()

    assert "We waited." in make.letters(town)[-1].text
    assert not make.refunds(town, row.payment_id)


def test_a_refund_that_fails_comes_back_to_staff(town: Organisation) -> None:
    collection = make.ask_for_collection(make.make_actor(town))
    make.pay_for(town, collection.id, result=CardResult.PAYS_BUT_NOT_BACK)
    operations.cancel_collection(make.caseworker(town), collection.id)
    case = list_cases(make.caseworker(town)).rows[0]

    close_case(make.caseworker(town), case.id, outcome="refund", note="")
    make.settle()

    assert [each.kind for each in list_cases(make.caseworker(town)).rows] == ["refund-failed"]
    assert Collection.objects.get().refund_due_minor == 3900
