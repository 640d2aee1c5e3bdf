"""Telling programs, by webhooks, what becomes of their payments, in the transaction of it."""

from uuid import UUID, uuid4

from django.utils import timezone

from townhall.capabilities.pay import models
from townhall.capabilities.pay.operations.webhooks import send_message
from townhall.capabilities.pay.records import RefundState, State, WebhookEvent
from townhall.capabilities.pay.rules.answers import Wire
from townhall.capabilities.pay.rules.resources import (
    write_dispute,
    write_refund,
    write_webhook_message,
)

# GOV.UK Pay's events, by the state that a payment comes into.
EVENTS = {
    State.STARTED: (WebhookEvent.STARTED,),
    State.CAPTURABLE: (WebhookEvent.SUCCEEDED,),
    State.CAPTURED: (WebhookEvent.SUCCEEDED, WebhookEvent.CAPTURED),
    State.DECLINED: (WebhookEvent.FAILED,),
    State.ERRORED: (WebhookEvent.FAILED,),
    State.ABANDONED: (WebhookEvent.FAILED,),
    State.CANCELLED: (WebhookEvent.FAILED,),
    State.EXPIRED: (WebhookEvent.EXPIRED,),
}


def tell_programs(payment: models.Payment, after: State) -> None:
    """That a payment has come into a state; nothing where GOV.UK Pay says nothing."""
    for event in EVENTS.get(after, ()):
        if event == WebhookEvent.SUCCEEDED and after == State.CAPTURED and _was_told(payment):
            continue
        _tell(payment, event)


def tell_settled(payment: models.Payment) -> None:
    """That the processor has paid out what a payment brought."""
    _tell(payment, WebhookEvent.SETTLED)


def tell_of_refund(refund: models.Refund) -> None:
    """That a refund has succeeded or failed."""
    if refund.payment is None:
        return
    failed = refund.state == RefundState.FAILED
    event = WebhookEvent.REFUND_FAILED if failed else WebhookEvent.REFUNDED
    fresh = models.Payment.objects.get(id=refund.payment.id)  # what is left of it has changed
    _tell(fresh, event, refund=write_refund(refund.record()))


def tell_of_dispute(dispute: models.Dispute) -> None:
    """That a dispute was opened, or went on."""
    _tell(dispute.payment, WebhookEvent.DISPUTED, dispute=write_dispute(dispute.record()))


def _was_told(payment: models.Payment) -> bool:
    """Of one with delayed capture, when it became capturable."""
    return payment.delayed_capture and payment.steps.filter(state=State.CAPTURABLE).exists()


def _tell(payment: models.Payment, event: WebhookEvent, **beside: Wire) -> None:
    for webhook_id in _listeners(payment, event):
        message_id, now = uuid4(), timezone.now()
        body = write_webhook_message(
            payment.record(), event=event, message_id=message_id, at=now, beside=beside
        )
        models.WebhookMessage.objects.create(
            id=message_id,
            webhook_id=webhook_id,
            event=event.value,
            about=payment.id,
            body=body,
            created_at=now,
            next_at=now,
        )
        send_message.later(message_id=message_id, organisation_id=payment.organisation_id)


def _listeners(payment: models.Payment, event: WebhookEvent) -> list[UUID]:
    if payment.till_id is None:
        return []
    told = models.Webhook.objects.filter(till_id=payment.till_id, is_active=True)
    return list(told.filter(events__contains=[event.value]).values_list("id", flat=True))
