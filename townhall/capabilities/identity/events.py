"""The facts that identity sends up."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from townhall.capabilities.identity.records import Level
from townhall.machinery.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProven(Event):
    """Someone has proved who they are, as surely as the level says."""

    name: ClassVar[str] = "identity.identity_proven"

    person_id: UUID
    proof_id: UUID
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFailed(Event):
    """Someone did not reach the level that was wanted; they may have reached a lower one."""

    name: ClassVar[str] = "identity.proof_failed"

    person_id: UUID
    attempt_id: UUID
    wanted: Level


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
