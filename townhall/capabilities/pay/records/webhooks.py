"""Webhooks, and what they are told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class WebhookEvent(StrEnum):
    """What a webhook may be told. The last two are none of GOV.UK Pay's."""

    STARTED = "card_payment_started"
    SUCCEEDED = "card_payment_succeeded"
    CAPTURED = "card_payment_captured"
    SETTLED = "card_payment_settled"
    REFUNDED = "card_payment_refunded"
    FAILED = "card_payment_failed"
    EXPIRED = "card_payment_expired"
    REFUND_FAILED = "card_payment_refund_failed"
    DISPUTED = "card_payment_disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    id: UUID
    till_id: UUID
    url: str
    description: str
    events: tuple[WebhookEvent, ...]
    is_active: bool
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMessage:
    """One thing that one webhook is told, and how that went. Without what it says."""

    id: UUID
    webhook_id: UUID
    event: WebhookEvent
    payment_id: UUID
    attempts: int  # that failed
    last_answer: str
    created_at: datetime
    next_at: datetime | None
    delivered_at: datetime | None
    given_up_at: datetime | None
