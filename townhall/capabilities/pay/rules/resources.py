"""Refunds, disputes, agreements, events and webhook messages as GOV.UK Pay's API writes them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from townhall.capabilities.pay import records
from townhall.capabilities.pay.records import DisputeState, RefundState, State
from townhall.capabilities.pay.rules.answers import (
    STATUSES,
    Wire,
    write_card,
    write_moment,
    write_payment,
    write_state,
)
from townhall.capabilities.pay.rules.identifiers import write_id

REFUND_STATUSES = {
    RefundState.PROPOSED: "submitted",
    RefundState.REQUESTED: "submitted",
    RefundState.SUCCEEDED: "success",
    RefundState.FAILED: "error",
    RefundState.REJECTED: "error",
}


def write_refund(refund: records.Refund) -> Wire:
    """Without links."""
    settled = refund.settled_on.isoformat() if refund.settled_on else None
    written: Wire = {
        "refund_id": write_id(refund.id),
        "created_date": write_moment(refund.requested_at),
        "amount": refund.amount.minor,
        "status": REFUND_STATUSES[refund.state],
        "settlement_summary": {"settled_date": settled} if settled else {},
    }
    if refund.payment_id:
        written["payment_id"] = write_id(refund.payment_id)
    return written


def write_dispute(dispute: records.Dispute) -> Wire:
    """Without links. What was lost is a sum below nothing, with the fee of asking."""
    lost = dispute.state == DisputeState.LOST
    settled = dispute.settled_on.isoformat() if dispute.settled_on else None
    written: Wire = {
        "dispute_id": write_id(dispute.id),
        "payment_id": write_id(dispute.payment_id),
        "created_date": write_moment(dispute.made_at),
        "amount": dispute.amount.minor,
        "fee": dispute.fee.minor if lost else None,
        "net_amount": -dispute.amount.minor - dispute.fee.minor if lost else None,
        "status": dispute.state.value,
        "reason": dispute.reason,
        "evidence_due_date": f"{dispute.answer_by}T23:59:59.000Z" if dispute.answer_by else None,
        "settlement_summary": {"settled_date": settled} if settled else None,
    }
    return {name: value for name, value in written.items() if value is not None}


def write_agreement(agreement: records.Agreement) -> Wire:
    written: Wire = {
        "agreement_id": write_id(agreement.id),
        "reference": agreement.reference,
        "description": agreement.description,
        "user_identifier": agreement.user_identifier or None,
        "status": agreement.state.value,
        "created_date": write_moment(agreement.created_at),
        "cancelled_date": write_moment(agreement.cancelled_at) if agreement.cancelled_at else None,
    }
    if agreement.card and agreement.active_since:
        written["payment_instrument"] = {
            "type": "CARD",
            "created_date": write_moment(agreement.active_since),
            "card_details": write_card(agreement.card),
        }
    return {name: value for name, value in written.items() if value is not None}


def changes_of_status(steps: Iterable[records.Step]) -> list[records.Step]:
    """Of the steps of a payment, those that programs see: several states are one status of theirs.

    What was capturable is not told as submitted again while it is being taken.
    """
    seen: list[records.Step] = []
    for step in steps:
        statuses = [STATUSES[each.state] for each in seen]
        back = statuses[-1:] == ["capturable"] and STATUSES[step.state] == "submitted"
        if not back and STATUSES[step.state] not in statuses[-1:]:
            seen.append(step)
    return seen


def write_event(payment_id: UUID, step: records.Step, *, base: str) -> Wire:
    name = write_id(payment_id)
    link = {"href": f"{base}/v1/payments/{name}", "method": "GET"}
    return {
        "payment_id": name,
        "state": write_state(State(step.state)),
        "updated": write_moment(step.at),
        "_links": {"payment_url": link},
    }


def write_webhook_message(
    payment: records.Payment,
    *,
    event: records.WebhookEvent,
    message_id: UUID,
    at: datetime,
    beside: Mapping[str, Wire],
) -> str:
    """`beside` is what GOV.UK Pay does not send: the refund or dispute that it is about."""
    written = {
        "webhook_message_id": write_id(message_id),
        "api_version": 1,
        "created_date": write_moment(at),
        "resource_id": write_id(payment.id),
        "resource_type": "payment",
        "event_type": event.value,
        "resource": write_payment(payment),
    }
    return json.dumps(written | dict(beside))
