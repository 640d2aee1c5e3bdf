"""What happens to money."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from townhall.capabilities.pay.records import Cause, DisputeState, Misfit
from townhall.machinery.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSucceeded(Event):
    """Money for `subject_id` of `service` is ours."""

    name: ClassVar[str] = "pay.payment_succeeded"

    payment_id: UUID
    service: str
    subject_id: UUID
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFailed(Event):
    """No money came. Should some come yet, it is not this payment's: see MoneyUnexpected."""

    name: ClassVar[str] = "pay.payment_failed"

    payment_id: UUID
    service: str
    subject_id: UUID
    amount_minor: int
    currency: str
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundSucceeded(Event):
    """The money is on its way back."""

    name: ClassVar[str] = "pay.refund_succeeded"

    refund_id: UUID
    payment_id: UUID | None  # None where unexpected money goes back
    service: str
    subject_id: UUID
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFailed(Event):
    """The processor would not give the money back; another refund may be tried."""

    name: ClassVar[str] = "pay.refund_failed"

    refund_id: UUID
    payment_id: UUID | None  # None where unexpected money goes back
    service: str
    subject_id: UUID
    amount_minor: int
    currency: str
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeUnfit(Event):
    """A processor told us something that does not fit. It is kept, and someone must look."""

    name: ClassVar[str] = "pay.notice_unfit"

    notice_id: UUID
    cause: Misfit
    payment_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyUnexpected(Event):
    """Money came that no payment waited for: twice, late, after an end, or of another sum.

    It stands in the ledger as nobody's until someone says whose it is.
    """

    name: ClassVar[str] = "pay.money_unexpected"

    notice_id: UUID
    cause: Misfit
    payment_id: UUID | None
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeMoved(Event):
    """A payer has challenged a payment at their bank, or that challenge went on."""

    name: ClassVar[str] = "pay.dispute_moved"

    dispute_id: UUID
    payment_id: UUID
    state: DisputeState
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementUnmatched(Event):
    """Lines of a processor's settlement report do not match our ledger, or something is missing.

    They stay listed until finance has explained them.
    """

    name: ClassVar[str] = "pay.settlement_unmatched"

    processor: str
    count: int  # that were not listed before
