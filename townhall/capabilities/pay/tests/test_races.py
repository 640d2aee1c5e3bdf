"""Many ask at once, each over a connection of its own: the database settles who gets what."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from townhall.capabilities.pay import models, operations, records
from townhall.capabilities.pay.errors import RefundTooLarge
from townhall.capabilities.pay.queries import get_payment
from townhall.capabilities.pay.tests import make
from townhall.machinery.money import Money

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_queue")]

ASKERS = 12


def at_once(ask: Callable[[], bool]) -> list[bool]:
    def asked(_place: int) -> bool:
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(ASKERS) as askers:
        return list(askers.map(asked, range(ASKERS)))


def test_of_many_refunds_at_once_no_more_goes_back_than_was_paid() -> None:
    payment = make.make_paid_payment(amount=Money(2000))

    def refund() -> bool:
        try:
            operations.refund_payment(make.SERVICE, payment.id, amount=Money(500), reason="")
        except RefundTooLarge:
            return False
        return True

    given = at_once(refund)

    assert sum(given) == 4
    assert models.Refund.objects.count() == 4
    assert get_payment(make.SERVICE, payment.id).refunded == Money(2000)


def test_of_one_notice_sent_many_times_at_once_one_counts() -> None:
    payment = make.make_payment()
    notice = make.make_notice(make.open_checkout(payment))

    taken = at_once(lambda: make.record(notice).state == records.NoticeState.FITTED)

    assert all(taken)
    assert models.Notice.objects.count() == 1
    assert len(make.events("pay.payment_succeeded")) == 1


def test_of_one_unknown_notice_sent_many_times_at_once_one_counts() -> None:
    notice = make.make_notice("never-heard-of")

    at_once(lambda: make.record(notice).state == records.NoticeState.UNFIT)

    assert len(make.events("pay.notice_unfit")) == 1


def test_a_notice_and_a_question_and_the_clock_at_once_settle_a_payment_once() -> None:
    payment = make.make_payment()
    reference = make.open_checkout(payment)
    make.take_card(reference)
    make.let_expire(payment)
    notice = make.make_notice(reference)
    asks: list[Callable[[], object]] = [
        lambda: make.record(notice),
        lambda: operations.check_payment(make.SERVICE, payment.id),
        operations.follow_up_payments,
    ] * (ASKERS // 3)

    at_once(lambda: asks.pop()() is not None)

    assert get_payment(make.SERVICE, payment.id).state == records.State.PAID
    assert len(make.events("pay.payment_succeeded")) == 1
    assert make.events("pay.payment_failed") == []


def test_many_openings_of_one_checkout_lead_to_one_page() -> None:
    payment = make.make_payment()

    at_once(lambda: bool(make.open_checkout(payment)))

    assert models.SandboxCheckout.objects.count() == 1
