"""What programs ask for, as clean values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from townhall.capabilities.pay.records.cards import CardDetails, Prefilled
from townhall.capabilities.pay.records.states import (
    AgreementState,
    DisputeState,
    Mode,
    Source,
    State,
)
from townhall.machinery.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """A key under which a program asks for something once, and a digest of what it asks."""

    key: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    amount: Money
    reference: str
    description: str
    mode: Mode = Mode.WEB
    source: Source = Source.API
    language: str = "en"
    return_url: str = ""
    email: str = ""
    metadata: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    prefilled: Prefilled | None = None
    delayed_capture: bool = False
    moto: bool = False
    agreement_id: UUID | None = None  # to take from, or to set up
    sets_up_agreement: bool = False
    agreement_kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAgreement:
    reference: str
    description: str
    user_identifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TelephonePayment:
    """A payment that was taken, or not, on the telephone, elsewhere."""

    amount: Money
    reference: str
    description: str
    provider_id: str
    became: State  # captured, declined or errored
    card: CardDetails
    email: str
    told: Mapping[str, Any]  # Any: JSON that is said again as it came


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of a till's payments, refunds, disputes or agreements a program searches for."""

    page: int = 1
    size: int = 500
    reference: str = ""
    email: str = ""
    states: tuple[State, ...] = ()
    card_brand: str = ""
    cardholder: str = ""
    first_digits: str = ""
    last_digits: str = ""
    agreement_id: UUID | None = None
    nothing: bool = False  # asked for something that cannot be, like an id of another's
    since: datetime | None = None
    before: datetime | None = None
    settled_since: date | None = None
    settled_before: date | None = None
    dispute_state: DisputeState | None = None
    agreement_state: AgreementState | None = None
