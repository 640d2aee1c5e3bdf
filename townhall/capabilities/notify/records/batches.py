"""Batches: one template sent to everyone in a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from townhall.machinery.personal import Personal


class BatchState(StrEnum):
    CHECKED = "checked"  # a list without faults, which staff have not said to send yet
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"  # every row is a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    id: UUID
    name: str  # of the file
    reference: str  # the program's own, of each of its messages
    sender: str
    channel: str
    template_id: UUID
    template_version: int
    template_title: str
    state: BatchState
    row_count: int
    made_count: int  # rows that are messages by now
    starts_at: datetime
    made_at: datetime
    made_by: str  # the person's name or the program's
    is_key_revoked: bool = False  # no more of it is made until somebody else says so
    is_waiting: bool = False  # there are messages that are not handed over yet

    @property
    def is_going_on(self) -> bool:
        return self.state in (BatchState.SCHEDULED, BatchState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchProgress:
    """A batch, and how many of its messages have each status; rows not reached yet are in none."""

    id: UUID
    batch: Batch
    counts: Mapping[str, int]

    @property
    def handed_over(self) -> int:
        return sum(self.counts.values()) - self.counts.get("created", 0)

    @property
    def delivered(self) -> int:
        return self.counts.get("delivered", 0)

    @property
    def sending(self) -> int:
        """The supplier has them, and has not said what became of them."""
        return self.counts.get("sending", 0) + self.counts.get("sent", 0)

    @property
    def failed(self) -> int:
        return self.handed_over - self.delivered - self.sending

    @property
    def waiting(self) -> int:
        return self.batch.row_count - self.handed_over

    @property
    def is_moving(self) -> bool:
        """Whether there may be more to see soon."""
        return self.batch.is_going_on or self.batch.is_waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow(Personal):
    """One row of a list that was looked at: whom it is to, and what fills the placeholders."""

    number: int  # as a spreadsheet counts it: the first below the header is 2
    to: str
    values: Mapping[str, object]
    postage: str = ""  # of a letter


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine(Personal):
    """What became of one row."""

    number: int
    to: str
    values: Mapping[str, object]
    status: str
    created_at: datetime
    sent_at: datetime | None
    completed_at: datetime | None
