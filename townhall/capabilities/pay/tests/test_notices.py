from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from townhall.capabilities.pay import models, operations, permissions, queries, records
from townhall.capabilities.pay.errors import NoSuchNotice
from townhall.capabilities.pay.tests import make
from townhall.machinery.errors import NotAllowed
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db


def state_of(payment: records.Payment) -> records.State:
    return queries.get_payment(make.SERVICE, payment.id).state


@pytest.fixture
def payment() -> records.Payment:
    return make.make_payment()


@pytest.fixture
def reference(payment: records.Payment) -> str:
    return make.open_checkout(payment)


class TestAFittingNotice:
    def test_it_makes_an_open_payment_paid(self, payment: records.Payment, reference: str) -> None:
        notice = make.record(make.make_notice(reference))

        assert notice.state == records.NoticeState.FITTED
        assert notice.person_id == payment.person_id
        assert state_of(payment) == records.State.CAPTURED
        assert make.events("pay.payment_succeeded")[0]["amount_minor"] == 2000

    def test_it_makes_an_open_payment_failed(
        self, payment: records.Payment, reference: str
    ) -> None:
        make.record(
            make.make_notice(
                reference, word=records.Word.DECLINED, cause=records.Cause.CARD_EXPIRED
            )
        )

        assert state_of(payment) == records.State.DECLINED
        assert make.events("pay.payment_failed")[0]["cause"] == "card_expired"

    def test_repeated_it_changes_nothing(self, payment: records.Payment, reference: str) -> None:
        notice = make.make_notice(reference)

        first, again = make.record(notice), make.record(notice)

        assert first == again
        assert models.Notice.objects.count() == 1
        assert len(make.events("pay.payment_succeeded")) == 1

    def test_said_again_under_another_id_it_fits_and_changes_nothing(
        self, payment: records.Payment, reference: str
    ) -> None:
        make.record(make.make_notice(reference))

        again = make.record(make.make_notice(reference))

        assert again.state == records.NoticeState.FITTED
        assert len(make.events("pay.payment_succeeded")) == 1

    def test_late_money_is_still_money(self, payment: records.Payment, reference: str) -> None:
        make.let_expire(payment)

        make.record(make.make_notice(reference))

        assert state_of(payment) == records.State.CAPTURED

    def test_a_late_failure_leaves_an_expired_payment_as_it_is(
        self, payment: records.Payment, reference: str
    ) -> None:
        make.let_expire(payment)
        operations.follow_up_payments()

        notice = make.record(make.make_notice(reference, word=records.Word.DECLINED))

        assert notice.state == records.NoticeState.FITTED
        assert state_of(payment) == records.State.EXPIRED
        assert len(make.events("pay.payment_failed")) == 1

    def test_it_finds_a_payment_whose_checkout_we_died_before_noting(
        self, payment: records.Payment
    ) -> None:
        make.record(make.make_notice("theirs", payment_id=payment.id))

        assert state_of(payment) == records.State.CAPTURED
        assert models.Payment.objects.get(id=payment.id).processor_reference == "theirs"


class TestANoticeThatDoesNotFit:
    def expect(self, notice: records.Notice, cause: records.Misfit, about: UUID | None) -> None:
        assert (notice.state, notice.cause) == (records.NoticeState.UNFIT, cause)
        told = make.events("pay.money_unexpected" if notice.brought_money else "pay.notice_unfit")
        assert [(each["notice_id"], each["cause"]) for each in told] == [
            (str(notice.id), cause.value)
        ]
        assert told[0]["payment_id"] == (str(about) if about else None)
        assert make.events("pay.payment_succeeded") == []
        assert queries.list_unfit_notices(make.SERVICE).rows == [notice]

    def test_of_an_unknown_reference(self) -> None:
        notice = make.record(make.make_notice("never-heard-of"))

        self.expect(notice, records.Misfit.UNKNOWN_REFERENCE, None)
        assert make.balances() == {("processor", "sandbox"): 2000, ("unexpected", ""): -2000}

    def test_of_another_sum(self, payment: records.Payment, reference: str) -> None:
        notice = make.record(make.make_notice(reference, amount=Money(1999)))

        self.expect(notice, records.Misfit.WRONG_AMOUNT, payment.id)
        assert state_of(payment) == records.State.STARTED

    def test_of_another_currency(self, payment: records.Payment, reference: str) -> None:
        notice = make.record(make.make_notice(reference, amount=Money(2000, "EUR")))

        self.expect(notice, records.Misfit.WRONG_AMOUNT, payment.id)

    def test_of_money_after_a_failure(self, payment: records.Payment, reference: str) -> None:
        make.record(make.make_notice(reference, word=records.Word.DECLINED))

        notice = make.record(make.make_notice(reference))

        self.expect(notice, records.Misfit.PAID_AFTER_FAILURE, payment.id)
        assert state_of(payment) == records.State.DECLINED

    def test_of_our_payment_under_another_reference(
        self, payment: records.Payment, reference: str
    ) -> None:
        notice = make.record(make.make_notice("theirs", payment_id=payment.id))

        self.expect(notice, records.Misfit.OTHER_REFERENCE, payment.id)

    def test_of_a_failure_after_it_was_paid(self, payment: records.Payment, reference: str) -> None:
        make.record(make.make_notice(reference))

        notice = make.record(make.make_notice(reference, word=records.Word.DECLINED))

        assert notice.cause == records.Misfit.FAILED_AFTER_PAID
        assert state_of(payment) == records.State.CAPTURED

    def test_of_an_unknown_refund(self) -> None:
        outcome = records.RefundOutcome(
            reference="r",
            refund_id=uuid4(),
            state=records.RefundState.SUCCEEDED,
            amount=Money(1),
        )

        notice = make.record(records.ProcessorNotice(id="n", about=outcome))

        self.expect(notice, records.Misfit.UNKNOWN_REFUND, None)

    def test_repeated_it_is_told_once(self, payment: records.Payment) -> None:
        notice = make.make_notice("never-heard-of")

        make.record(notice)
        make.record(notice)

        assert len(make.events("pay.money_unexpected")) == 1
        assert make.balances()["unexpected", ""] == -2000

    def test_of_money_after_its_time(self, payment: records.Payment, reference: str) -> None:
        make.let_expire(payment)
        operations.follow_up_payments()

        notice = make.record(make.make_notice(reference))

        self.expect(notice, records.Misfit.PAID_TOO_LATE, payment.id)
        assert state_of(payment) == records.State.EXPIRED

    def test_of_money_after_the_payer_went_away(
        self, payment: records.Payment, reference: str
    ) -> None:
        operations.abandon_payment(make.PAYER, payment.id)

        notice = make.record(make.make_notice(reference))

        self.expect(notice, records.Misfit.PAID_AFTER_CANCELLATION, payment.id)

    def test_of_the_same_money_in_other_words_it_is_entered_once(
        self, payment: records.Payment, reference: str
    ) -> None:
        operations.abandon_payment(make.PAYER, payment.id)
        make.record(make.make_notice(reference))

        again = make.record(make.make_notice(reference))

        assert again.state == records.NoticeState.FITTED
        assert len(make.events("pay.money_unexpected")) == 1
        assert make.balances()["unexpected", ""] == -2000


class TestWhoMay:
    def test_record_needs_the_permission(self) -> None:
        with pytest.raises(NotAllowed):
            operations.record_notice(
                make.SERVICE, processor="sandbox", notice=make.make_notice("x"), body=""
            )

    def test_another_organisation_finds_no_notice(self, reference: str) -> None:
        notice = make.record(make.make_notice("never-heard-of"))
        other = make.actor(permissions.READ, organisation_id=make.OTHER_TOWN)

        with pytest.raises(NoSuchNotice):
            queries.get_notice(other, notice.id)
        assert queries.list_unfit_notices(other).rows == []

    def test_another_organisations_payment_is_unknown_to_an_operation_here(
        self, payment: records.Payment, reference: str
    ) -> None:
        elsewhere = make.actor(permissions.RECORD, organisation_id=make.OTHER_TOWN)

        notice = operations.record_notice(
            elsewhere,
            processor="sandbox",
            notice=make.make_notice(reference, payment_id=payment.id),
            body="",
        )

        assert notice.cause == records.Misfit.UNKNOWN_REFERENCE
        assert state_of(payment) == records.State.STARTED


def test_a_notice_costs_few_statements(reference: str) -> None:
    make.make_paid_payment()  # which opens the accounts
    notice = make.make_notice(reference)

    with CaptureQueriesContext(connection) as asked:
        make.record(notice)

    # the transaction's two; lock the payment, keep the notice and read it back, move on, the step;
    # the ledger's two accounts, entry and postings; the event, its delivery
    # for the receipt and the task of that; the audit
    assert len(asked) == 15
