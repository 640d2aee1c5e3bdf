"""A notice that does not fit, with what it was about."""

from dataclasses import dataclass
from uuid import UUID

from townhall.capabilities.pay.records import Notice, Payment, Refund
from townhall.capabilities.pay.records.words import (
    DISPUTE_STATES,
    MISFITS,
    REFUND_STATES,
    STATES,
    WORDS,
)
from townhall.machinery.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfitNotice(Personal):
    """What staff see of it. There is never a card number in it."""

    id: UUID
    notice: Notice
    payment: Payment | None
    service: str  # the title of the one the payment is for
    refunds: tuple[Refund, ...]

    @property
    def persons(self) -> frozenset[UUID]:
        return self.notice.persons

    @property
    def said(self) -> str:
        return str((WORDS | REFUND_STATES | DISPUTE_STATES)[self.notice.said])

    @property
    def payment_state(self) -> str:
        return str(STATES[self.payment.state]) if self.payment else ""

    @property
    def explanation(self) -> str:
        return str(MISFITS[self.notice.cause]) if self.notice.cause else ""
