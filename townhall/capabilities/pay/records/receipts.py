"""Money that came by bank or over the counter, as staff record it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from townhall.machinery.money import Money
from townhall.machinery.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The same `number` is the same money, however often it is recorded."""

    number: str
    is_counter: bool  # or else a line of the bank's statement
    received_on: date
    amount: Money
    reference: str  # as the payer wrote it
    payer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of the lines of a file."""

    new: int
    known: int  # from a file before
    of_others: int  # of another organisation of this installation: left alone
    unmatched: int  # of the new ones


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPayBack(Personal):
    """A refund that staff pay by hand."""

    refund_id: UUID
    person_id: UUID | None
    reference: str
    payer: str  # as the receipt has them
    amount: Money
    reason: str
    requested_at: datetime
