"""Agreements: a payer lets an organisation take further payments from the same card."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from townhall.capabilities.pay.records.cards import CardDetails
from townhall.capabilities.pay.records.states import AgreementState
from townhall.machinery.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Personal):
    id: UUID
    till_id: UUID
    person_id: UUID | None
    reference: str
    description: str
    user_identifier: str  # theirs; "" if they gave none
    state: AgreementState
    card: CardDetails | None
    created_at: datetime
    active_since: datetime | None
    cancelled_at: datetime | None
