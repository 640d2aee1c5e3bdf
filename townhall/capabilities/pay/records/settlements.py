"""Payouts of processors, and how their lines compare with what we know."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from townhall.capabilities.pay.records.states import LineState, Mismatch
from townhall.machinery.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """An organisation's part of one payout, as far as one reading of the report had it."""

    id: UUID
    processor: str
    payout: str
    paid_out_on: date
    is_live: bool
    net: Money
    lines: int
    unmatched: int  # that nobody has explained


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLine:
    id: UUID
    processor: str
    payout: str  # "" of what is missing in every report
    kind: str
    reference: str
    payment_id: UUID | None
    refund_id: UUID | None
    dispute_id: UUID | None
    amount: Money
    fee: Money
    difference: Money  # what was paid out beyond what the ledger expected
    state: LineState
    cause: Mismatch | None
    found_at: datetime
    reason: str
    explained_by: UUID | None  # a person
    explained_at: datetime | None
    written_off: bool
