"""Texts that come in, and what programs are told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from townhall.machinery.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedText(Personal):
    """A text that somebody sent to one of our numbers."""

    id: UUID
    person_id: UUID | None
    to: str
    by: str
    body: str
    created_at: datetime


class CallbackKind(StrEnum):
    """What a callback is told of."""

    DELIVERY = "delivery"  # what became of a message
    RECEIVED_TEXT = "received-text"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """An address of a program, as staff see it: never with its token."""

    id: UUID
    sender: str
    kind: CallbackKind
    url: str
    made_at: datetime
    failed: int  # what it was to be told, and was not


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackDelivery:
    """One thing that a callback is told, as staff see it: without the words themselves."""

    id: UUID
    callback_id: UUID
    kind: CallbackKind
    url: str
    about: UUID  # the message, the received text or the complaint
    attempts: int
    last_answer: str  # "503" or "ConnectTimeout"; "" before the first
    created_at: datetime
    delivered_at: datetime | None
    given_up_at: datetime | None


class Outcome(StrEnum):
    """What comes of one call to a callback."""

    TAKEN = "taken"
    AGAIN = "again"  # later it may be taken
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAnswer:
    outcome: Outcome
    words: str  # the status, or what kind of fault kept us from one: "503", "ConnectTimeout"
