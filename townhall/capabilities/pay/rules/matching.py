"""How a line of a settlement report compares with what our ledger has."""

from dataclasses import dataclass

from townhall.capabilities.pay.records import Mismatch, SettlementLine
from townhall.machinery.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What should be paid out for one payment, refund, dispute or unexpected sum."""

    amount: Money  # signed as a line's
    fee: Money | None  # None while nobody has told us
    has_moved: bool  # as far as we know
    is_settled: bool  # by a line before


def compare(line: SettlementLine, ours: Expected | None) -> Mismatch | None:
    """Why they do not match; None if they do."""
    if ours is None:
        return Mismatch.ADJUSTMENT if line.kind == "adjustment" else Mismatch.UNKNOWN
    if ours.is_settled:
        return Mismatch.TWICE
    if not ours.has_moved:
        return Mismatch.NOT_PAID
    if line.amount != ours.amount:
        return Mismatch.OTHER_AMOUNT
    fee_fits = line.fee.minor >= 0 if ours.fee is None else line.fee == ours.fee
    return None if fee_fits else Mismatch.OTHER_FEE


def difference(line: SettlementLine, ours: Expected | None) -> Money:
    """What was paid out beyond what the ledger has of it, where they do not match."""
    stands = ours is not None and ours.has_moved and not ours.is_settled
    if ours is None or not stands or ours.amount.currency != line.amount.currency:
        return line.net
    fee = ours.fee.minor if ours.fee else 0
    return Money(line.net.minor - (ours.amount.minor - fee), line.amount.currency)
