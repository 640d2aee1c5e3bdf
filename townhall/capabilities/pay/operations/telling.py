"""Telling programs, by webhooks, what becomes of their payments."""

from townhall.capabilities.pay import models
from townhall.capabilities.pay.records import State

# GOV.UK Pay's events, by the state that a payment comes into.
EVENTS = {
    State.STARTED: "card_payment_started",
    State.CAPTURED: "card_payment_captured",
    State.DECLINED: "card_payment_failed",
    State.EXPIRED: "card_payment_expired",
}


def tell_programs(payment: models.Payment, after: State) -> None:
    pass
