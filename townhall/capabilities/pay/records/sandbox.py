"""The sandbox processor, as its pages show it."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from townhall.capabilities.pay.records.states import Word
from townhall.machinery.money import Money

DISPUTE_FEE_MINOR = 1500


class CardResult(StrEnum):
    """What the sandbox does with a card."""

    PAYS = "pays"
    PAYS_BUT_NOT_BACK = "pays_but_not_back"  # any refund to it fails
    PAYS_BUT_NOT_AGAIN = "pays_but_not_again"  # recurring payments from it are declined
    CHALLENGED = "challenged"  # its bank asks the payer
    DISPUTED_AND_LOST = "disputed_and_lost"
    DISPUTED_AND_WON = "disputed_and_won"
    DECLINED = "declined"
    CARD_EXPIRED = "card_expired"
    BAD_CODE = "bad_code"
    ERROR = "error"


class Telling(StrEnum):
    """How the sandbox answers, to show what happens when it does not answer well."""

    AT_ONCE = "at_once"
    LATE = "late"  # it takes the money, says nothing, and tells after the time to pay is over
    SLOW = "slow"  # it says nothing, and tells a moment later
    TWICE = "twice"  # its notice comes twice


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxCheckout:
    """A checkout of the sandbox, as its bank's challenge page shows it."""

    reference: str
    payment_id: UUID
    payment_reference: str
    description: str
    amount: Money
    back_url: str  # to where the payer returns from their bank
    word: Word | None
