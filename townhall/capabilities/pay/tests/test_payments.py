from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from townhall.capabilities.pay import models, operations, permissions, queries, records
from townhall.capabilities.pay.errors import (
    AlreadySettled,
    NoSuchPayment,
    NotInThatState,
    NotOffered,
    PaymentExpired,
)
from townhall.capabilities.pay.tests import make
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.money import Money
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


class TestStartPayment:
    def test_a_payment_begins_created(self) -> None:
        payment = make.make_payment(amount=Money(1250))

        assert payment.state == records.State.CREATED
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
            make.make_payment(reference="x" * 256)
        with pytest.raises(Invalid):
            make.make_payment(description="x" * 256)

    def test_the_database_lets_no_payment_be_settled_without_a_time(self) -> None:
        payment = make.make_payment()

        with pytest.raises(IntegrityError), transaction.atomic():
            models.Payment.objects.filter(id=payment.id).update(state="captured")

    def test_another_organisation_finds_nothing(self) -> None:
        payment = make.make_payment()
        other = make.actor(permissions.READ, permissions.START, organisation_id=make.OTHER_TOWN)

        with pytest.raises(NoSuchPayment):
            queries.get_payment(other, payment.id)
        with pytest.raises(NoSuchPayment):
            operations.check_payment(other, payment.id)
        with pytest.raises(NoSuchPayment):
            operations.open_checkout(other, payment.id, return_url="http://x", language="en")
        assert queries.list_payments(other, subject_id=payment.subject_id) == []

    def test_it_takes_three_statements_in_a_transaction(self) -> None:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            make.make_payment()

        written = [each for each in asked if each["sql"].startswith("INSERT")]
        assert len(written) == 3  # the payment, its first step and its audit
        assert len(asked) == 5  # and the transaction's two


class TestOpenCheckout:
    def test_its_link_lets_one_in(self) -> None:
        payment = make.make_payment()
        url = operations.open_checkout(
            make.SERVICE, payment.id, return_url=make.RETURN_URL, language="cy"
        )
        token = url.rsplit("/", 1)[-1]

        entered = operations.enter(make.PAYER, token)

        assert (entered.id, entered.return_url) == (payment.id, make.RETURN_URL)
        assert entered.language == "cy"
        with pytest.raises(NoSuchPayment):
            operations.enter(make.PAYER, token)

    def test_the_next_link_lets_another_in(self) -> None:
        payment = make.make_payment()
        first = operations.open_checkout(
            make.SERVICE, payment.id, return_url=make.RETURN_URL, language="en"
        )
        operations.enter(make.PAYER, first.rsplit("/", 1)[-1])

        second = operations.open_checkout(
            make.SERVICE, payment.id, return_url=make.RETURN_URL, language="en"
        )

        assert second != first
        assert operations.enter(make.PAYER, second.rsplit("/", 1)[-1]).id == payment.id

    def test_not_after_its_time(self) -> None:
        payment = make.make_payment()
        make.let_expire(payment)

        with pytest.raises(PaymentExpired):
            make.open_checkout(payment)

    def test_not_once_it_is_paid(self) -> None:
        payment = make.make_paid_payment()

        with pytest.raises(AlreadySettled):
            operations.open_checkout(make.SERVICE, payment.id, return_url="", language="en")
        with pytest.raises(AlreadySettled):
            make.open_checkout(payment)
        with pytest.raises(NoSuchPayment):
            operations.enter(make.PAYER, "")

    def test_not_without_the_permission(self) -> None:
        with pytest.raises(NotAllowed):
            operations.open_checkout(make.actor(), uuid4(), return_url="", language="en")
        with pytest.raises(NotAllowed):
            operations.enter(make.SERVICE, "")

    def test_twice_is_the_same_checkout(self) -> None:
        payment = make.make_payment()

        assert make.open_checkout(payment) == make.open_checkout(payment)
        assert queries.get_payment(make.SERVICE, payment.id).state == records.State.STARTED

    def test_with_none_but_the_processors_that_are_offered(self) -> None:
        with pytest.raises(NotOffered):
            operations.open_at_processor(
                make.PAYER,
                make.make_payment().id,
                processor="never-heard-of",
                return_url="",
                notice_url="",
            )


class TestPaying:
    def test_a_card_a_confirmation_and_the_money_is_ours(self) -> None:
        payment = make.make_payment()
        authorised = make.authorise(payment)

        paid = operations.confirm_payment(make.PAYER, payment.id)

        assert authorised.state == records.State.SUBMITTED
        assert paid.state == records.State.CAPTURED
        assert paid.card
        assert (paid.card.brand, paid.card.last_digits) == ("visa", "4242")
        assert make.balances() == {("processor", "sandbox"): 2000, ("takings", "parking"): -2000}
        assert len(make.events("pay.payment_succeeded")) == 1

    def test_twice_confirmed_is_paid_once(self) -> None:
        paid = make.make_paid_payment()

        assert operations.confirm_payment(make.PAYER, paid.id) == paid
        assert len(make.events("pay.payment_succeeded")) == 1

    def test_a_card_is_asked_once(self) -> None:
        payment = make.make_payment()
        make.authorise(payment)

        with pytest.raises(NotInThatState):
            operations.pay_by_card(make.PAYER, payment.id, card=make.make_card(), email="")

    def test_nothing_is_confirmed_that_no_bank_has_answered(self) -> None:
        payment = make.make_payment()
        make.open_checkout(payment)

        with pytest.raises(NotInThatState):
            operations.confirm_payment(make.PAYER, payment.id)

    def test_with_delayed_capture_the_program_says_when(self) -> None:
        payment = make.make_payment()
        models.Payment.objects.update(delayed_capture=True)
        make.authorise(payment)

        waiting = operations.confirm_payment(make.PAYER, payment.id)
        before = make.balances()
        taken = operations.capture_payment(make.SERVICE, payment.id)

        assert (waiting.state, before) == (records.State.CAPTURABLE, {})
        assert (waiting.expires_at - timezone.now()).days >= 4
        assert taken.state == records.State.CAPTURED
        assert operations.capture_payment(make.SERVICE, payment.id) == taken

    def test_a_declined_card_fails_the_payment(self) -> None:
        payment = make.make_payment()

        declined = make.authorise(payment, result=records.CardResult.DECLINED)

        assert (declined.state, declined.cause) == (
            records.State.DECLINED,
            records.Cause.DECLINED,
        )
        assert make.events("pay.payment_failed")[0]["cause"] == "declined"
        assert make.balances() == {}

    def test_the_payer_may_go_away_and_nothing_is_kept(self) -> None:
        payment = make.make_payment()
        make.authorise(payment)

        gone = operations.abandon_payment(make.PAYER, payment.id)
        run_tasks()

        assert (gone.state, gone.cause) == (records.State.ABANDONED, records.Cause.ABANDONED)
        assert models.SandboxCheckout.objects.get().word == "cancelled"
        assert operations.abandon_payment(make.PAYER, payment.id) == gone

    def test_the_service_may_cancel_until_it_is_taken(self) -> None:
        payment = make.make_payment()
        make.authorise(payment)

        cancelled = operations.cancel_payment(make.SERVICE, payment.id)
        run_tasks()

        assert cancelled.state == records.State.CANCELLED
        assert operations.cancel_payment(make.SERVICE, payment.id) == cancelled
        assert models.SandboxCheckout.objects.get().word == "cancelled"
        with pytest.raises(NotInThatState):
            operations.cancel_payment(make.SERVICE, make.make_paid_payment().id)

    def test_not_without_the_permission(self) -> None:
        payment = make.make_payment()
        for ask in (
            lambda: operations.confirm_payment(make.SERVICE, payment.id),
            lambda: operations.abandon_payment(make.SERVICE, payment.id),
            lambda: operations.ask_what_became(make.SERVICE, payment.id),
            lambda: operations.cancel_payment(make.PAYER, payment.id),
            lambda: operations.capture_payment(make.PAYER, payment.id),
        ):
            with pytest.raises(NotAllowed):
                ask()

    def test_not_of_another_organisation(self) -> None:
        payment = make.make_payment()
        other = make.actor(permissions.PAY, permissions.START, organisation_id=make.OTHER_TOWN)
        for ask in (
            lambda: operations.confirm_payment(other, payment.id),
            lambda: operations.abandon_payment(other, payment.id),
            lambda: operations.ask_what_became(other, payment.id),
            lambda: operations.cancel_payment(other, payment.id),
            lambda: queries.get_payment_of_payer(other, payment.id),
            lambda: make_open_at(other, payment.id),
        ):
            with pytest.raises(NoSuchPayment):
                ask()


def make_open_at(who: Actor, payment_id: UUID) -> None:
    operations.open_at_processor(who, payment_id, processor="sandbox", return_url="", notice_url="")


class TestCheckPayment:
    def test_it_believes_the_processor_before_the_notice_comes(self) -> None:
        payment = make.make_payment()
        make.authorise(payment, telling=records.Telling.SLOW)
        models.SandboxCheckout.objects.update(tells_at=timezone.now())

        checked = operations.check_payment(make.SERVICE, payment.id)

        assert checked.state == records.State.SUBMITTED

    def test_twice_is_harmless(self) -> None:
        payment = make.make_paid_payment()

        assert operations.check_payment(make.SERVICE, payment.id) == payment
        assert len(make.events("pay.payment_succeeded")) == 1

    def test_it_changes_nothing_while_nothing_is_known(self) -> None:
        payment = make.make_payment()
        make.open_checkout(payment)

        opened = operations.check_payment(make.SERVICE, payment.id)

        assert opened.state == records.State.STARTED


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

    def test_money_that_was_confirmed_and_not_answered_is_taken(self) -> None:
        payment = make.make_payment()
        make.authorise(payment)
        operations.note_confirmation(make.PAYER, payment.id)
        models.Payment.objects.update(asked_at=payment.created_at - operations.ANSWER_WITHIN)
        make.let_expire(payment)

        operations.follow_up_payments()

        assert queries.get_payment(make.SERVICE, payment.id).state == records.State.CAPTURED
        assert make.events("pay.payment_failed") == []

    def test_money_that_nobody_confirmed_is_let_go(self) -> None:
        payment = make.make_payment()
        make.authorise(payment)
        make.let_expire(payment)

        operations.follow_up_payments()
        run_tasks()

        assert queries.get_payment(make.SERVICE, payment.id).state == records.State.EXPIRED
        assert models.SandboxCheckout.objects.get().word == "cancelled"
        assert make.balances() == {}

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
