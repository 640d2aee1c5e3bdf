"""Payments as staff look for them and at them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from townhall.capabilities.pay.records.agreements import Agreement
from townhall.capabilities.pay.records.disputes import Dispute
from townhall.capabilities.pay.records.ledger import Entry
from townhall.capabilities.pay.records.payments import Notice, Payment, Refund, Step
from townhall.machinery.money import Money
from townhall.machinery.personal import Personal


class Stage(StrEnum):
    """How far a payment has come, as staff ask for it."""

    IN_PROGRESS = "in_progress"
    PAID = "paid"
    REFUNDED = "refunded"  # in part or whole, or on its way
    DECLINED = "declined"
    EXPIRED = "expired"
    ABANDONED = "abandoned"
    CANCELLED = "cancelled"
    ERRORED = "errored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which payments; what is empty or None narrows nothing."""

    reference: str = ""  # whole
    email: str = ""  # whole
    cardholder: str = ""  # the name, or how it begins
    last_digits: str = ""
    stage: Stage | None = None
    service: str = ""
    is_live: bool | None = None
    first_on: date | None = None
    last_on: date | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceName:
    """What payments are for: a service of this installation, or a till."""

    slug: str  # `service` of its payments
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRefund(Personal):
    """A refund with who had a hand in it."""

    refund: Refund
    asked_by: str  # "staff:caseworker", "service:bulky-waste"; "" if nobody wrote it down
    decided_by: str  # the second person; "" without one
    is_mine: bool  # whoever looks asked for it, so cannot approve it

    @property
    def persons(self) -> frozenset[UUID]:
        return self.refund.persons


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction(Personal):
    """One payment with everything that belongs to it."""

    id: UUID
    payment: Payment
    available: Money  # to be refunded
    may_cancel: bool
    is_challenged: bool  # at the payer's bank, so it cannot be refunded
    steps: tuple[Step, ...]
    refunds: tuple[StaffRefund, ...]
    disputes: tuple[Dispute, ...]
    notices: tuple[Notice, ...]
    entries: tuple[Entry, ...]

    @property
    def persons(self) -> frozenset[UUID]:
        return self.payment.persons


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRefund(Personal):
    """A refund above the limit, with what it is of."""

    id: UUID
    payment: Payment
    refund: StaffRefund

    @property
    def persons(self) -> frozenset[UUID]:
        return self.payment.persons


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputedPayment(Personal):
    """A dispute with the reference of what was paid."""

    id: UUID
    dispute: Dispute
    reference: str
    description: str

    @property
    def persons(self) -> frozenset[UUID]:
        return self.dispute.persons


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAgreement(Personal):
    """An agreement with the till that it is at, and whether it can be cancelled."""

    id: UUID
    agreement: Agreement
    till: str
    is_live: bool
    may_cancel: bool

    @property
    def persons(self) -> frozenset[UUID]:
        return self.agreement.persons
