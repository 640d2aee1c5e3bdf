"""What a review found: each of these went wrong once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from townhall.capabilities.pay import models, operations, permissions, queries
from townhall.capabilities.pay.errors import NotInThatState
from townhall.capabilities.pay.records import CardResult, RefundState, State, Telling
from townhall.capabilities.pay.rules.references import what_is_wrong
from townhall.capabilities.pay.tests import make
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db


def clerk() -> Actor:
    may = frozenset({permissions.GIVE_BACK, permissions.APPROVE})
    return Actor("staff:clerk", may, make.TOWN, uuid4())


def test_one_payment_whose_processor_knows_nothing_stops_no_other() -> None:
    bad, good = make.make_payment(), make.make_payment()
    for payment in (bad, good):
        make.authorise(payment)
        operations.note_confirmation(make.PAYER, payment.id)
    models.SandboxCheckout.objects.filter(payment_id=bad.id).delete()
    models.Payment.objects.filter(id=bad.id).update(asked_at=timezone.now() - timedelta(hours=2))
    models.Payment.objects.filter(id=good.id).update(asked_at=timezone.now() - timedelta(hours=1))

    operations.follow_up_payments()

    assert queries.get_payment(make.SERVICE, good.id).state == State.CAPTURED
    assert queries.get_payment(make.SERVICE, bad.id).state == State.CAPTURING


def test_small_refunds_of_one_person_count_together() -> None:
    payment = make.make_paid_payment(amount=Money(40_000))
    one = clerk()

    states = [
        operations.refund_by_staff(one, payment.id, amount=Money(6_000), reason="").state
        for _time in range(2)
    ]

    assert states == [RefundState.REQUESTED, RefundState.PROPOSED]


def test_a_refund_is_not_approved_while_the_payment_is_challenged() -> None:
    payment = make.make_paid_payment(amount=Money(40_000))
    proposed = operations.refund_by_staff(clerk(), payment.id, amount=payment.amount, reason="")
    models.Dispute.objects.create(
        organisation_id=make.TOWN,
        payment_id=payment.id,
        processor_reference="d-1",
        state="needs_response",
        amount_minor=40_000,
        reason="fraudulent",
    )

    with pytest.raises(NotInThatState):
        operations.approve_refund(clerk(), proposed.id)


def test_unexpected_money_that_cannot_go_back_can_be_kept_after_all() -> None:
    late = make.make_payment()
    make.authorise(late, result=CardResult.PAYS_BUT_NOT_BACK, telling=Telling.LATE)
    make.let_expire(late)
    operations.follow_up_payments()
    make.settle()
    notice = models.Notice.objects.get(brought_money=True)
    operations.return_unexpected(make.SERVICE, notice.id, reason="")
    make.settle()

    operations.keep_unexpected(make.SERVICE, notice.id, service="parking", reason="Not returned")

    assert make.balances() == {("processor", "sandbox"): 2000, ("takings", "parking"): -2000}


def test_an_agreement_keeps_the_card_that_it_was_made_with() -> None:
    till = models.Till.objects.create(
        organisation_id=make.TOWN, name="Till", slug="till", is_live=True
    )
    agreement = models.Agreement.objects.create(
        organisation_id=make.TOWN, till=till, reference="A", description="A"
    )
    first, second = make.make_payment(), make.make_payment()
    models.Payment.objects.update(agreement=agreement, sets_up_agreement=True)
    make.authorise(first)
    operations.confirm_payment(make.PAYER, first.id)
    of_first = models.Payment.objects.get(id=first.id).processor_reference

    make.authorise(second, result=CardResult.PAYS_BUT_NOT_AGAIN)
    operations.confirm_payment(make.PAYER, second.id)

    agreement.refresh_from_db()
    assert (agreement.instrument, agreement.state) == (of_first, "active")


@pytest.mark.parametrize("typed", ["4444333322221111", "Ref 4444 3333 2222 1111, please"])
def test_no_card_number_is_a_reference(typed: str) -> None:
    assert what_is_wrong(typed, label="number")
