"""What Stripe's objects say, in our words. https://docs.stripe.com/api

They come as JSON, and a peer or another version of its API may leave a part out.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from townhall.capabilities.pay.errors import NotOffered
from townhall.capabilities.pay.records import (
    BillingAddress,
    CardDetails,
    Cause,
    DisputeNotice,
    DisputeState,
    Outcome,
    RefundOutcome,
    RefundState,
    SettlementLine,
    Word,
)
from townhall.machinery.money import Money, digits_of

Said = Mapping[str, Any]  # Any: JSON

# Where Stripe's minor unit is not ISO 4217's. https://docs.stripe.com/currencies
_DIGITS = {"ISK": 2, "UGX": 2, "MGA": 0}
_BRANDS = {"mastercard": "master-card", "amex": "american-express", "diners": "diners-club"}
_CAUSES = {
    "expired_card": Cause.CARD_EXPIRED,
    "incorrect_cvc": Cause.BAD_CODE,
    "invalid_cvc": Cause.BAD_CODE,
}
# After these the card's bank says no however often it is asked. https://docs.stripe.com/declines
_FOR_GOOD = frozenset(
    {
        "authentication_required",
        "do_not_try_again",
        "expired_card",
        "highest_risk_level",
        "incorrect_number",
        "invalid_account",
        "lost_card",
        "pickup_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "stolen_card",
        "stop_payment_order",
        "transaction_not_allowed",
    }
)
_REFUND_STATES = {
    "pending": RefundState.REQUESTED,
    "requires_action": RefundState.REQUESTED,
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
# The questions that banks ask before a dispute (warning_...) move no money, and are left out.
_DISPUTE_STATES = {
    "needs_response": DisputeState.NEEDS_RESPONSE,
    "appeal_needs_response": DisputeState.NEEDS_RESPONSE,
    "under_review": DisputeState.UNDER_REVIEW,
    "appeal_under_review": DisputeState.UNDER_REVIEW,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
}
_KINDS = {
    "charge": "payment",
    "refund": "refund",
    "dispute": "dispute",
    "dispute_reversal": "dispute",
}


def write_amount(amount: Money) -> int:
    """In Stripe's minor units. Raises NotOffered for what it cannot take."""
    digits = _DIGITS.get(amount.currency, digits_of(amount.currency))
    written = amount.units.scaleb(digits)
    if written != int(written) or (digits == 3 and written % 10):  # fils, in tens only
        raise NotOffered(_("This sum cannot be paid in that way."))
    return int(written)


def read_amount(minor: int, currency: str) -> Money:
    code = currency.upper()
    return Money(
        int(minor * 10 ** digits_of(code) // 10 ** _DIGITS.get(code, digits_of(code))), code
    )


def outcome_of_session(session: Said) -> Outcome | None:
    """Of a checkout with its payment intent expanded; None while the payer may yet pay."""
    intent = session.get("payment_intent")
    if session["status"] == "complete" and isinstance(intent, Mapping):
        return outcome_of_intent(intent, reference=session["id"])
    if session["status"] != "expired":
        return None
    return Outcome(
        reference=session["id"],
        payment_id=_ours(session, "payment_id"),
        word=Word.CANCELLED,
        amount=read_amount(session["amount_total"], session["currency"]),
    )


def outcome_of_intent(intent: Said, *, reference: str) -> Outcome | None:
    """Of a payment intent with its charge expanded; None while Stripe is at it."""
    word, amount = _word_of(intent)
    if word is None:
        return None
    charge = _charge_of(intent)
    refused = word == Word.DECLINED
    error = intent.get("last_payment_error") or {}
    return Outcome(
        reference=reference,
        payment_id=_ours(intent, "payment_id"),
        word=word,
        amount=read_amount(amount, intent["currency"]),
        cause=cause_of(error) if refused else None,
        can_retry=may_retry(error) if refused else None,
        card=card_of(charge) if charge else None,
        instrument=_instrument(intent) if word in (Word.AUTHORISED, Word.CAPTURED) else "",
        three_d_secure=_was_asked(charge),
        fee=_fee_of(charge),
    )


def _word_of(intent: Said) -> tuple[Word | None, int]:
    asked = intent["amount"]
    match intent["status"]:
        case "succeeded":
            return Word.CAPTURED, intent.get("amount_received", asked)
        case "requires_capture":
            return Word.AUTHORISED, intent.get("amount_capturable", asked)
        case "canceled":
            return Word.CANCELLED, asked
        case "requires_payment_method" if intent.get("last_payment_error"):
            return Word.DECLINED, asked
    return None, asked


def cause_of(error: Said) -> Cause:
    """Why a card was refused, from an error as Stripe writes them."""
    code = error.get("decline_code") or error.get("code") or ""
    return _CAUSES.get(code, Cause.DECLINED)


def may_retry(error: Said) -> bool:
    """Whether the same card may be asked again on another day."""
    codes = {error.get("decline_code"), error.get("code")}
    return error.get("advice_code") != "do_not_try_again" and not codes & _FOR_GOOD


def card_of(charge: Said) -> CardDetails | None:
    card = (charge.get("payment_method_details") or {}).get("card")
    if not card:
        return None
    billing = charge.get("billing_details") or {}
    return CardDetails(
        brand=_BRANDS.get(card.get("brand") or "", card.get("brand") or ""),
        kind=card["funding"] if card.get("funding") in ("credit", "debit") else "",
        first_digits=card.get("iin") or "",
        last_digits=card.get("last4") or "",
        expires=f"{card['exp_month']:02}/{card['exp_year'] % 100:02}",
        name=billing.get("name") or "",
        address=_address_of(billing.get("address")),
    )


def _address_of(address: Said | None) -> BillingAddress | None:
    if not address or not any(address.values()):
        return None
    return BillingAddress(
        line1=address.get("line1") or "",
        line2=address.get("line2") or "",
        city=address.get("city") or "",
        postcode=address.get("postal_code") or "",
        country=address.get("country") or "",
    )


def refund_outcome(refund: Said, refund_id: UUID) -> RefundOutcome:
    state = _REFUND_STATES.get(refund["status"], RefundState.REQUESTED)
    return RefundOutcome(
        reference=refund["id"],
        refund_id=refund_id,
        state=state,
        amount=read_amount(refund["amount"], refund["currency"]),
        cause=Cause.ERROR if state == RefundState.FAILED else None,
    )


def refund_id_of(refund: Said) -> UUID | None:
    """Ours; None if it was made at Stripe by hand: the settlement report will show that one."""
    return _ours(refund, "refund_id")


def dispute_notice(dispute: Said, payment_reference: str) -> DisputeNotice | None:
    """None for what is no dispute yet."""
    state = _DISPUTE_STATES.get(dispute["status"])
    if state is None:
        return None
    currency = dispute["currency"]
    moved = dispute.get("balance_transactions") or []
    fee = sum(each["fee"] for each in moved if isinstance(each, Mapping))
    due = (dispute.get("evidence_details") or {}).get("due_by")
    return DisputeNotice(
        reference=dispute["id"],
        payment_reference=payment_reference,
        state=state,
        amount=read_amount(dispute["amount"], currency),
        fee=read_amount(max(fee, 0), currency),
        reason=dispute.get("reason") or "",
        answer_by=_day(due) if due else None,
    )


def settlement_line(moved: Said, payout: Said) -> SettlementLine | None:
    """Of a balance transaction with its source expanded; None for the payout itself."""
    kind = moved["reporting_category"]
    if kind == "payout":
        return None
    found = moved.get("source")
    source = found if isinstance(found, Mapping) else {}
    currency = moved["currency"]
    reference = source.get("payment_intent") if kind == "charge" else source.get("id")
    return SettlementLine(
        id=moved["id"],
        payout=payout["id"],
        paid_out_on=_day(payout["arrival_date"]),
        kind=_KINDS.get(kind, "adjustment"),
        reference=reference or moved["id"],
        ours=_ours(source, "payment_id" if kind == "charge" else "refund_id"),
        amount=read_amount(moved["amount"], currency),
        fee=read_amount(moved["fee"], currency),
    )


def _charge_of(intent: Said) -> Said | None:
    charge = intent.get("latest_charge")
    return charge if isinstance(charge, Mapping) else None


def _fee_of(charge: Said | None) -> Money | None:
    """None until the money has moved, and where it came in another currency than was asked."""
    moved = charge.get("balance_transaction") if charge else None
    if charge is None or not isinstance(moved, Mapping) or moved["currency"] != charge["currency"]:
        return None
    return read_amount(moved["fee"], moved["currency"])


def _instrument(intent: Said) -> str:
    customer, method = intent.get("customer"), intent.get("payment_method")
    return f"{customer}/{method}" if customer and method else ""


def _was_asked(charge: Said | None) -> bool:
    details = (charge or {}).get("payment_method_details") or {}
    asked = (details.get("card") or {}).get("three_d_secure") or {}
    return asked.get("authentication_flow") == "challenge"


def _ours(said: Said, name: str) -> UUID | None:
    try:
        return UUID((said.get("metadata") or {}).get(name) or "")
    except ValueError:
        return None


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()
