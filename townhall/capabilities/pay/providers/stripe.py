"""Stripe, on its own checkout pages: no card's data comes here. https://docs.stripe.com/checkout"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import stripe
from django.utils.translation import gettext as _

from townhall.capabilities.pay.errors import (
    ForgedNotice,
    NoSuchCheckout,
    StaleNotice,
    UnreadableNotice,
)
from townhall.capabilities.pay.providers import stripe_words as words
from townhall.capabilities.pay.records import (
    Cause,
    Checkout,
    DisputeNotice,
    Outcome,
    Payment,
    ProcessorNotice,
    RefundOutcome,
    RefundState,
    SettlementLine,
    Word,
)
from townhall.machinery.errors import Unavailable
from townhall.machinery.money import Money

TIMEOUT_SECONDS = (3.05, 10.0)  # to connect, and to answer
FRESH_SECONDS = 5 * 60
# Stripe closes a checkout 30 minutes to 24 hours after it was made. We close it ourselves when the
# time to pay is over, and Stripe half an hour later if we cannot.
OPEN_LONGER = timedelta(minutes=31)
OPEN_AT_MOST = timedelta(hours=24)
LONGEST_NAME = 250
MOST_AT_ONCE = 100
_WITH_CHARGE = "latest_charge.balance_transaction"
_OF_SESSIONS = ("checkout.session.completed", "checkout.session.expired")
_OF_INTENTS = (
    "payment_intent.amount_capturable_updated",
    "payment_intent.canceled",
    "payment_intent.payment_failed",
    "payment_intent.succeeded",
)
_OF_REFUNDS = ("charge.refund.updated", "refund.created", "refund.failed", "refund.updated")
_OF_DISPUTES = (
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_reinstated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.updated",
)
_LETS_GO = (
    "requires_capture",
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
)


class Stripe:
    """With the secret key and the webhook's secret in its address.

    stripe://sk_live_...:whsec_...@api.stripe.com; stripe+http:// reaches a peer on this machine.
    """

    slug = "stripe"

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        scheme = "http" if address.scheme.endswith("+http") else "https"
        host = address.netloc.rpartition("@")[2]
        self._key = unquote(address.username or "")
        self._secret = unquote(address.password or "")
        self._client = stripe.StripeClient(
            self._key or "none",
            base_addresses={"api": f"{scheme}://{host}"},
            max_network_retries=0,  # whoever asks us asks again
            http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        ).v1

    def open_checkout(
        self, payment: Payment, *, return_url: str, notice_url: str, language: str
    ) -> Checkout:
        """Its pages do not speak Welsh, and it is told where notices go in its dashboard."""
        with _asking():
            if payment.processor_reference:
                found = self._client.checkout.sessions.retrieve(payment.processor_reference)
            else:
                found = self._client.checkout.sessions.create(
                    _session_of(payment, return_url),  # type: ignore[arg-type]  # a dict, not typed
                    {"idempotency_key": str(payment.id)},
                )
        return Checkout(reference=found.id, url=found.url or "")

    def look_up(self, reference: str) -> Outcome | None:
        found = self._find(reference)
        return _outcome_of(found) if found else None

    def capture(self, reference: str, amount: Money) -> Outcome:
        intent = self._intent(reference)
        if intent is None:
            return self._settled(reference)
        try:
            with _asking():
                self._client.payment_intents.capture(
                    intent["id"], {"amount_to_capture": words.write_amount(amount)}
                )
        except (stripe.CardError, stripe.InvalidRequestError):
            pass  # taken already, or not kept any more: it says which
        return self._settled(reference)

    def cancel(self, reference: str) -> Outcome:
        found = self._find(reference)
        if found is None:
            raise NoSuchCheckout(_("Stripe knows no such checkout."))
        try:
            with _asking():
                self._let_go(found)
        except stripe.InvalidRequestError:
            pass  # something has become of it meanwhile: it says what
        return self._settled(reference)

    def _let_go(self, found: words.Said) -> None:
        intent = found if found["object"] == "payment_intent" else found.get("payment_intent")
        if found["object"] != "payment_intent" and found["status"] == "open":
            self._client.checkout.sessions.expire(found["id"])
        elif isinstance(intent, Mapping) and intent["status"] in _LETS_GO:
            self._client.payment_intents.cancel(intent["id"])

    def _settled(self, reference: str) -> Outcome:
        outcome = self.look_up(reference)
        if outcome is None:
            raise Unavailable("Stripe has not decided on that payment yet.")
        return outcome

    def refund(self, refund_id: UUID, reference: str, amount: Money) -> RefundOutcome:
        """Its idempotency keys are forgotten after a day, so it is asked what it has first."""
        intent = self._intent(reference)
        try:
            if intent is None:
                return _refused(refund_id, amount)
            with _asking():
                said = self._refund_of(refund_id, intent["id"]) or self._client.refunds.create(
                    {
                        "payment_intent": intent["id"],
                        "amount": words.write_amount(amount),
                        "metadata": {"refund_id": str(refund_id)},
                    },
                    {"idempotency_key": str(refund_id)},
                )
        except stripe.InvalidRequestError:
            return _refused(refund_id, amount)
        return words.refund_outcome(said.to_dict(), refund_id)

    def _refund_of(self, refund_id: UUID, intent: str) -> stripe.Refund | None:
        made = self._client.refunds.list({"payment_intent": intent, "limit": MOST_AT_ONCE})
        ours = (each for each in made.auto_paging_iter() if _is_refund(each, refund_id))
        return next(ours, None)

    def take_again(self, payment: Payment, instrument: str) -> Outcome:
        """A card that wants to see its holder is declined here: nobody is there to be asked."""
        customer, _slash, method = instrument.partition("/")
        try:
            with _asking():
                intent = self._client.payment_intents.create(
                    {
                        "amount": words.write_amount(payment.amount),
                        "currency": payment.amount.currency.lower(),
                        "customer": customer,
                        "payment_method": method,
                        "capture_method": "automatic",
                        "confirm": True,
                        "off_session": True,
                        "metadata": _metadata_of(payment),
                    },
                    {"idempotency_key": str(payment.id)},
                )
        except stripe.CardError as error:
            return _declined(payment, error)
        return self._settled(intent.id)

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> ProcessorNotice | None:
        """Asks what became of what it is about: notices come in any order and version."""
        _verify(body, headers.get("Stripe-Signature"), self._secret)
        try:
            event = json.loads(body)
            about = self._read(event["type"], event["data"]["object"])
            return ProcessorNotice(id=event["id"], about=about) if about else None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnreadableNotice(_("The notice is signed, but not of a known shape.")) from error

    def _read(self, kind: str, about: words.Said) -> Outcome | RefundOutcome | DisputeNotice | None:
        if kind in _OF_SESSIONS:
            return self.look_up(about["id"])
        if kind in _OF_INTENTS:
            return self.look_up(self._checkout_of(about["id"]))
        if kind in _OF_REFUNDS:
            refund_id = words.refund_id_of(about)
            return words.refund_outcome(about, refund_id) if refund_id else None
        if kind in _OF_DISPUTES:
            return words.dispute_notice(about, self._checkout_of(about["payment_intent"]))
        return None

    def settlements(self, since: date) -> Iterator[SettlementLine]:
        """Of automatic payouts: of a manual one Stripe does not say what is in it."""
        first = int(datetime.combine(since, time(), UTC).timestamp())
        with _asking():
            payouts = self._client.payouts.list(
                {"status": "paid", "arrival_date": {"gte": first}, "limit": MOST_AT_ONCE}
            )
            for payout in payouts.auto_paging_iter():
                yield from self._lines_of(payout)

    def _lines_of(self, payout: stripe.Payout) -> Iterator[SettlementLine]:
        moved = self._client.balance_transactions.list(
            {"payout": payout.id, "limit": MOST_AT_ONCE, "expand": ["data.source"]}
        )
        for each in moved.auto_paging_iter():
            line = words.settlement_line(each.to_dict(), payout.to_dict())
            if line:
                yield line

    def check(self) -> str:
        if not self._key or not self._secret:
            return "TOWNHALL_PAY has no stripe://secret key:webhook secret@api.stripe.com."
        try:
            self._client.balance.retrieve()
        except stripe.AuthenticationError:
            return "Stripe does not know the secret key in TOWNHALL_PAY. Copy it anew."
        except stripe.PermissionError:
            return "The key in TOWNHALL_PAY may not read the balance. Allow it that at Stripe."
        except stripe.StripeError as error:
            return f"Stripe does not answer as it should ({type(error).__name__})."
        return ""

    def _find(self, reference: str) -> dict[str, Any] | None:  # Any: JSON
        """A checkout, or a payment intent that was made without one."""
        try:
            with _asking():
                if reference.startswith("pi_"):
                    return self._client.payment_intents.retrieve(
                        reference, {"expand": [_WITH_CHARGE]}
                    ).to_dict()
                return self._client.checkout.sessions.retrieve(
                    reference, {"expand": [f"payment_intent.{_WITH_CHARGE}"]}
                ).to_dict()
        except stripe.InvalidRequestError as error:
            if error.http_status == 404:
                return None
            raise Unavailable("Stripe refused to say what became of a payment.") from error

    def _intent(self, reference: str) -> words.Said | None:
        found = self._find(reference) or {}
        intent = found if found.get("object") == "payment_intent" else found.get("payment_intent")
        return intent if isinstance(intent, Mapping) else None

    def _checkout_of(self, intent: str) -> str:
        """The reference that we keep: its checkout's, or its own if it had none."""
        with _asking():
            found = self._client.checkout.sessions.list({"payment_intent": intent}).data
        return found[0].id if found else intent


@contextmanager
def _asking() -> Iterator[None]:
    """Turn what may go away by itself into Unavailable; what Stripe decided goes through."""
    try:
        yield
    except (stripe.CardError, stripe.InvalidRequestError):
        raise
    except stripe.StripeError as error:
        raise Unavailable(f"Stripe does not answer ({type(error).__name__}).") from error


def _session_of(payment: Payment, return_url: str) -> dict[str, Any]:  # Any: Stripe's parameters
    """The same for the same payment however often: a key may come with no other parameters."""
    price = {
        "currency": payment.amount.currency.lower(),
        "unit_amount": words.write_amount(payment.amount),
        "product_data": {"name": payment.description[:LONGEST_NAME]},
    }
    about = _metadata_of(payment)
    intent: dict[str, Any] = {
        "capture_method": "manual" if payment.delayed_capture else "automatic",
        "metadata": about,
    }
    session: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": str(payment.id),
        "metadata": about,
        "line_items": [{"price_data": price, "quantity": 1}],
        "allowed_payment_method_types": ["card"],  # the rest may be paid days later
        "adaptive_pricing": {"enabled": False},
        "payment_intent_data": intent,
        "locale": "en",
        "success_url": return_url,
        "cancel_url": return_url,
    }
    ends_at = payment.expires_at + OPEN_LONGER
    if ends_at <= payment.created_at + OPEN_AT_MOST:
        session["expires_at"] = int(ends_at.timestamp())
    if payment.email:
        session["customer_email"] = payment.email
    if payment.sets_up_agreement:
        intent["setup_future_usage"] = "off_session"
        session["customer_creation"] = "always"
    return session


def _metadata_of(payment: Payment) -> dict[str, str]:
    return {"payment_id": str(payment.id), "reference": payment.reference}


def _outcome_of(found: words.Said) -> Outcome | None:
    if found["object"] == "payment_intent":
        return words.outcome_of_intent(found, reference=found["id"])
    return words.outcome_of_session(found)


def _declined(payment: Payment, error: stripe.CardError) -> Outcome:
    body: Any = error.json_body or {}  # JSON
    said = body.get("error", {})
    intent = said.get("payment_intent") or {}
    return Outcome(
        reference=intent.get("id") or said.get("charge") or f"declined/{payment.id}",
        payment_id=payment.id,
        word=Word.DECLINED,
        amount=payment.amount,
        cause=words.cause_of(said),
        can_retry=words.may_retry(said),
    )


def _refused(refund_id: UUID, amount: Money) -> RefundOutcome:
    return RefundOutcome(
        reference=f"refused/{refund_id}",
        refund_id=refund_id,
        state=RefundState.FAILED,
        amount=amount,
        cause=Cause.ERROR,
    )


def _is_refund(refund: stripe.Refund, refund_id: UUID) -> bool:
    return words.refund_id_of(refund.to_dict()) == refund_id


def _verify(body: bytes, signature: str | None, secret: str) -> None:
    """Raises ForgedNotice or StaleNotice. Stripe signs anew whenever it sends again."""
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret)
    except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
        raise ForgedNotice(_("The notice is not signed by the payment processor.")) from error
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, FRESH_SECONDS)
    except stripe.SignatureVerificationError as error:
        raise StaleNotice(_("The notice is too old. Sign it anew and send it again.")) from error
