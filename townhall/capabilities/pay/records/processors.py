"""What a processor tells pay."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from townhall.capabilities.pay.records.cards import CardDetails
from townhall.capabilities.pay.records.states import Cause, DisputeState, RefundState, Word
from townhall.machinery.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A processor's name for one payment, and its own page where it can be made.

    Without a `url` the payer stays on our pages: a card is entered there, or they are told how
    to pay.
    """

    reference: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One of the ways to pay that a payer may choose from."""

    processor: str
    takes_cards: bool  # on our own page


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A processor's word on one checkout."""

    reference: str
    payment_id: UUID | None = None  # ours, where the processor repeats it
    word: Word
    amount: Money  # what was really taken or kept; what was asked for, if nothing was
    cause: Cause | None = None
    can_retry: bool | None = None  # of a recurring payment that was declined
    card: CardDetails | None = None
    challenge_url: str = ""  # where the payer's bank asks them
    instrument: str = ""  # by which the processor takes from this card again; agreements only
    three_d_secure: bool = False
    fee: Money | None = None

    @property
    def paid(self) -> bool:
        return self.word == Word.CAPTURED


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOutcome:
    """A processor's word on one refund; `requested` means that it will say more later."""

    reference: str  # the processor's own name for it
    refund_id: UUID  # ours
    state: RefundState
    amount: Money
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeNotice:
    """A processor's word on a payment that the payer has challenged at their bank."""

    reference: str  # the dispute's
    payment_reference: str  # of the checkout
    state: DisputeState
    amount: Money
    fee: Money
    reason: str  # fraudulent, duplicate ...
    answer_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorNotice:
    """One authentic notice. A processor that repeats a notice repeats its id.

    Its id and the references in it have at most 100 characters.
    """

    id: str
    about: Outcome | RefundOutcome | DisputeNotice


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementLine:
    """One line of a processor's settlement report.

    `amount` is before the fee, positive for payments and negative for refunds and disputes: what
    it adds to the payout is the one less the other. A payout has the same `payout` in all its
    lines.
    """

    id: str  # the processor's own, the same however often the report is read
    payout: str
    paid_out_on: date
    kind: str  # payment, refund, dispute, adjustment
    reference: str  # of the checkout; for a refund or dispute its own
    ours: UUID | None = None  # our payment or refund, where the processor repeats its id
    amount: Money
    fee: Money

    @property
    def net(self) -> Money:
        return Money(self.amount.minor - self.fee.minor, self.amount.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """How to pay where there is no page for it: into an account, with a reference."""

    account_name: str
    sort_code: str
    account_number: str
    reference: str  # in groups of four, to be read out
