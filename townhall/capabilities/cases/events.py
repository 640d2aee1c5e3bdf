from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from townhall.machinery.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Event):
    """A service has put something in the queue."""

    name: ClassVar[str] = "cases.case_opened"

    case_id: UUID
    service: str
    kind: str
    subject_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Event):
    """What the case asked for is done, with one of the outcomes that its service named."""

    name: ClassVar[str] = "cases.case_closed"
    forgets: ClassVar[tuple[str, ...]] = ("note",)  # it may be about somebody

    case_id: UUID
    service: str
    kind: str
    subject_id: UUID
    outcome: str
    note: str
