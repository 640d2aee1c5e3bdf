from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from townhall.capabilities.pay import models, operations, permissions, queries, records
from townhall.capabilities.pay.errors import AlreadySettled, NoSuchPayment, PaymentExpired
from townhall.capabilities.pay.tests import make
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db


class TestStartPayment:
    def test_a_payment_begins_open(self) -> None:
        payment = make.make_payment(amount=Money(1250))

        assert payment.state == records.State.OPEN
        assert queries.get_payment(make.SERVICE, payment.id) == payment
        assert queries.list_payments(make.SERVICE, subject_id=payment.subject_id) == [payment]

    def test_nobody_starts_one_without_the_permission(self) -> None:
        with pytest.raises(NotAllowed):
            operations.start_payment(
                make.actor(permissions.READ),
                service="parking",
                subject_id=uuid4(),
                person_id=None,
                amount=Money(1),
                reference="",
                description="",
                expires_at=timezone.now(),
            )

    @pytest.mark.parametrize("minor", [0, -1])
    def test_it_is_for_more_than_nothing(self, minor: int) -> None:
        with pytest.raises(Invalid):
            make.make_payment(amount=Money(minor))

    def test_words_too_long_are_refused(self) -> None:
        with pytest.raises(Invalid):
            make.make_payment(reference="x" * 101)
        with pytest.raises(Invalid):
            make.make_payment(description="x" * 256)

    def test_the_database_lets_no_payment_be_settled_without_a_time(self) -> None:
        payment = make.make_payment()

        with pytest.raises(IntegrityError), transaction.atomic():
            models.Payment.objects.filter(id=payment.id).update(state="paid")

    def test_another_organisation_finds_nothing(self) -> None:
        payment = make.make_payment()
        other = make.actor(permissions.READ, permissions.START, organisation_id=make.OTHER_TOWN)

        with pytest.raises(NoSuchPayment):
            queries.get_payment(other, payment.id)
        with pytest.raises(NoSuchPayment):
            operations.check_payment(other, payment.id)
        with pytest.raises(NoSuchPayment):
            operations.open_checkout(
                other, payment.id, return_url="http://x", notice_url="http://x", language="en"
            )
        assert queries.list_payments(other, subject_id=payment.subject_id) == []

    def test_it_takes_two_statements_in_a_transaction(self) -> None:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            make.make_payment()

        written = [each for each in asked if each["sql"].startswith("INSERT")]
        assert len(written) == 2  # the payment and its audit
        assert len(asked) == 4  # and the transaction's two


class TestOpenCheckout:
    def test_it_leads_to_the_card_page(self) -> None:
        payment = make.make_payment()

        reference = make.open_checkout(payment)

        stored = models.Payment.objects.get(id=payment.id)
        assert stored.processor_reference == reference

    def test_twice_is_the_same_page(self) -> None:
        payment = make.make_payment()

        assert make.open_checkout(payment) == make.open_checkout(payment)

    def test_not_after_its_time(self) -> None:
        payment = make.make_payment()
        make.let_expire(payment)

        with pytest.raises(PaymentExpired):
            make.open_checkout(payment)

    def test_not_once_it_is_paid(self) -> None:
        payment = make.make_paid_payment()

        with pytest.raises(AlreadySettled):
            make.open_checkout(payment)

    def test_not_without_the_permission(self) -> None:
        with pytest.raises(NotAllowed):
            operations.open_checkout(
                make.actor(), uuid4(), return_url="", notice_url="", language="en"
            )


class TestCheckPayment:
    def test_it_believes_the_processor_before_the_notice_comes(self) -> None:
        payment = make.make_payment()
        make.take_card(make.open_checkout(payment))

        checked = operations.check_payment(make.SERVICE, payment.id)

        assert checked.state == records.State.PAID
        assert checked.paid_at
        assert len(make.events("pay.payment_succeeded")) == 1

    def test_twice_is_harmless(self) -> None:
        payment = make.make_paid_payment()

        assert operations.check_payment(make.SERVICE, payment.id) == payment
        assert len(make.events("pay.payment_succeeded")) == 1

    def test_it_changes_nothing_while_nothing_is_known(self) -> None:
        payment = make.make_payment()
        unopened = operations.check_payment(make.SERVICE, payment.id)
        make.open_checkout(payment)

        opened = operations.check_payment(make.SERVICE, payment.id)

        assert unopened.state == opened.state == records.State.OPEN

    def test_a_declined_card_fails_the_payment(self) -> None:
        payment = make.make_payment()
        make.take_card(make.open_checkout(payment), result=records.CardResult.DECLINED)

        checked = operations.check_payment(make.SERVICE, payment.id)

        assert (checked.state, checked.cause) == (records.State.FAILED, records.Cause.DECLINED)
        assert make.events("pay.payment_failed")[0]["cause"] == "declined"


class TestFollowUp:
    def test_a_payment_that_nobody_made_expires(self) -> None:
        payment = make.make_payment()
        make.open_checkout(payment)
        make.let_expire(payment)

        operations.follow_up_payments()

        found = queries.get_payment(make.SERVICE, payment.id)
        assert (found.state, found.cause) == (records.State.EXPIRED, records.Cause.EXPIRED)
        assert [each["cause"] for each in make.events("pay.payment_failed")] == ["expired"]

    def test_one_that_never_came_to_a_checkout_expires_too(self) -> None:
        payment = make.make_payment()
        make.let_expire(payment)

        operations.follow_up_payments()

        assert queries.get_payment(make.SERVICE, payment.id).state == records.State.EXPIRED

    def test_money_that_nobody_told_us_of_is_found(self) -> None:
        payment = make.make_payment()
        make.take_card(make.open_checkout(payment))
        make.let_expire(payment)

        operations.follow_up_payments()

        assert queries.get_payment(make.SERVICE, payment.id).state == records.State.PAID
        assert make.events("pay.payment_failed") == []

    def test_a_payment_in_time_is_left_alone(self) -> None:
        payment = make.make_payment(expires_at=timezone.now() + timedelta(seconds=60))

        operations.follow_up_payments()

        assert queries.get_payment(make.SERVICE, payment.id) == payment

    def test_twice_is_harmless(self) -> None:
        payment = make.make_payment()
        make.let_expire(payment)

        operations.follow_up_payments()
        operations.follow_up_payments()

        assert len(make.events("pay.payment_failed")) == 1

    def test_money_in_another_sum_is_for_staff_and_the_payment_expires(self) -> None:
        payment = make.make_payment()
        reference = make.open_checkout(payment)
        make.take_card(reference)
        models.SandboxCheckout.objects.filter(reference=reference).update(amount_minor=1)
        make.let_expire(payment)

        operations.follow_up_payments()

        assert queries.get_payment(make.SERVICE, payment.id).state == records.State.EXPIRED
        assert [each["cause"] for each in make.events("pay.notice_unfit")] == ["wrong_amount"]
