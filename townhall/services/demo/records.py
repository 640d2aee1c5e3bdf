"""What the demo's panel shows."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a program needs to send with GOV.UK Notify's clients."""

    key: str
    template_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """What a program needs to take payments, and the end of the address of a payment link."""

    key: str
    link: str
