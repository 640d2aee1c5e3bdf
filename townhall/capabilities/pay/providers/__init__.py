"""Payment processors. Choose them in TOWNHALL_PAY; add one as a module beside this.

Money is asked for in one checkout for each payment. Whatever a processor answers, and whenever, is
an Outcome, a RefundOutcome or a DisputeNotice, and all of them are recorded in the same way.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Protocol, cast, runtime_checkable
from uuid import UUID

from townhall.capabilities.pay.records import (
    Card,
    Checkout,
    Outcome,
    Payment,
    ProcessorNotice,
    RefundOutcome,
    SettlementLine,
)
from townhall.machinery import providers
from townhall.machinery.money import Money

SANDBOX = "sandbox"


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


def installed() -> tuple[Processor, ...]:
    """Those that live payments can be made with, the preferred one first."""
    return cast(tuple[Processor, ...], providers.chosen("pay"))


def the_sandbox() -> Processor:
    """The one of every test till, whatever else is installed."""
    return cast(Processor, providers.chosen("pay.sandbox"))


def named(slug: str) -> Processor | None:
    """The processor that a payment was begun with; None if it is not installed any more."""
    known = {each.slug: each for each in (the_sandbox(), *installed())}
    return known.get(slug)


def offered_for(payment: Payment) -> tuple[Processor, ...]:
    """Those that the payer may choose from."""
    return installed() if payment.is_live else (the_sandbox(),)
