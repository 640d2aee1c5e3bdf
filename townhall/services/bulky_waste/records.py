"""What this service hands to its pages and tells residents."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from townhall.machinery.money import Money
from townhall.machinery.personal import Personal
from townhall.machinery.wording import Wording


class State(StrEnum):
    WAITING = "waiting"  # for the money
    LAPSED = "lapsed"  # the money never came
    LATE = "late"  # it came when the place was gone; staff decide
    BOOKED = "booked"
    COLLECTED = "collected"
    MISSED = "missed"  # not out, or the wrong items; staff decide
    CANCELLED = "cancelled"


STATE_LABELS = {
    State.WAITING: _("Waiting for payment"),
    State.LAPSED: _("Not paid"),
    State.LATE: _("Paid too late"),
    State.BOOKED: _("Booked"),
    State.COLLECTED: _("Collected"),
    State.MISSED: _("Not collected"),
    State.CANCELLED: _("Cancelled"),
}
STATE_COLOURS = {
    State.WAITING: "yellow",
    State.LAPSED: "grey",
    State.LATE: "red",
    State.BOOKED: "blue",
    State.COLLECTED: "green",
    State.MISSED: "red",
    State.CANCELLED: "grey",
}


class Visit(StrEnum):
    """What the crew found."""

    COLLECTED = "collected"
    NOT_OUT = "not-out"
    WRONG_ITEMS = "wrong-items"


VISIT_LABELS = {
    Visit.COLLECTED: _("Collected"),
    Visit.NOT_OUT: _("Not out"),
    Visit.WRONG_ITEMS: _("Wrong items"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """So many of one thing, at the price it had when it was booked."""

    code: str
    name: Wording
    count: int
    price: Money  # of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach whoever asked; staff may book for someone who has no email address."""

    name: str
    email: str  # "" if there is none
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection(Personal):
    """One visit to one address, with everything about it."""

    id: UUID
    reference: str
    person_id: UUID | None
    name: str
    email: str
    phone: str
    address: str
    postcode: str
    items: tuple[Item, ...]
    price: Money
    state: State
    slot_id: UUID
    collects_on: date
    requested_at: datetime
    change_until: date  # the last day on which the resident may change or cancel in time
    visit: Visit | None
    visit_note: str
    photo_id: UUID | None
    refund_due: Money | None  # what staff are to decide on
    refunded: Money

    @property
    def state_label(self) -> str:
        return str(STATE_LABELS[self.state])

    @property
    def state_colour(self) -> str:
        return STATE_COLOURS[self.state]

    @property
    def visit_label(self) -> str:
        return str(VISIT_LABELS[self.visit]) if self.visit else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo(Personal):
    """What a crew photographed at someone's home."""

    id: UUID  # of the collection
    person_id: UUID | None
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a request stands, for whoever holds its address: nothing in it says whose it is."""

    id: UUID
    reference: str
    state: State
    payment_state: str  # open, paid or failed
    price: Money
    collects_on: date
    held_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The figures of one week, from Monday."""

    begins_on: date
    bookings: int
    takings: Money  # of what was booked in this week, less what was refunded of it
    missed: int  # visits of this week at which nothing could be taken
