"""What became of a message."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from townhall.machinery.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Event):
    """The carrier took the message. Whether it arrived is not known by that."""

    name: ClassVar[str] = "notify.message_sent"

    message_id: UUID
    template: str  # its name; "" for a message that came without one
    person_id: UUID | None
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFailed(Event):
    """The message will not be tried again."""

    name: ClassVar[str] = "notify.message_failed"

    message_id: UUID
    template: str
    person_id: UUID | None
    reference: str
    status: str  # "permanent-failure", "temporary-failure" or "technical-failure"
    cause: str  # the server's code, or where it failed; never an address
