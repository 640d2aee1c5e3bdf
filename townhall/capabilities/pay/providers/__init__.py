"""Payment processors. Choose one in the PROVIDERS setting; add one as a module beside this."""

from collections.abc import Mapping
from typing import Protocol, cast
from uuid import UUID

from townhall.capabilities.pay.records import (
    Checkout,
    Outcome,
    Payment,
    ProcessorNotice,
    RefundOutcome,
)
from townhall.machinery import providers
from townhall.machinery.money import Money


class Processor(Protocol):
    """Takes money on a page of its own and tells us afterwards.

    Any of these raises Unavailable when it cannot be reached; asking again is then safe.
    """

    def open_checkout(
        self, payment: Payment, *, return_url: str, notice_url: str, language: str
    ) -> Checkout:
        """Prepare a page to pay on. The same payment always gets the same checkout."""

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> ProcessorNotice:
        """Read a notice. Raises ForgedNotice, StaleNotice or UnreadableNotice."""

    def look_up(self, reference: str) -> Outcome | None:
        """Ask what became of a checkout; None while nothing has, or if it is not known."""

    def refund(self, refund_id: UUID, reference: str, amount: Money) -> RefundOutcome:
        """Give money back from a checkout. The same `refund_id` gives it back only once."""

    def check(self) -> str:
        """What is wrong with its settings, in words; empty when all is well."""


def processor() -> Processor:
    return cast(Processor, providers.chosen("pay"))
