"""A case, what became of it, and how the queue may be looked at."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from townhall.machinery.personal import Personal
from townhall.machinery.wording import Wording


class View(StrEnum):
    """A part of the queue."""

    ALL = "all"  # that is open
    MINE = "mine"
    UNCLAIMED = "unclaimed"
    CLOSED = "closed"


class What(StrEnum):
    """What can happen to a case."""

    OPENED = "opened"
    CLAIMED = "claimed"
    RELEASED = "released"
    NOTED = "noted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One way in which a case can end; its service knows what the code means."""

    code: str
    label: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A sort of work that is in the queue, in the words of its service."""

    service: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened to a case. `person_id` is who did it, if a person did."""

    at: datetime
    what: What
    actor: str
    person_id: UUID | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Personal):
    """Something to be done by a time. `person_id` is who it is done for."""

    id: UUID
    reference: str
    service: str
    kind: str  # the service's own word: "refund"
    subject_id: UUID  # what the case is about, in that service's own terms
    person_id: UUID | None
    title: str
    summary: str
    link: str  # the service's own page about it, within this site; "" for none
    outcomes: tuple[Outcome, ...]
    due_at: datetime
    opened_at: datetime
    claimed_by: UUID | None
    claimed_at: datetime | None
    closed_at: datetime | None
    closed_by: UUID | None
    outcome: str  # the code of the one chosen; "" while the case is open
    note: str  # given with the outcome
    timeline: tuple[Moment, ...] = ()  # oldest first; only `get_case` tells it

    @property
    def outcome_label(self) -> str:
        return next((str(each.label) for each in self.outcomes if each.code == self.outcome), "")
