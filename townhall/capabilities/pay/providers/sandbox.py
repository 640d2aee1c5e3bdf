"""The sandbox processor: takes test cards and sends real notices, but no money moves."""

import time
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Protocol
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from townhall.capabilities.pay.errors import ForgedNotice, StaleNotice, UnreadableNotice
from townhall.capabilities.pay.records import (
    DISPUTE_FEE_MINOR,
    Card,
    CardDetails,
    CardResult,
    Checkout,
    Outcome,
    Payment,
    ProcessorNotice,
    RefundOutcome,
    SettlementLine,
    Word,
)
from townhall.capabilities.pay.rules.cards import CARDS, brand_of
from townhall.machinery.money import Money

SIGNATURE = "Sandbox-Signature"
TIMESTAMP = "Sandbox-Timestamp"
FRESH_SECONDS = 5 * 60
FEE_PER_CENT, FEE_FIXED_MINOR = 1, 5

_notices = TypeAdapter(ProcessorNotice)


class Books(Protocol):
    """Where the sandbox keeps what an outside company would keep at home."""

    def open_checkout(self, payment: Payment, *, back_url: str, notice_url: str) -> str:
        """Note a checkout, or find the one noted for this payment; return its reference."""

    def authorise(self, reference: str, result: CardResult, card: CardDetails) -> Outcome:
        """Note what the card's bank said. Raises Unavailable while it was told to be silent."""

    def take_again(self, payment: Payment, instrument: str) -> Outcome:
        """Note a payment from the card of an earlier checkout."""

    def capture(self, reference: str) -> Outcome:
        """Note that what is kept was taken."""

    def cancel(self, reference: str) -> Outcome:
        """Note that nothing is kept, unless it was taken."""

    def find_outcome(self, reference: str) -> Outcome | None:
        """What is known outside of a checkout by now."""

    def refund(self, refund_id: UUID, reference: str, amount: Money) -> RefundOutcome:
        """Note a refund, or find it."""

    def movements(self, since: datetime, until: datetime) -> Iterator[tuple[date, str, str, Money]]:
        """What moved between two moments: the day, what it was, its reference, how much."""


class Sandbox:
    """Signs its notices with HMAC-SHA256 over their time and body. Pays out on the next day."""

    slug = "sandbox"
    books: Books  # the operations give it these: an adapter holds no tables

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def open_checkout(
        self, payment: Payment, *, return_url: str, notice_url: str, language: str
    ) -> Checkout:
        """It has no page of its own: cards are entered on ours."""
        reference = self.books.open_checkout(payment, back_url=return_url, notice_url=notice_url)
        return Checkout(reference=reference)

    def authorise(self, reference: str, card: Card) -> Outcome:
        """A card that is none of its own is an error, as at GOV.UK Pay."""
        said = self.books.authorise(
            reference, CARDS.get(card.number, CardResult.ERROR), _to_keep(card)
        )
        return self._with_challenge(said)

    def take_again(self, payment: Payment, instrument: str) -> Outcome:
        return self.books.take_again(payment, instrument)

    def capture(self, reference: str, amount: Money) -> Outcome:
        return self.books.capture(reference)

    def cancel(self, reference: str) -> Outcome:
        return self.books.cancel(reference)

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> ProcessorNotice | None:
        at = headers.get(TIMESTAMP, "")
        if not constant_time_compare(self.sign(body, at), headers.get(SIGNATURE, "")):
            raise ForgedNotice(_("The notice is not signed by the payment processor."))
        if abs(time.time() - int(at)) > FRESH_SECONDS:
            raise StaleNotice(_("The notice is too old. Sign it anew and send it again."))
        try:
            return _notices.validate_json(body)
        except ValidationError as error:
            raise UnreadableNotice(_("The notice is signed, but not of a known shape.")) from error

    def look_up(self, reference: str) -> Outcome | None:
        found = self.books.find_outcome(reference)
        return self._with_challenge(found) if found else None

    def refund(self, refund_id: UUID, reference: str, amount: Money) -> RefundOutcome:
        return self.books.refund(refund_id, reference, amount)

    def settlements(self, since: date) -> Iterator[SettlementLine]:
        """What moved on one day is paid out on the next, less a fee for payments and disputes."""
        first = timezone.make_aware(datetime.combine(since - timedelta(days=1), time_of_day()))
        for day, kind, reference, amount in self.books.movements(first, _midnight()):
            yield SettlementLine(
                id=f"{kind}/{reference}",
                payout=f"payout-{day}",
                paid_out_on=day + timedelta(days=1),
                kind=kind,
                reference=reference,
                amount=amount,
                fee=Money(_fee(kind, amount), amount.currency),
            )

    def check(self) -> str:
        return "" if self.secret else "The sandbox has no secret to sign its notices with."

    def write_notice(self, notice: ProcessorNotice) -> tuple[bytes, dict[str, str]]:
        """The body and headers of a notice, signed as of now."""
        body = _notices.dump_json(notice)
        at = str(int(time.time()))
        return body, {
            "Content-Type": "application/json",
            TIMESTAMP: at,
            SIGNATURE: self.sign(body, at),
        }

    def sign(self, body: bytes, at: str) -> str:
        """Prove that a body is ours, as sent `at` a time in seconds since 1970."""
        signed = at.encode() + b"." + body
        return salted_hmac(
            "pay.sandbox", signed, secret=self.secret, algorithm="sha256"
        ).hexdigest()

    @staticmethod
    def _with_challenge(said: Outcome) -> Outcome:
        if said.word != Word.CHALLENGED:
            return said
        page = reverse("pay:sandbox_bank", args=[said.reference])
        return Outcome(
            reference=said.reference,
            payment_id=said.payment_id,
            word=said.word,
            amount=said.amount,
            card=said.card,
            challenge_url=page,
            three_d_secure=True,
        )


def _to_keep(card: Card) -> CardDetails:
    return CardDetails(
        brand=brand_of(card.number),
        kind="credit" if card.number.startswith("4111") else "debit",
        first_digits=card.number[:6],
        last_digits=card.number[-4:],
        expires=card.expires,
        name=card.name,
        address=card.address,
    )


def _fee(kind: str, amount: Money) -> int:
    if kind == "payment":
        return FEE_FIXED_MINOR + amount.minor * FEE_PER_CENT // 100
    return DISPUTE_FEE_MINOR if kind == "dispute" else 0


def _midnight() -> datetime:
    """Before which a day is over here."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
