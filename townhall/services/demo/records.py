"""What the demo's panel shows."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a program needs to send with GOV.UK Notify's clients."""

    key: str
    template_id: UUID
