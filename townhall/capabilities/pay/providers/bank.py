"""By bank or at the counter: the payer gives a reference, and staff record what came.

Nobody outside is asked anything. What we know is what staff recorded: their receipts are its books.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Protocol
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.utils.translation import gettext as _
from stdnum import iso11649
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from townhall.capabilities.pay.errors import ForgedNotice, NoSuchCheckout, NotInThatState
from townhall.capabilities.pay.records import (
    Cause,
    Checkout,
    Instructions,
    Outcome,
    Payment,
    ProcessorNotice,
    RefundOutcome,
    RefundState,
    SettlementLine,
    Word,
)
from townhall.machinery.money import Money

# No I, O, 0 or 1, which people mistake. 12 of these with RF and two digits are 16 characters: of
# the 18 that a Bacs or Faster Payments reference has.
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 12
_REFERENCE = re.compile(rf"RF[0-9]{{2}}[{_LETTERS}]{{{_LENGTH}}}")
PAID_BACK = "paid-back/"


class Books(Protocol):
    """What staff have recorded."""

    def amount_asked(self, reference: str) -> Money | None:
        """Of the payment with that reference; None if there is none."""

    def find_receipt(self, reference: str) -> Outcome | None:
        """What was received under exactly that reference."""

    def is_paid_back(self, refund_id: UUID) -> bool:
        """Whether staff have recorded that they paid it."""

    def movements(self, since: date) -> Iterator[SettlementLine]:
        """What the bank's own statements, and those who paid refunds, say has moved."""


class Bank:
    """The account that money goes to is in its address.

    bank://20-00-00/55779911?name=Newtown+Council
    """

    slug = "bank"
    fewest_days = 3  # a transfer may wait for Monday, and its statement comes a day later
    days = 14
    books: Books  # the operations give it these: an adapter holds no tables

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self.sort_code, self.account_number = address.netloc, address.path.strip("/")
        self.account_name = parse_qs(address.query).get("name", [""])[0]

    def open_checkout(
        self, payment: Payment, *, return_url: str, notice_url: str, language: str
    ) -> Checkout:
        return Checkout(reference=payment.processor_reference or make_reference(payment.id))

    def instructions(self, reference: str) -> Instructions:
        return Instructions(
            account_name=self.account_name,
            sort_code=self.sort_code,
            account_number=self.account_number,
            reference=iso11649.format(reference),
        )

    def look_up(self, reference: str) -> Outcome | None:
        return self.books.find_receipt(reference)

    def capture(self, reference: str, amount: Money) -> Outcome:
        received = self.books.find_receipt(reference)
        if received is None:
            raise NotInThatState(_("Nothing has been received for this payment."))
        return received

    def cancel(self, reference: str) -> Outcome:
        """Nobody can be kept from paying into an account: what comes yet is unexpected."""
        received = self.books.find_receipt(reference)
        amount = self.books.amount_asked(reference)
        if received is None and amount is None:
            raise NoSuchCheckout(_("No payment has this reference."))
        nothing = Outcome(reference=reference, word=Word.CANCELLED, amount=amount or Money(0))
        return received or nothing

    def refund(self, refund_id: UUID, reference: str, amount: Money) -> RefundOutcome:
        """Staff pay it by hand, and say when they have."""
        received = self.books.find_receipt(reference)
        has_it = received is not None and received.amount.currency == amount.currency
        state = RefundState.REQUESTED
        if received is None or not has_it or amount.minor > received.amount.minor:
            state = RefundState.FAILED
        elif self.books.is_paid_back(refund_id):
            state = RefundState.SUCCEEDED
        return RefundOutcome(
            reference=f"{PAID_BACK}{refund_id}",
            refund_id=refund_id,
            state=state,
            amount=amount,
            cause=Cause.ERROR if state == RefundState.FAILED else None,
        )

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> ProcessorNotice | None:
        raise ForgedNotice(_("This payment processor sends no notices."))

    def settlements(self, since: date) -> Iterator[SettlementLine]:
        return self.books.movements(since)

    def check(self) -> str:
        sort_code = re.fullmatch(r"\d\d-?\d\d-?\d\d", self.sort_code)
        number = re.fullmatch(r"\d{8}", self.account_number)
        if sort_code and number and self.account_name:
            return ""
        return "TOWNHALL_PAY needs bank://sort-code/account-number?name=Name+of+the+account."


def make_reference(payment_id: UUID) -> str:
    """A creditor reference, ISO 11649, that is always the same for a payment."""
    rest, letters = payment_id.int, ""
    for _position in range(_LENGTH):
        rest, which = divmod(rest, len(_LETTERS))
        letters += _LETTERS[which]
    return f"RF{mod_97_10.calc_check_digits(f'{letters}RF')}{letters}"


def find_reference(text: str) -> str:
    """One of ours within what a payer or a bank wrote; "" if there is none, or it is mistyped."""
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())
    for found in _REFERENCE.findall(compact):
        try:
            return str(iso11649.validate(found))
        except ValidationError:
            continue
    return ""
