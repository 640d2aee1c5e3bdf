"""What a sender may do, whom it may try messages on, and how it goes live."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from townhall.capabilities.notify.records.kinds import Channel
from townhall.machinery.personal import Personal

ABROAD = "abroad"  # counted beside the channels: texts to other countries


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the programs of a sender may do. Until it goes live it is in trial, and may do little.

    `most_a_day` has a number for each channel and for ABROAD.
    """

    went_live_at: datetime | None
    channels: frozenset[Channel]
    most_a_day: Mapping[str, int]

    @property
    def is_live(self) -> bool:
        return self.went_live_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderState:
    """A sender as staff see it. `name` is whose it is: a service's slug, or FIRST_SENDER."""

    id: UUID
    name: str
    prefix: str  # what its texts begin with, before a colon; "" for nothing
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest(Personal):
    """Someone whom a sender may write to in trial and with team keys: one of its team, or not."""

    id: UUID
    person_id: UUID | None
    name: str
    email: str
    phone: str
    is_team: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What has to be there before a sender can be asked to go live."""

    has_template: bool
    has_reply_to: bool  # or no emails to answer
    has_team: bool  # two, so that one is there when the other is away

    @property
    def is_complete(self) -> bool:
        return self.has_template and self.has_reply_to and self.has_team


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingLive:
    """That someone asked for a sender to go live, and what was decided; `reason` is why not."""

    id: UUID
    sender_id: UUID
    sender: str
    expected: Mapping[str, int]  # messages a year, of each channel
    asked_at: datetime
    asked_by_id: UUID | None
    decided_at: datetime | None
    is_approved: bool
    reason: str
