"""What the audit says, to the person concerned and to staff, and whether it is whole."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from townhall.machinery.personal import Personal

READING = "governance.list_audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One time that someone else saw or changed something about a person, in words for them."""

    done_at: datetime
    who: str
    what: str
    about: str  # which service or case it was for; "" if that is not known
    why: str  # what they were allowed to do; "" if that is not known
    kind: str  # "read" or "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Personal):
    """One row of the audit: ids only."""

    id: int
    done_at: datetime
    actor: str
    person_id: UUID | None  # who acted,
    delegate_id: UUID | None  # or who acted for them
    kind: str
    action: str
    subject_id: str
    concerns: tuple[UUID, ...]
    is_sealed: bool

    @property
    def persons(self) -> frozenset[UUID]:
        """Whom it is about. A reading of the audit is not, or each would add to the next."""
        return frozenset() if self.action == READING else frozenset(self.concerns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of checking the seals. `broken_at` is the first entry that does not fit."""

    checked: int
    broken_at: int | None
    cause: str
    last_id: int | None  # the newest entry with a seal,
    last_seal: str  # and that seal: kept elsewhere, it shows if the end is cut off
