"""What pay tells others, and what a processor tells pay."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from townhall.machinery.money import Money
from townhall.machinery.personal import Personal


class State(StrEnum):
    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"  # the processor said so
    EXPIRED = "expired"  # nothing was heard in time; money that comes later is still taken


class RefundState(StrEnum):
    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class NoticeState(StrEnum):
    FITTED = "fitted"
    UNFIT = "unfit"


class Cause(StrEnum):
    """Why a payment or refund failed."""

    DECLINED = "declined"
    CARD_EXPIRED = "card_expired"
    ERROR = "error"
    EXPIRED = "expired"  # nobody paid in time


class Misfit(StrEnum):
    """Why a notice does not fit what we know. Staff must look."""

    UNKNOWN_REFERENCE = "unknown_reference"
    OTHER_REFERENCE = "other_reference"  # our payment, under another checkout's name
    WRONG_AMOUNT = "wrong_amount"
    PAID_AFTER_FAILURE = "paid_after_failure"
    FAILED_AFTER_PAID = "failed_after_paid"
    UNKNOWN_REFUND = "unknown_refund"
    REFUND_CONTRADICTED = "refund_contradicted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Personal):
    """One attempt to take one sum."""

    id: UUID
    organisation_id: UUID
    service: str  # slug of the service the money is for
    subject_id: UUID  # what is being paid for, in that service's own terms
    person_id: UUID | None
    reference: str  # ours, for people to read out
    description: str
    amount: Money
    refunded: Money  # given back, or on its way
    state: State
    cause: Cause | None  # why there is no money
    expires_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund(Personal):
    """Money given back from one payment."""

    id: UUID
    payment_id: UUID
    person_id: UUID | None
    amount: Money
    reason: str
    state: RefundState
    requested_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Personal):
    """What a processor told us, and whether it fitted what we knew."""

    id: UUID
    payment_id: UUID | None
    person_id: UUID | None
    processor_reference: str
    said: str  # a State or a RefundState
    is_refund: bool
    amount: Money
    state: NoticeState
    cause: Misfit | None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A processor's page where one payment can be made."""

    reference: str  # the processor's own name for it
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A processor's final word on one checkout."""

    reference: str
    payment_id: UUID | None = None  # ours, where the processor repeats it
    paid: bool
    amount: Money  # what was really taken; what was asked for, if nothing was
    cause: Cause | None = None

    @property
    def state(self) -> State:
        return State.PAID if self.paid else State.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOutcome:
    """A processor's word on one refund; `requested` means that it will say more later."""

    reference: str  # the processor's own name for it
    refund_id: UUID  # ours
    state: RefundState
    amount: Money
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorNotice:
    """One authentic notice. A processor that repeats a notice repeats its id.

    Its id and the references in it have at most 100 characters.
    """

    id: str
    about: Outcome | RefundOutcome


class CardResult(StrEnum):
    """What the sandbox does with a card."""

    PAYS = "pays"
    PAYS_BUT_NOT_BACK = "pays_but_not_back"  # any refund to it fails
    DECLINED = "declined"
    CARD_EXPIRED = "card_expired"
    ERROR = "error"


class Telling(StrEnum):
    """When the sandbox sends its notice."""

    AT_ONCE = "at_once"
    LATE = "late"  # after the checkout has expired
    TWICE = "twice"


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxCheckout:
    """A checkout of the sandbox processor, as its card page shows it."""

    reference: str
    payment_reference: str
    description: str
    amount: Money
    return_url: str
    expires_at: datetime
    state: State
    cause: Cause | None
    tells_at: datetime | None
    times_told: int
