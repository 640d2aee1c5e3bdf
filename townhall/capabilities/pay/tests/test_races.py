"""Many ask at once, each over a connection of its own: the database settles who gets what."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from townhall.capabilities.pay import models, operations, records
from townhall.capabilities.pay.errors import AlreadySettled, NotInThatState, RefundTooLarge
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

    assert len(make.events("pay.money_unexpected")) == 1
    assert make.balances() == {("processor", "sandbox"): 2000, ("unexpected", ""): -2000}


def test_a_notice_and_a_question_and_the_clock_at_once_settle_a_payment_once() -> None:
    payment = make.make_payment()
    make.authorise(payment)
    operations.note_confirmation(make.PAYER, payment.id)
    make.let_expire(payment)
    notice = make.make_notice(models.Payment.objects.get().processor_reference)
    asks: list[Callable[[], object]] = [
        lambda: make.record(notice),
        lambda: operations.check_payment(make.SERVICE, payment.id),
        operations.follow_up_payments,
        lambda: operations.confirm_payment(make.PAYER, payment.id),
    ] * (ASKERS // 4)

    at_once(lambda: asks.pop()() is not None)

    assert get_payment(make.SERVICE, payment.id).state == records.State.CAPTURED
    assert len(make.events("pay.payment_succeeded")) == 1
    assert make.events("pay.payment_failed") == []
    assert make.balances() == {("processor", "sandbox"): 2000, ("takings", "parking"): -2000}


def test_of_many_cards_at_once_one_is_asked() -> None:
    payment = make.make_payment()
    make.open_checkout(payment)

    def pay() -> bool:
        try:
            operations.pay_by_card(make.PAYER, payment.id, card=make.make_card(), email="")
        except NotInThatState:
            return False
        return True

    assert sum(at_once(pay)) == 1


def test_a_confirmation_and_a_cancellation_at_once_leave_no_money_unowned() -> None:
    payment = make.make_payment()
    make.authorise(payment)

    def confirm() -> bool:
        try:
            operations.confirm_payment(make.PAYER, payment.id)
        except (NotInThatState, AlreadySettled):
            return False
        return True

    def cancel() -> bool:
        try:
            operations.cancel_payment(make.SERVICE, payment.id)
        except NotInThatState:
            return False
        return True

    asks = [confirm, cancel] * (ASKERS // 2)
    at_once(lambda: bool(asks.pop()()))

    state = get_payment(make.SERVICE, payment.id).state
    taken = models.SandboxCheckout.objects.get().word == "captured"
    assert (state, taken) in [(records.State.CAPTURED, True), (records.State.CANCELLED, False)]
    assert bool(make.balances()) == taken


def test_many_openings_of_one_checkout_lead_to_one_page() -> None:
    payment = make.make_payment()

    at_once(lambda: bool(make.open_checkout(payment)))

    assert models.SandboxCheckout.objects.count() == 1


def test_of_many_requests_under_one_key_one_is_done() -> None:
    till = make.make_till()
    asked = records.NewPayment(amount=Money(2000), reference="a", description="b")
    once = records.Once(key="key", digest="0" * 64)

    def create() -> bool:
        return operations.create_payment(make.SERVICE, till=till, asked=asked, once=once)[1]

    assert sum(at_once(create)) == 1
    assert models.Payment.objects.count() == models.Once.objects.count() == 1


def test_many_requests_at_once_get_no_more_than_their_till_may_have() -> None:
    till_id = make.make_till().id
    later = timezone.now() + timedelta(hours=1)  # until which nothing is refilled
    models.Allowance.objects.create(
        till_id=till_id, kind="get", remaining=5, granted=1, counted_at=later
    )

    given = at_once(lambda: models.Allowance.take_one(till_id, "get", per_second=75))

    assert sum(given) == 5
