"""What happens to money."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from townhall.capabilities.pay.records import Cause, Misfit
from townhall.machinery.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSucceeded(Event):
    """Money for `subject_id` of `service` is ours, perhaps later than `expires_at`."""

    name: ClassVar[str] = "pay.payment_succeeded"

    payment_id: UUID
    service: str
    subject_id: UUID
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFailed(Event):
    """No money came. After `cause` expired it may still come: then PaymentSucceeded follows."""

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
    payment_id: UUID
    service: str
    subject_id: UUID
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFailed(Event):
    """The processor would not give the money back; another refund may be tried."""

    name: ClassVar[str] = "pay.refund_failed"

    refund_id: UUID
    payment_id: UUID
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
