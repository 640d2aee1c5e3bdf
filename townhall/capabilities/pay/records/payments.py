"""Payments, refunds, and the notices about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from townhall.capabilities.pay.records.cards import CardDetails, Prefilled
from townhall.capabilities.pay.records.states import (
    Cause,
    Misfit,
    Mode,
    NoticeState,
    RefundState,
    Source,
    State,
)
from townhall.machinery.money import Money
from townhall.machinery.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Personal):
    """One attempt to take one sum."""

    id: UUID
    organisation_id: UUID
    service: str  # slug of the service the money is for; "till-..." where a program asked
    subject_id: UUID  # what is being paid for, in that service's own terms
    till_id: UUID | None
    person_id: UUID | None
    reference: str  # theirs, for people to read out
    description: str
    amount: Money
    refunded: Money  # given back, or on its way
    state: State
    cause: Cause | None  # why there is no money
    can_retry: bool | None  # of a recurring payment that failed
    is_live: bool
    mode: Mode
    source: Source
    language: str
    return_url: str
    email: str
    metadata: Mapping[str, str | int | float | bool]
    prefilled: Prefilled | None
    delayed_capture: bool
    moto: bool
    agreement_id: UUID | None
    sets_up_agreement: bool
    agreement_kind: str  # instalment, recurring, unscheduled; "" if none was given
    processor: str  # sandbox, stripe ...; "" until one is chosen
    processor_reference: str
    card: CardDetails | None
    three_d_secure: bool  # the payer's bank asked them
    fee: Money | None
    token: str  # opens the page to pay on, once; "" where there is nothing to open
    created_at: datetime
    expires_at: datetime
    capture_asked_at: datetime | None
    paid_at: datetime | None
    settled_on: date | None
    telephone: Mapping[str, Any] | None  # what was told of a payment taken elsewhere; Any: JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """When a payment came into a state."""

    state: State
    cause: Cause | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund(Personal):
    """Money given back from one payment, or money that came unexpectedly and goes back."""

    id: UUID
    payment_id: UUID | None
    notice_id: UUID | None  # of the unexpected money
    person_id: UUID | None
    amount: Money
    reason: str
    state: RefundState
    asked_by: UUID | None  # a person; None for a program or a service
    approved_by: UUID | None  # another, or who said no
    requested_at: datetime
    settled_at: datetime | None
    settled_on: date | None  # the day of the processor's payout that has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Personal):
    """What a processor told us, and whether it fitted what we knew."""

    id: UUID
    payment_id: UUID | None
    person_id: UUID | None
    processor: str
    processor_reference: str
    said: str  # a Word or a RefundState
    is_refund: bool
    amount: Money
    state: NoticeState
    cause: Misfit | None
    brought_money: bool  # that no payment waited for: it stands in the ledger as unexpected
    received_at: datetime
