"""One message as staff see it: what it said, and what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from townhall.capabilities.notify.records.kinds import Channel, Status
from townhall.capabilities.notify.records.tariffs import Cost
from townhall.machinery.personal import Personal


class StepKind(StrEnum):
    ACCEPTED = "accepted"
    PRINTED = "printed"
    NOT_TAKEN = "not-taken"  # the supplier was not there; it is tried again
    HANDED_OVER = "handed-over"
    PRETENDED = "pretended"  # of a test key
    ARRIVED = "arrived"
    FAILED = "failed"
    SENT_AGAIN = "sent-again"
    PROGRAM_TOLD = "program-told"
    PROGRAM_NOT_TOLD = "program-not-told"
    WIPED = "wiped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened to a message."""

    kind: StepKind
    at: datetime
    by: str = ""  # the actor, the supplier, or the address that was told
    words: str = ""  # what a supplier answered; never an address of a person


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine(Personal):
    """A message in a list."""

    id: UUID
    person_id: UUID | None
    channel: Channel
    to: str  # "" once it is wiped
    title: str  # of its template; "" of a message that came ready written
    status: Status
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Personal):
    """A message with everything that happened to it."""

    id: UUID
    person_id: UUID | None
    channel: Channel
    template_version: int | None
    title: str
    sender: str  # whose it is; "" of a message that came ready written
    to: str
    origin: str
    subject: str
    body: str  # as it is sent; "" where staff may not read it, and once it is wiped
    reference: str
    status: Status
    cost: Cost
    wiped_at: datetime | None
    may_be_shown: bool  # its words may be read, and are still there
    may_send_again: bool
    has_paper: bool
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailShown(Personal):
    """An email's HTML as it was sent."""

    id: UUID
    person_id: UUID | None
    html: str
