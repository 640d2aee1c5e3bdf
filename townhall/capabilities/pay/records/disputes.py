"""Disputes, as staff and programs see them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from townhall.capabilities.pay.records.states import DisputeState
from townhall.machinery.money import Money
from townhall.machinery.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute(Personal):
    id: UUID
    payment_id: UUID
    person_id: UUID | None
    state: DisputeState
    amount: Money
    fee: Money
    reason: str
    answer_by: date | None
    made_at: datetime
    settled_at: datetime | None
    settled_on: date | None
