"""The sandbox processor: a real card page and real notices, but no money moves."""

import time
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urljoin
from uuid import UUID

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from townhall.capabilities.pay.errors import ForgedNotice, StaleNotice, UnreadableNotice
from townhall.capabilities.pay.records import (
    Checkout,
    Outcome,
    Payment,
    ProcessorNotice,
    RefundOutcome,
)
from townhall.machinery.money import Money

SIGNATURE = "Sandbox-Signature"
TIMESTAMP = "Sandbox-Timestamp"
FRESH_SECONDS = 5 * 60

_notices = TypeAdapter(ProcessorNotice)


class Books(Protocol):
    """Where the sandbox keeps what an outside company would keep at home."""

    def open_checkout(self, payment: Payment, *, return_url: str, notice_url: str) -> str:
        """Note a checkout, or find the one noted for this payment; return its reference."""

    def find_outcome(self, reference: str) -> Outcome | None:
        """What is known outside of a checkout by now."""

    def refund(self, refund_id: UUID, reference: str, amount: Money) -> RefundOutcome:
        """Note a refund, or find it."""


class Sandbox:
    """Signs its notices with HMAC-SHA256 over their time and body."""

    books: Books  # the operations give it these: an adapter holds no tables

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def open_checkout(
        self, payment: Payment, *, return_url: str, notice_url: str, language: str
    ) -> Checkout:
        """Its page stands beside the page to return to, and so is in that page's language."""
        reference = self.books.open_checkout(payment, return_url=return_url, notice_url=notice_url)
        page = reverse("pay:sandbox", args=[reference])
        return Checkout(reference=reference, url=urljoin(return_url, page))

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> ProcessorNotice:
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
        return self.books.find_outcome(reference)

    def refund(self, refund_id: UUID, reference: str, amount: Money) -> RefundOutcome:
        return self.books.refund(refund_id, reference, amount)

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
