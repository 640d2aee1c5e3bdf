"""The sandbox: how it answers, well and badly, and the notices it sends over real HTTP."""

import json

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from townhall.capabilities.pay import models, operations, permissions, queries, records
from townhall.capabilities.pay.errors import CheckoutClosed, NoSuchCheckout
from townhall.capabilities.pay.records import CardResult, State, Telling
from townhall.capabilities.pay.tests import make
from townhall.machinery.errors import NotAllowed, Unavailable
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment() -> records.Payment:
    return make.make_payment()


def state_of(payment: records.Payment) -> State:
    return queries.get_payment(make.SERVICE, payment.id).state


def take(post: make.Post) -> None:
    operations.take_notice(
        make.PROCESSOR, processor="sandbox", body=post.body, headers=post.headers
    )


class TestItsCards:
    @pytest.mark.parametrize(
        ("result", "state"),
        [
            (CardResult.PAYS, State.SUBMITTED),
            (CardResult.CHALLENGED, State.CHALLENGED),
            (CardResult.DECLINED, State.DECLINED),
            (CardResult.CARD_EXPIRED, State.DECLINED),
            (CardResult.BAD_CODE, State.DECLINED),
            (CardResult.ERROR, State.ERRORED),
        ],
    )
    def test_each_does_what_it_says(
        self, payment: records.Payment, result: CardResult, state: State
    ) -> None:
        assert make.authorise(payment, result=result).state == state

    def test_no_card_number_is_kept_or_queued(self, payment: records.Payment) -> None:
        make.authorise(payment)
        operations.confirm_payment(make.PAYER, payment.id)

        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(c)::text FROM pay_sandboxcheckout c")
            (kept,) = cursor.fetchone()
            cursor.execute("SELECT to_jsonb(p)::text FROM pay_payment p")
            (ours,) = cursor.fetchone()
            cursor.execute("SELECT string_agg(args::text, '') FROM procrastinate_jobs")
            (queued,) = cursor.fetchone()
        assert "4242424242424242" not in kept + ours + queued
        assert "4242424242424242" not in repr(make.make_card())

    def test_its_bank_asks_and_the_payer_says_yes(self, payment: records.Payment) -> None:
        make.authorise(payment, result=CardResult.CHALLENGED)
        reference = models.SandboxCheckout.objects.get().reference

        operations.answer_bank(make.CARDHOLDER, reference, is_payer=True)
        asked, _where = operations.ask_what_became(make.PAYER, payment.id)

        assert (asked.state, asked.three_d_secure) == (State.SUBMITTED, True)

    def test_its_bank_asks_and_the_payer_says_no(self, payment: records.Payment) -> None:
        make.authorise(payment, result=CardResult.CHALLENGED)
        reference = models.SandboxCheckout.objects.get().reference

        operations.answer_bank(make.CARDHOLDER, reference, is_payer=False)
        asked, _where = operations.ask_what_became(make.PAYER, payment.id)

        assert asked.state == State.DECLINED
        with pytest.raises(CheckoutClosed):
            operations.answer_bank(make.CARDHOLDER, reference, is_payer=True)


class TestWhoMay:
    def test_not_without_the_permission(self) -> None:
        with pytest.raises(NotAllowed):
            operations.set_telling(make.SERVICE, "x", telling=Telling.LATE)
        with pytest.raises(NotAllowed):
            operations.answer_bank(make.SERVICE, "x", is_payer=True)

    def test_not_for_another_organisation(self, payment: records.Payment) -> None:
        reference = make.open_checkout(payment)
        other = make.actor(permissions.USE_SANDBOX, organisation_id=make.OTHER_TOWN)

        with pytest.raises(NoSuchCheckout):
            queries.get_sandbox_checkout(other, reference)
        with pytest.raises(NoSuchCheckout):
            operations.set_telling(other, reference, telling=Telling.LATE)
        with pytest.raises(NoSuchCheckout):
            operations.answer_bank(other, reference, is_payer=True)


class TestItsSilence:
    def test_a_payment_that_was_not_answered_is_not_guessed(self, payment: records.Payment) -> None:
        assert make.authorise(payment, telling=Telling.SLOW).state == State.AUTHORISING

        asked, _where = operations.ask_what_became(make.PAYER, payment.id)

        assert asked.state == State.AUTHORISING

    def test_the_poll_settles_it_once_the_sandbox_speaks(self, payment: records.Payment) -> None:
        make.authorise(payment, telling=Telling.SLOW)
        models.SandboxCheckout.objects.update(tells_at=payment.created_at)
        models.Payment.objects.update(asked_at=payment.created_at - operations.ANSWER_WITHIN)

        operations.follow_up_payments()

        assert state_of(payment) == State.SUBMITTED

    def test_money_that_it_took_unheard_is_nobodys_when_it_is_too_late(
        self, payment: records.Payment
    ) -> None:
        make.authorise(payment, telling=Telling.LATE)
        make.let_expire(payment)

        operations.follow_up_payments()
        run_tasks()

        assert state_of(payment) == State.EXPIRED
        assert make.balances() == {("processor", "sandbox"): 2000, ("unexpected", ""): -2000}
        assert [each["cause"] for each in make.events("pay.money_unexpected")] == ["paid_too_late"]


class TestItsNotices:
    def test_a_notice_is_posted_signed_and_fits(self, payment: records.Payment) -> None:
        with make.listening() as (address, posts):
            make.open_checkout(payment, notice_url=address)
            make.authorise(payment)
            operations.confirm_payment(make.PAYER, payment.id)
            run_tasks()
        (post,) = posts

        take(post)

        assert state_of(payment) == State.CAPTURED
        assert len(make.events("pay.payment_succeeded")) == 1
        assert b"4242424242424242" not in post.body

    def test_told_twice_it_is_the_same_notice(self, payment: records.Payment) -> None:
        with make.listening() as (address, posts):
            make.open_checkout(payment, notice_url=address)
            make.authorise(payment, telling=Telling.TWICE)
            operations.confirm_payment(make.PAYER, payment.id)
            run_tasks(with_later_ones=True)

        for post in posts:
            take(post)

        first, second = (json.loads(post.body) for post in posts)
        assert first == second
        assert len(make.events("pay.payment_succeeded")) == 1

    @pytest.mark.parametrize("answers", [500, 404, 422, 302])
    def test_a_notice_that_is_not_taken_is_tried_again(
        self, payment: records.Payment, answers: int
    ) -> None:
        with make.listening(answers=answers) as (address, posts):
            make.open_checkout(payment, notice_url=address)
            make.authorise(payment)
            operations.confirm_payment(make.PAYER, payment.id)

            with pytest.raises(Unavailable):
                run_tasks()

        assert len(posts) == 1
        assert models.SandboxCheckout.objects.get().times_told == 0

    def test_a_checkout_that_is_gone_is_no_fault(self) -> None:
        operations.tell_outcome(reference="never-heard-of", organisation_id=make.TOWN)
        operations.tell_dispute(reference="never-heard-of", organisation_id=make.TOWN)
        operations.decide_dispute(reference="never-heard-of", organisation_id=make.TOWN)
        assert not ProcrastinateJob.objects.exists()


class TestItsDisputes:
    @pytest.mark.parametrize(
        ("result", "ends", "balances"),
        [
            (
                CardResult.DISPUTED_AND_LOST,
                "lost",
                {("takings", "parking"): -2000, ("written_off", ""): 2000},
            ),
            (
                CardResult.DISPUTED_AND_WON,
                "won",
                {("takings", "parking"): -2000},
            ),
        ],
    )
    def test_the_payer_challenges_and_the_bank_decides(
        self,
        payment: records.Payment,
        result: CardResult,
        ends: str,
        balances: dict[tuple[str, str], int],
    ) -> None:
        with make.listening() as (address, posts):
            make.open_checkout(payment, notice_url=address)
            make.authorise(payment, result=result)
            operations.confirm_payment(make.PAYER, payment.id)
            run_tasks(with_later_ones=True)

        for post in posts * 2:
            take(post)

        assert [each["state"] for each in make.events("pay.dispute_moved")] == [
            "needs_response",
            ends,
        ]
        owed = 2000 if ends == "won" else 0
        expected = balances | {("fees", "sandbox"): 1500, ("processor", "sandbox"): owed - 1500}
        assert make.balances() == expected
