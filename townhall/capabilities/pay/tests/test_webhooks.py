"""Programs are told what becomes of their payments, and can be sure that it was us."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from townhall.capabilities.pay import models, operations, permissions, queries, records
from townhall.capabilities.pay.errors import NoSuchTill, NoSuchWebhook
from townhall.capabilities.pay.operations import send_message
from townhall.capabilities.pay.operations.telling import tell_settled
from townhall.capabilities.pay.records import CardResult, DisputeState, WebhookEvent
from townhall.capabilities.pay.rules.identifiers import write_id
from townhall.capabilities.pay.tests.make import (
    OTHER_TOWN,
    SERVICE,
    STAFF,
    TOWN,
    Program,
    actor,
    dispute,
    let_expire,
    listening,
    make_till,
    pay,
)
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.outside import UnfitAddress

pytestmark = pytest.mark.django_db
URL = "https://program.example/told"
ALL = tuple(WebhookEvent)


@pytest.fixture
def program() -> Program:
    return Program(make_till())


def listen(program: Program, url: str = URL, **changes: Any) -> tuple[records.Webhook, str]:
    about = {"url": url, "description": "Our ledger", "events": ALL} | changes
    return operations.add_webhook(STAFF, program.till.id, **about)


def told() -> list[str]:
    """The events, in the order in which they happened."""
    return [message.event for message in models.WebhookMessage.objects.order_by("created_at")]


class TestEvents:
    def test_a_paid_payment_is_started_succeeded_and_captured(self, program: Program) -> None:
        listen(program)

        pay(program.create().json()["payment_id"])

        assert told() == [
            "card_payment_started",
            "card_payment_succeeded",
            "card_payment_captured",
        ]

    def test_with_delayed_capture_it_succeeds_before(self, program: Program) -> None:
        listen(program, events=[WebhookEvent.SUCCEEDED, WebhookEvent.CAPTURED])
        payment_id = program.create(delayed_capture=True).json()["payment_id"]

        pay(payment_id)
        at_first = told()
        program.post(f"payments/{payment_id}/capture")

        assert at_first == ["card_payment_succeeded"]
        assert told() == ["card_payment_succeeded", "card_payment_captured"]

    def test_a_declined_a_cancelled_and_an_expired_one(self, program: Program) -> None:
        listen(program, events=[WebhookEvent.FAILED, WebhookEvent.EXPIRED])
        declined, cancelled, expired = (program.create().json()["payment_id"] for _ in range(3))

        pay(declined, result=CardResult.DECLINED)
        program.post(f"payments/{cancelled}/cancel")
        payment = models.Payment.objects.get(state="created").record()
        assert write_id(payment.id) == expired
        let_expire(payment)
        operations.expire_payment(actor(permissions.RECORD), payment.id)

        assert told() == [
            "card_payment_failed",
            "card_payment_failed",
            "card_payment_expired",
        ]

    @pytest.mark.parametrize(
        ("result", "event", "left"),
        [
            (CardResult.PAYS, "card_payment_refunded", 1500),
            (CardResult.PAYS_BUT_NOT_BACK, "card_payment_refund_failed", 2000),
        ],
    )
    def test_a_refund(self, program: Program, result: CardResult, event: str, left: int) -> None:
        listen(program, events=[WebhookEvent.REFUNDED, WebhookEvent.REFUND_FAILED])
        payment_id = program.create().json()["payment_id"]
        pay(payment_id, result=result)
        program.post(f"payments/{payment_id}/refunds", {"amount": 500})

        operations.take_refund(refund_id=models.Refund.objects.get().id, organisation_id=TOWN)

        body = json.loads(models.WebhookMessage.objects.get().body)
        assert told() == [event]
        assert body["refund"]["amount"] == 500
        assert body["resource"]["refund_summary"]["amount_available"] == left

    def test_a_dispute_each_time_that_it_moves(self, program: Program) -> None:
        listen(program, events=[WebhookEvent.DISPUTED])
        payment_id = program.create().json()["payment_id"]
        pay(payment_id)

        dispute(payment_id)
        dispute(payment_id, state=DisputeState.LOST)

        bodies = [
            json.loads(each.body) for each in models.WebhookMessage.objects.order_by("created_at")
        ]
        assert [body["dispute"]["status"] for body in bodies] == ["needs_response", "lost"]

    def test_who_does_not_listen_is_told_nothing(self, program: Program) -> None:
        other, _secret = listen(Program(make_till("Another")))
        mine, _secret = listen(program, events=[WebhookEvent.EXPIRED])
        still, _secret = listen(program)
        operations.change_webhook(
            STAFF, still.id, url=URL, description="", events=ALL, is_active=False
        )

        pay(program.create().json()["payment_id"])

        assert told() == []
        assert other.id != mine.id


class TestSending:
    @pytest.fixture(autouse=True)
    def at_home(self, settings: Settings) -> None:
        """A program on this machine may be told."""
        settings.DEMO = True

    def send(self, message: models.WebhookMessage) -> models.WebhookMessage:
        send_message(message_id=message.id, organisation_id=TOWN)
        message.refresh_from_db()
        return message

    def message(self, program: Program, url: str) -> tuple[models.WebhookMessage, str]:
        _webhook, secret = listen(program, url, events=[WebhookEvent.CAPTURED])
        pay(program.create(email="someone@example.com").json()["payment_id"])
        return models.WebhookMessage.objects.get(), secret

    def test_it_is_signed_told_once_and_then_not_kept(self, program: Program) -> None:
        with listening() as (url, posts):
            message, secret = self.message(program, url)

            for _ in "ab":
                message = self.send(message)

        (post,) = posts
        body = json.loads(post.body)
        payment = program.get(f"payments/{body['resource_id']}").json()
        links = payment.pop("_links")
        expected = hmac.new(secret.encode(), post.body, hashlib.sha256).hexdigest()
        assert post.headers["Pay-Signature"] == expected
        assert body["resource"] == payment
        assert links
        assert body["api_version"] == 1
        assert body["resource_type"] == "payment"
        assert body["event_type"] == "card_payment_captured"
        assert body["webhook_message_id"] == write_id(message.id)
        assert message.delivered_at is not None
        assert message.body == ""

    def test_it_is_tried_again_and_then_given_up(self, program: Program) -> None:
        with listening(answers=500) as (url, posts):
            message, _secret = self.message(program, url)
            waits = []
            for _ in range(6):
                before = timezone.now()
                message = self.send(message)
                waits.append(message.next_at and message.next_at - before)

        minutes = [wait and round(wait / timedelta(minutes=1)) for wait in waits]
        assert minutes == [1, 5, 60, 24 * 60, 48 * 60, None]
        assert len(posts) == 6
        assert (message.attempts, message.last_answer) == (6, "500")
        assert message.given_up_at is not None

    def test_staff_can_have_it_tried_again(self, program: Program) -> None:
        with listening(answers=302) as (url, _posts):
            message, _secret = self.message(program, url)
            for _ in range(6):
                message = self.send(message)
            failed = queries.list_failed_webhook_messages(STAFF, message.webhook_id)

        again = [operations.try_again(STAFF, message.id) for _ in "ab"]

        assert [each.id for each in failed.rows] == [message.id]
        assert {(each.attempts, each.given_up_at) for each in again} == {(0, None)}

    def test_two_workers_that_failed_together_count_once(self, program: Program) -> None:
        message, _secret = self.message(program, "http://127.0.0.1:1/")

        for _ in "ab":
            operations.note_answer(
                actor(permissions.TELL), message.id, attempts=0, answer="503", is_taken=False
            )

        message.refresh_from_db()
        assert message.attempts == 1

    def test_addresses_within_are_not_called(self, program: Program, settings: Settings) -> None:
        with listening() as (url, posts):
            message, _secret = self.message(program, url)
            settings.DEMO = False
            message = self.send(message)

        assert posts == []
        assert message.last_answer == "not a public address"


class TestManaging:
    def test_its_secret_can_be_seen_and_renewed(self, program: Program) -> None:
        webhook, secret = listen(program)

        renewed = operations.renew_secret(STAFF, webhook.id)

        assert secret != renewed == queries.get_webhook_secret(STAFF, webhook.id)
        assert renewed.encode() not in bytes(models.Webhook.objects.get().secret)

    def test_it_is_changed_and_removed_with_what_it_was_to_be_told(self, program: Program) -> None:
        webhook, _secret = listen(program)
        pay(program.create().json()["payment_id"])

        changed = operations.change_webhook(
            STAFF,
            webhook.id,
            url="https://other.example/",
            description="",
            events=[WebhookEvent.FAILED],
            is_active=True,
        )
        listed = queries.list_webhooks(STAFF, program.till.id)
        messages = queries.list_webhook_messages(STAFF, webhook.id)
        operations.remove_webhook(STAFF, webhook.id)

        assert listed == [changed]
        assert changed.events == (WebhookEvent.FAILED,)
        assert len(messages.rows) == 3
        assert models.WebhookMessage.objects.count() == 0

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"url": "https://127.0.0.1/"}, UnfitAddress),
            ({"url": "http://program.example/"}, UnfitAddress),
            ({"description": "x" * 256}, Invalid),
            ({"events": ()}, Invalid),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, program: Program, changes: dict[str, Any], refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            listen(program, **changes)

    def test_it_is_for_staff_of_its_organisation(self, program: Program) -> None:
        webhook, _secret = listen(program)
        elsewhere = actor(permissions.MANAGE, organisation_id=OTHER_TOWN)

        with pytest.raises(NotAllowed):
            operations.renew_secret(SERVICE, webhook.id)
        with pytest.raises(NoSuchWebhook):
            operations.remove_webhook(elsewhere, webhook.id)
        with pytest.raises(NoSuchTill):
            operations.add_webhook(elsewhere, program.till.id, url=URL, description="", events=ALL)

    def test_old_messages_and_keys_are_forgotten(self, program: Program) -> None:
        listen(program)
        pay(program.create(once="key").json()["payment_id"])
        old = timezone.now() - timedelta(days=31)
        models.WebhookMessage.objects.update(created_at=old)
        models.Once.objects.update(made_at=old)

        operations.forget_messages()
        operations.forget_keys()

        assert models.WebhookMessage.objects.count() == models.Once.objects.count() == 0

    def test_what_was_settled_can_be_told(self, program: Program) -> None:
        listen(program, events=[WebhookEvent.SETTLED])
        pay(program.create().json()["payment_id"])

        tell_settled(models.Payment.objects.get())

        assert told() == ["card_payment_settled"]
