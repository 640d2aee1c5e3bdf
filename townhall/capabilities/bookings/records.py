"""What bookings hand out, and the rule that slots are made from."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from townhall.machinery.dials import Weekday


class Division(StrEnum):
    """The parts of the UK that have bank holidays of their own."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class State(StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a calendar is open: one slot on each of its weekdays that is not a bank holiday."""

    weekdays: tuple[Weekday, ...]
    capacity: int  # places in each slot
    opens: time  # on the clocks of Europe/London, as is `closes`
    closes: time
    division: str  # one of Division: whose bank holidays
    closed_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    id: UUID
    calendar: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    places_left: int  # those of lapsed holds counted in


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    id: UUID
    slot_id: UUID
    held_until: datetime | None  # None unless held
    subject_id: UUID  # what the place is for, in the caller's own terms
    state: State
