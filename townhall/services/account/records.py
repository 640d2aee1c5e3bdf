"""What someone is handed of all that is held about them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from townhall.machinery.holdings import Held, Holding
from townhall.machinery.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy(Personal):
    """All of it at one moment, by the part that holds it."""

    person_id: UUID
    made_at: datetime
    parts: tuple[tuple[Holding, tuple[Held, ...]], ...]
