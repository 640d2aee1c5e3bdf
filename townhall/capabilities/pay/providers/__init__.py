"""Payment processors. Choose them in TOWNHALL_PAY; add one as a module beside this.

Money is asked for in one checkout for each payment. Whatever a processor answers, and whenever, is
an Outcome, a RefundOutcome or a DisputeNotice, and all of them are recorded in the same way.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Protocol, cast, runtime_checkable
from uuid import UUID

from django.utils import timezone

from townhall.capabilities.pay.records import (
    Card,
    Checkout,
    Instructions,
    Mode,
    Outcome,
    Payment,
    ProcessorNotice,
    RefundOutcome,
    SettlementLine,
)
from townhall.machinery import providers
from townhall.machinery.money import Money

SANDBOX = "sandbox"
TELEPHONE = "telephone"  # where programs tell of payments that were taken elsewhere


class Processor(Protocol):
    """Takes money and tells us afterwards.

    Any of these raises Unavailable when it cannot be reached or does not answer in time; asking
    again is then safe. Nothing but its own word settles a payment.
    """

    slug: str  # kept with each payment: which processor to ask about it

    def open_checkout(
        self, payment: Payment, *, return_url: str, notice_url: str, language: str
    ) -> Checkout:
        """Prepare to be paid. The same payment always gets the same checkout."""

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> ProcessorNotice | None:
        """Read a notice; None if it is authentic and of no matter.

        Raises ForgedNotice, StaleNotice or UnreadableNotice.
        """

    def look_up(self, reference: str) -> Outcome | None:
        """Ask what became of a checkout; None while nothing has, or if it is not known."""

    def capture(self, reference: str, amount: Money) -> Outcome:
        """Take what is authorised. A second time answers the same and takes nothing more."""

    def cancel(self, reference: str) -> Outcome:
        """Let go what is kept, and let nothing be paid any more.

        Says `captured` if it was too late for that.
        """

    def refund(self, refund_id: UUID, reference: str, amount: Money) -> RefundOutcome:
        """Give money back from a checkout. The same `refund_id` gives it back only once."""

    def settlements(self, since: date) -> Iterator[SettlementLine]:
        """The lines of its settlement reports of payouts made on that day or later."""

    def check(self) -> str:
        """What is wrong with its settings, in words; empty when all is well."""


@runtime_checkable
class TakesCards(Protocol):
    """A processor that is handed the card by us. Only the sandbox: see docs/how-to/pci.md."""

    def authorise(self, reference: str, card: Card) -> Outcome:
        """Ask the card's bank. A second time answers what it answered the first."""


@runtime_checkable
class TakesAgain(Protocol):
    """A processor that takes further payments from a card under an agreement."""

    def take_again(self, payment: Payment, instrument: str) -> Outcome:
        """Take a payment without the payer. The same payment is taken only once."""


@runtime_checkable
class TellsHow(Protocol):
    """A processor without a page of its own or ours: the payer is told how to pay, and goes."""

    fewest_days: int  # that it can be paid within
    days: int  # that the payer of a till gets

    def instructions(self, reference: str) -> Instructions:
        """What the payer has to know beside the sum."""


def installed() -> tuple[Processor, ...]:
    """Those that live payments can be made with, the preferred one first."""
    return cast(tuple[Processor, ...], providers.chosen("pay"))


def the_sandbox() -> Processor:
    """The one of every test till, whatever else is installed."""
    return cast(Processor, providers.chosen("pay.sandbox"))


def named(slug: str) -> Processor | None:
    """The processor that a payment was begun with; None if it is not installed any more."""
    return everyone().get(slug)


def everyone() -> dict[str, Processor]:
    """All of them by their slugs, with the sandbox of test tills."""
    return {each.slug: each for each in (the_sandbox(), *installed())}


def offered_for(payment: Payment) -> tuple[Processor, ...]:
    """Those that the payer may choose from."""
    of_its_kind = installed() if payment.is_live else (the_sandbox(),)
    return tuple(each for each in of_its_kind if _suits(each, payment))


def _suits(processor: Processor, payment: Payment) -> bool:
    """What takes days is for payers who have them, and keeps nothing and takes nothing again."""
    if not isinstance(processor, TellsHow):
        return True
    special = payment.moto or payment.delayed_capture or payment.sets_up_agreement
    left = payment.expires_at - timezone.now()
    has_time = payment.till_id is not None or left >= timedelta(days=processor.fewest_days)
    return payment.mode == Mode.WEB and not special and has_time
