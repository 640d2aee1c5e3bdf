"""A payment as GOV.UK Pay's API writes it: the body of its answers and of its webhooks.

https://docs.payments.service.gov.uk/api_reference/ What is None or unknown is left out, as there.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from townhall.capabilities.pay import records
from townhall.capabilities.pay.records import Mode, State
from townhall.capabilities.pay.rules.cards import BRAND_NAMES
from townhall.capabilities.pay.rules.identifiers import write_id
from townhall.capabilities.pay.rules.transitions import CANCELLABLE

Wire = dict[str, Any]  # Any: JSON

STATUSES = {
    State.CREATED: "created",
    State.STARTED: "started",
    State.AUTHORISING: "started",
    State.CHALLENGED: "started",
    State.SUBMITTED: "submitted",
    State.CAPTURABLE: "capturable",
    State.CAPTURING: "submitted",
    State.CAPTURED: "success",
    State.DECLINED: "failed",
    State.EXPIRED: "failed",
    State.ABANDONED: "failed",
    State.CANCELLED: "cancelled",
    State.ERRORED: "error",
}
FAILURES = {
    State.DECLINED: ("P0010", "Payment method rejected"),
    State.EXPIRED: ("P0020", "Payment expired"),
    State.ABANDONED: ("P0030", "Payment was cancelled by the user"),
    State.CANCELLED: ("P0040", "Payment was cancelled by the service"),
    State.ERRORED: ("P0050", "Payment provider returned an error"),
}
PAYABLE = (State.CREATED, State.STARTED)  # by whoever opens next_url


def write_moment(moment: datetime) -> str:
    """To the millisecond, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def write_state(state: State, *, can_retry: bool | None = None) -> Wire:
    written: Wire = {"status": STATUSES[state], "finished": state.is_over}
    if state in FAILURES:
        written["code"], written["message"] = FAILURES[state]
    if can_retry is not None and state == State.DECLINED:
        written["can_retry"] = can_retry
    return written


def write_payment(payment: records.Payment) -> Wire:
    """Without links."""
    written: Wire = {
        "payment_id": write_id(payment.id),
        "amount": payment.amount.minor,
        "description": payment.description,
        "reference": payment.reference,
        "language": payment.language,
        "metadata": dict(payment.metadata) or None,
        "email": payment.email or None,
        "state": write_state(payment.state, can_retry=payment.can_retry),
        "payment_provider": payment.processor or "sandbox",
        "created_date": write_moment(payment.created_at),
        "refund_summary": write_refund_summary(payment),
        "settlement_summary": write_settlement(payment),
        "card_details": _card_details(payment),
        "card_brand": BRAND_NAMES.get(payment.card.brand) if payment.card else None,
        "delayed_capture": payment.delayed_capture,
        "moto": payment.moto,
        "return_url": payment.return_url or None,
        "provider_id": payment.processor_reference or None,
        "authorisation_mode": payment.mode.value,
        "authorisation_summary": _authorisation(payment),
        "agreement_id": write_id(payment.agreement_id) if payment.agreement_id else None,
        "agreement_payment_type": payment.agreement_kind or None,
        "fee": payment.fee.minor if payment.fee else None,
        "net_amount": payment.amount.minor - payment.fee.minor if payment.fee else None,
    }
    if payment.amount.currency != "GBP":  # none of GOV.UK Pay's: it knows pounds only
        written["currency"] = payment.amount.currency
    written |= dict(payment.telephone or {})
    return {name: value for name, value in written.items() if value is not None}


def write_refund_summary(payment: records.Payment) -> Wire:
    available = payment.amount.minor - payment.refunded.minor
    if payment.state == State.CAPTURED:
        status = "available" if available else "full"
    elif payment.state.is_over:
        status = "unavailable"
    else:
        status = "pending"
    if payment.mode == Mode.EXTERNAL:
        status = "unavailable"
    submitted = payment.refunded.minor
    return {
        "status": status,
        "amount_available": available,
        "amount_submitted": submitted,
    }


def write_settlement(payment: records.Payment) -> Wire:
    written: Wire = {}
    if payment.capture_asked_at:
        written["capture_submit_time"] = write_moment(payment.capture_asked_at)
    if payment.paid_at:
        written["captured_date"] = payment.paid_at.astimezone(UTC).date().isoformat()
    if payment.settled_on:
        written["settled_date"] = payment.settled_on.isoformat()
    return written


def write_links(payment: records.Payment, *, base: str) -> Wire:
    """What may be done with it now. `base` is where we answer, without a last slash."""
    me = f"{base}/v1/payments/{write_id(payment.id)}"
    links: Wire = {
        "self": _get(me),
        "events": _get(f"{me}/events"),
        "refunds": _get(f"{me}/refunds"),
    }
    if payment.state in CANCELLABLE:
        links["cancel"] = _post(f"{me}/cancel")
    if payment.state == State.CAPTURABLE:
        links["capture"] = _post(f"{me}/capture")
    if payment.mode == Mode.WEB and payment.state in PAYABLE:
        links["next_url"] = _get(f"{base}/pay/secure/{payment.token}")
        links["next_url_post"] = _form(f"{base}/pay/secure", {"chargeTokenId": payment.token})
    if payment.mode == Mode.MOTO_API and payment.state == State.CREATED:
        links["auth_url_post"] = {
            "type": "application/json",
            "params": {"one_time_token": payment.token},
            "href": f"{base}/v1/auth",
            "method": "POST",
        }
    return links


def _card_details(payment: records.Payment) -> Wire | None:
    if payment.card is None:
        return _prefilled(payment.prefilled)
    return write_card(payment.card)


def write_card(card: records.CardDetails) -> Wire:
    return {
        "cardholder_name": card.name or None,
        "card_brand": BRAND_NAMES.get(card.brand, "") or None,
        "card_type": card.kind or None,
        "first_digits_card_number": card.first_digits or None,
        "last_digits_card_number": card.last_digits or None,
        "expiry_date": card.expires or None,
        "billing_address": _address(card.address),
    }


def _prefilled(prefilled: records.Prefilled | None) -> Wire | None:
    if prefilled is None:
        return None
    return {
        "cardholder_name": prefilled.name or None,
        "billing_address": _address(prefilled.address),
        "card_brand": None,
        "card_type": None,
        "first_digits_card_number": None,
        "last_digits_card_number": None,
        "expiry_date": None,
    }


def _address(address: records.BillingAddress | None) -> Wire | None:
    if address is None:
        return None
    return {
        "line1": address.line1 or None,
        "line2": address.line2 or None,
        "postcode": address.postcode or None,
        "city": address.city or None,
        "country": address.country or None,
    }


def _authorisation(payment: records.Payment) -> Wire | None:
    return {"three_d_secure": {"required": True}} if payment.three_d_secure else None


def _get(href: str) -> Wire:
    return {"href": href, "method": "GET"}


def _post(href: str) -> Wire:
    return {"href": href, "method": "POST"}


def _form(href: str, params: Mapping[str, str]) -> Wire:
    return {
        "type": "application/x-www-form-urlencoded",
        "params": dict(params),
        "href": href,
        "method": "POST",
    }
