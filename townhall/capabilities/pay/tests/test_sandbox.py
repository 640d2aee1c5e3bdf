"""The sandbox's card page, and the notices it sends over real HTTP."""

import json
import logging

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from townhall.capabilities.pay import models, operations, permissions, queries, records
from townhall.capabilities.pay.errors import CheckoutClosed, NoSuchCheckout
from townhall.capabilities.pay.tests import make
from townhall.machinery.errors import NotAllowed, Unavailable
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


def page_of(reference: str) -> str:
    return f"/pay/sandbox/{reference}/"


@pytest.fixture
def payment() -> records.Payment:
    return make.make_payment()


@pytest.fixture
def reference(payment: records.Payment) -> str:
    return make.open_checkout(payment)


class TestTheCardPage:
    def test_it_shows_what_is_to_be_paid_and_that_no_money_moves(
        self, client: Client, reference: str
    ) -> None:
        shown = client.get(page_of(reference)).content.decode()

        assert "Sandbox: no money moves" in shown
        assert "£20" in shown
        assert "4000 0000 0000 0002" in shown

    def test_a_good_card_pays_and_goes_back(self, client: Client, reference: str) -> None:
        answer = client.post(page_of(reference), make.CARD)

        assert (answer.status_code, answer["Location"]) == (302, make.RETURN_URL)
        assert "You have paid" in client.get(page_of(reference)).content.decode()

    @pytest.mark.parametrize(
        ("number", "says"),
        [
            ("4000000000000002", "The card was declined"),
            ("4000000000000069", "The card has expired"),
            ("4000 0000 0000 0119", "Something went wrong"),
        ],
    )
    def test_a_bad_card_says_why(
        self, client: Client, reference: str, number: str, says: str
    ) -> None:
        answer = client.post(page_of(reference), make.CARD | {"card_number": number}, follow=True)

        assert says in answer.content.decode()
        assert make.RETURN_URL in answer.content.decode()

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("card_number", "", "Enter a card number"),
            ("card_number", "4242424242424243", "Enter a valid card number"),
            ("card_number", "4539578763621486", "Enter one of the test card numbers"),
            ("card_number", "४२४२424242424242", "Enter a valid card number"),
            ("expiry", "13/35", "as month and year"),
            ("expiry", "01/20", "in the future"),
            ("security_code", "12", "3 or 4 digits"),
            ("name", "", "Enter the name on the card"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_paid(
        self, client: Client, reference: str, field: str, value: str, says: str
    ) -> None:
        answer = client.post(page_of(reference), make.CARD | {field: value})

        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert models.SandboxCheckout.objects.get().state == "open"

    def test_a_card_number_is_never_shown_again_kept_or_logged(
        self, client: Client, reference: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)

        refused = client.post(page_of(reference), make.CARD | {"expiry": "x"})
        client.post(page_of(reference), make.CARD)

        assert 'value="4242' not in refused.content.decode()
        assert 'value="123"' not in refused.content.decode()
        assert "4242" not in caplog.text
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(c)::text FROM pay_sandboxcheckout c")
            (kept,) = cursor.fetchone()
            cursor.execute(
                "SELECT coalesce(string_agg(args::text, ''), '') FROM procrastinate_jobs"
            )
            (queued,) = cursor.fetchone()
        assert "42424242" not in kept + queued

    def test_declining_needs_no_card(self, client: Client, reference: str) -> None:
        answer = client.post(page_of(reference), {"choice": "decline"}, follow=True)

        assert "The card was declined" in answer.content.decode()

    def test_abandoning_goes_back_and_nothing_is_sent(self, client: Client, reference: str) -> None:
        answer = client.post(page_of(reference), {"choice": "abandon"})

        assert answer["Location"] == make.RETURN_URL
        assert not ProcrastinateJob.objects.exists()
        assert "Enter card details" in client.get(page_of(reference)).content.decode()

    def test_after_its_time_it_takes_no_money_and_says_so(
        self, client: Client, payment: records.Payment, reference: str
    ) -> None:
        make.let_expire(payment)

        answer = client.post(page_of(reference), make.CARD)

        assert "takes no money any more" in answer.content.decode()
        assert models.SandboxCheckout.objects.get().state == "open"

    def test_paying_twice_takes_one_card(self, client: Client, reference: str) -> None:
        client.post(page_of(reference), make.CARD)

        again = client.post(page_of(reference), make.CARD)

        assert "You have paid" in again.content.decode()
        assert ProcrastinateJob.objects.count() == 1

    def test_an_unknown_checkout_is_not_found(self, client: Client) -> None:
        assert client.get(page_of("never-heard-of")).status_code == 404

    def test_nonsense_is_refused_without_a_fault(self, client: Client, reference: str) -> None:
        answer = client.post(page_of(reference), {"telling": "loudly", "choice": "\x00"})

        assert answer.status_code == 422


class TestTakeCard:
    def test_only_once(self, reference: str) -> None:
        make.take_card(reference)

        with pytest.raises(CheckoutClosed):
            make.take_card(reference)

    def test_not_without_the_permission(self, reference: str) -> None:
        with pytest.raises(NotAllowed):
            operations.take_card(
                make.SERVICE,
                reference,
                result=records.CardResult.PAYS,
                telling=records.Telling.AT_ONCE,
            )

    def test_not_for_another_organisation(self, reference: str) -> None:
        other = make.actor(permissions.USE_SANDBOX, organisation_id=make.OTHER_TOWN)

        with pytest.raises(NoSuchCheckout):
            queries.get_sandbox_checkout(other, reference)
        with pytest.raises(NoSuchCheckout):
            operations.take_card(
                other,
                reference,
                result=records.CardResult.PAYS,
                telling=records.Telling.AT_ONCE,
            )


class TestItsNotices:
    def test_a_notice_is_posted_signed_and_fits(self, payment: records.Payment) -> None:
        with make.listening() as (address, posts):
            make.take_card(make.open_checkout(payment, notice_url=address))
            run_tasks()
        (post,) = posts

        operations.take_notice(make.PROCESSOR, body=post.body, headers=post.headers)

        assert queries.get_payment(make.SERVICE, payment.id).state == records.State.PAID
        assert b"4242" not in post.body

    def test_told_twice_it_is_the_same_notice(self, payment: records.Payment) -> None:
        with make.listening() as (address, posts):
            reference = make.open_checkout(payment, notice_url=address)
            make.take_card(reference, telling=records.Telling.TWICE)
            run_tasks(with_later_ones=True)

        for post in posts:
            operations.take_notice(make.PROCESSOR, body=post.body, headers=post.headers)

        first, second = (json.loads(post.body) for post in posts)
        assert first == second
        assert len(make.events("pay.payment_succeeded")) == 1

    def test_told_late_nobody_learns_of_it_in_time(self, payment: records.Payment) -> None:
        reference = make.open_checkout(payment)

        make.take_card(reference, telling=records.Telling.LATE)

        job = ProcrastinateJob.objects.get()
        assert job.scheduled_at
        assert job.scheduled_at > payment.expires_at
        assert run_tasks() == 0
        checked = operations.check_payment(make.SERVICE, payment.id)
        assert checked.state == records.State.OPEN

    def test_told_late_the_money_comes_after_the_payment_has_expired(
        self, payment: records.Payment
    ) -> None:
        with make.listening() as (address, posts):
            reference = make.open_checkout(payment, notice_url=address)
            make.take_card(reference, telling=records.Telling.LATE)
            make.let_expire(payment)
            operations.follow_up_payments()
            run_tasks(with_later_ones=True)

        operations.take_notice(make.PROCESSOR, body=posts[0].body, headers=posts[0].headers)

        assert len(make.events("pay.payment_failed")) == 1
        assert len(make.events("pay.payment_succeeded")) == 1

    @pytest.mark.parametrize("answers", [500, 404, 422, 302])
    def test_a_notice_that_is_not_taken_is_tried_again(
        self, payment: records.Payment, answers: int
    ) -> None:
        with make.listening(answers=answers) as (address, posts):
            make.take_card(make.open_checkout(payment, notice_url=address))

            with pytest.raises(Unavailable):
                run_tasks()

        assert len(posts) == 1
        assert models.SandboxCheckout.objects.get().times_told == 0

    def test_nobody_listening_is_tried_again(self, payment: records.Payment) -> None:
        with make.listening() as (address, _posts):
            pass
        make.take_card(make.open_checkout(payment, notice_url=address))

        with pytest.raises(Unavailable):
            run_tasks()

    def test_a_checkout_that_is_gone_is_no_fault(self) -> None:
        operations.tell_outcome(reference="never-heard-of", organisation_id=make.TOWN)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_queue")
def test_from_the_card_page_to_the_paid_payment_over_real_http(
    client: Client,
) -> None:
    payment = make.make_payment()
    with make.serving() as address:
        reference = make.open_checkout(payment, notice_url=f"{address}/api/v1/pay/notices")

        client.post(page_of(reference), make.CARD)
        run_tasks()

    assert queries.get_payment(make.SERVICE, payment.id).state == records.State.PAID
    assert "has been told" in client.get(page_of(reference)).content.decode()
