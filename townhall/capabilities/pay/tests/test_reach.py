"""Staff who may see and refund the payments of one service only."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from townhall.capabilities.pay import operations, queries
from townhall.capabilities.pay.errors import NoSuchDispute, NoSuchPayment, NoSuchRefund
from townhall.capabilities.pay.records import RefundState, Search
from townhall.capabilities.pay.tests import make, staff
from townhall.capabilities.pay.tests.test_staff import give_back, make_dispute
from townhall.machinery.errors import NotAllowed
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db

ONLY = frozenset({"parking"})
PARKING_ONLY = replace(
    staff.STRANGER, may=frozenset(), may_within=dict.fromkeys(staff.EVERYTHING, ONLY)
)


def test_they_find_and_refund_the_payments_of_that_service() -> None:
    payment = make.make_paid_payment(amount=Money(30_000))
    make.make_payment(service="library")
    proposed = give_back(payment, 20_000)
    make_dispute(make.make_paid_payment())

    shown = queries.search_payments(PARKING_ONLY, Search()).rows
    assert {each.service for each in shown} == ONLY
    assert queries.get_transaction(PARKING_ONLY, payment.id).refunds
    assert [each.id for each in queries.list_proposed_refunds(PARKING_ONLY).rows] == [proposed.id]
    approved = operations.approve_refund(PARKING_ONLY, proposed.id)
    assert approved.state == RefundState.REQUESTED
    assert len(queries.search_disputes(PARKING_ONLY).rows) == 1
    assert {each.slug for each in queries.list_service_names(PARKING_ONLY)} <= ONLY


def test_to_them_there_is_no_payment_of_another_service() -> None:
    payment = make.make_paid_payment(amount=Money(30_000), service="library")
    refund = give_back(payment, 20_000)
    dispute = make_dispute(payment)

    assert queries.search_payments(PARKING_ONLY, Search()).rows == []
    assert queries.search_payments(PARKING_ONLY, Search(service="library")).rows == []
    assert queries.list_proposed_refunds(PARKING_ONLY).rows == []
    asks: list[tuple[type[Exception], Callable[[], object]]] = [
        (NoSuchPayment, lambda: queries.get_transaction(PARKING_ONLY, payment.id)),
        (NoSuchPayment, lambda: operations.cancel_payment_by_staff(PARKING_ONLY, payment.id)),
        (NoSuchPayment, lambda: give_back(payment, 1, by=PARKING_ONLY)),
        (NoSuchRefund, lambda: operations.approve_refund(PARKING_ONLY, refund.id)),
        (NoSuchDispute, lambda: queries.get_dispute(PARKING_ONLY, dispute.id)),
        (NotAllowed, lambda: queries.list_trials(PARKING_ONLY)),
        (NotAllowed, lambda: queries.search_agreements(PARKING_ONLY)),
    ]
    for refused, ask in asks:
        with pytest.raises(refused):
            ask()
