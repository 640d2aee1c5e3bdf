from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from townhall.capabilities.pay import models, operations, permissions, queries, records
from townhall.capabilities.pay.errors import NoSuchPayment, NotPaid, RefundTooLarge
from townhall.capabilities.pay.tests import make
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.money import Money
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


def refund(payment: records.Payment, minor: int) -> records.Refund:
    return operations.refund_payment(
        make.SERVICE, payment.id, amount=Money(minor), reason="Cancelled"
    )


def refunded(payment: records.Payment) -> int:
    return queries.get_payment(make.SERVICE, payment.id).refunded.minor


def refund_notice(refund_id: UUID, state: records.RefundState, minor: int = 500) -> records.Notice:
    outcome = records.RefundOutcome(
        reference=f"sandbox-{refund_id}", refund_id=refund_id, state=state, amount=Money(minor)
    )
    return make.record(records.ProcessorNotice(id=str(uuid4()), about=outcome))


class TestRefundPayment:
    def test_money_goes_back(self) -> None:
        payment = make.make_paid_payment()

        asked = refund(payment, 500)
        run_tasks()

        (given,) = queries.list_refunds(make.SERVICE, payment_id=payment.id)
        assert (asked.state, given.state) == (
            records.RefundState.REQUESTED,
            records.RefundState.SUCCEEDED,
        )
        assert refunded(payment) == 500
        (told,) = make.events("pay.refund_succeeded")
        assert (told["refund_id"], told["amount_minor"]) == (str(asked.id), 500)

    def test_refunds_never_exceed_what_was_paid(self) -> None:
        payment = make.make_paid_payment(amount=Money(2000))
        refund(payment, 1500)

        with pytest.raises(RefundTooLarge):
            refund(payment, 501)
        refund(payment, 500)

        assert refunded(payment) == 2000

    def test_the_whole_sum_goes_back_only_once(self) -> None:
        payment = make.make_paid_payment(amount=Money(2000))
        refund(payment, 2000)

        with pytest.raises(RefundTooLarge):
            refund(payment, 2000)
        run_tasks()

        assert models.SandboxRefund.objects.count() == 1

    def test_the_database_itself_sets_the_limit(self) -> None:
        payment = make.make_paid_payment()

        with pytest.raises(IntegrityError), transaction.atomic():
            models.Payment.objects.filter(id=payment.id).update(
                refunded_minor=F("amount_minor") + 1
            )

    def test_a_failed_refund_frees_its_sum(self) -> None:
        payment = make.make_paid_payment(result=records.CardResult.PAYS_BUT_NOT_BACK)

        refund(payment, 2000)
        run_tasks()

        (failed,) = queries.list_refunds(make.SERVICE, payment_id=payment.id)
        assert failed.state == records.RefundState.FAILED
        assert refunded(payment) == 0
        assert [each["cause"] for each in make.events("pay.refund_failed")] == ["declined"]

    def test_nothing_goes_back_of_what_was_not_paid(self) -> None:
        with pytest.raises(NotPaid):
            refund(make.make_payment(), 1)

    @pytest.mark.parametrize("amount", [Money(0), Money(-1), Money(1, "EUR")])
    def test_only_money_of_the_same_currency(self, amount: Money) -> None:
        payment = make.make_paid_payment()

        with pytest.raises(Invalid):
            operations.refund_payment(make.SERVICE, payment.id, amount=amount, reason="")

    def test_not_without_the_permission(self) -> None:
        payment = make.make_paid_payment()

        with pytest.raises(NotAllowed):
            operations.refund_payment(
                make.actor(permissions.READ), payment.id, amount=Money(1), reason=""
            )

    def test_not_by_another_organisation(self) -> None:
        payment = make.make_paid_payment()
        other = make.actor(permissions.REFUND, permissions.READ, organisation_id=make.OTHER_TOWN)

        with pytest.raises(NoSuchPayment):
            operations.refund_payment(other, payment.id, amount=Money(1), reason="")
        assert queries.list_refunds(other, payment_id=payment.id) == []


class TestTheTask:
    def test_twice_moves_the_money_once(self) -> None:
        asked = refund(make.make_paid_payment(), 500)

        operations.take_refund(refund_id=asked.id, organisation_id=make.TOWN)
        operations.take_refund(refund_id=asked.id, organisation_id=make.TOWN)

        assert models.SandboxRefund.objects.count() == 1
        assert len(make.events("pay.refund_succeeded")) == 1

    def test_a_refund_without_an_answer_is_asked_about_again(self) -> None:
        payment = make.make_paid_payment()
        asked = refund(payment, 500)
        models.Refund.objects.update(queued_at=timezone.now() - timedelta(hours=2))

        operations.follow_up_refunds()
        operations.follow_up_refunds()

        assert run_tasks() == 2  # the first, and one more however often it is followed up
        (given,) = queries.list_refunds(make.SERVICE, payment_id=payment.id)
        assert (given.id, given.state) == (asked.id, records.RefundState.SUCCEEDED)


class TestNoticesOfRefunds:
    def test_one_settles_a_refund_that_the_processor_thought_about(self) -> None:
        payment = make.make_paid_payment()
        asked = refund(payment, 500)
        refund_notice(asked.id, records.RefundState.REQUESTED)

        notice = refund_notice(asked.id, records.RefundState.SUCCEEDED)

        assert notice.state == records.NoticeState.FITTED
        assert len(make.events("pay.refund_succeeded")) == 1

    def test_one_of_another_sum_does_not_fit(self) -> None:
        asked = refund(make.make_paid_payment(), 500)

        notice = refund_notice(asked.id, records.RefundState.SUCCEEDED, 501)

        assert notice.cause == records.Misfit.WRONG_AMOUNT

    def test_a_failure_after_success_does_not_fit_and_frees_nothing(self) -> None:
        payment = make.make_paid_payment()
        asked = refund(payment, 500)
        refund_notice(asked.id, records.RefundState.SUCCEEDED)

        notice = refund_notice(asked.id, records.RefundState.FAILED)

        assert notice.cause == records.Misfit.REFUND_CONTRADICTED
        assert refunded(payment) == 500
