"""The ledger: accounts, and entries whose postings sum to nothing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from townhall.capabilities.pay.records.states import EntryKind, Purpose
from townhall.machinery.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    id: int
    purpose: Purpose
    detail: str  # the service whose takings, the processor that owes; "" where there is one only
    is_live: bool  # the books of test tills are apart
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    account: Account
    amount: Money  # debits less credits


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    account: Account
    amount: Money  # debits are positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    id: UUID
    kind: EntryKind
    about: UUID  # the payment, refund, notice, dispute or settlement line
    made_at: datetime
    note: str
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What all accounts of one currency sum to, live or test: nothing, if the books are right."""

    currency: str
    is_live: bool
    balances: tuple[Balance, ...]

    @property
    def total(self) -> Money:
        return Money(sum(each.amount.minor for each in self.balances), self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One posting of an account, with the entry that it is of."""

    id: int
    entry_id: UUID
    kind: EntryKind
    made_at: datetime
    note: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryShown:
    """An entry with what it is about, where that is a payment or belongs to one."""

    entry: Entry
    payment_id: UUID | None
    dispute_id: UUID | None
