from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from townhall.machinery.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationOffered(Event):
    """A resident has asked someone to act for them."""

    name: ClassVar[str] = "identity.delegation_offered"

    delegation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOpened(Event):
    """There are roles that nobody has used, and somebody has to decide about each."""

    name: ClassVar[str] = "identity.review_opened"

    review_id: UUID
    listed: int
