"""Payment links: pages where anyone may pay an organisation. GOV.UK Pay calls them products."""

from dataclasses import dataclass
from uuid import UUID

from townhall.machinery.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    id: UUID
    till_id: UUID
    till_name: str
    is_live: bool  # as its till is
    title: str
    details: str
    reference_label: str  # what payers are asked for, like "Invoice number"; "" if nothing
    amount: Money | None  # None: payers say how much
    language: str
    slug: str  # in its address
    is_open: bool
