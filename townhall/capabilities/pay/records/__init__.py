"""What pay tells others, and what a processor tells pay."""

from townhall.capabilities.pay.records.agreements import Agreement
from townhall.capabilities.pay.records.cards import (
    BillingAddress,
    Card,
    CardDetails,
    Prefilled,
)
from townhall.capabilities.pay.records.disputes import Dispute
from townhall.capabilities.pay.records.ledger import Account, Balance, Entry, Posting
from townhall.capabilities.pay.records.payments import Notice, Payment, Refund, Step
from townhall.capabilities.pay.records.processors import (
    Checkout,
    DisputeNotice,
    Instructions,
    Outcome,
    ProcessorNotice,
    RefundOutcome,
    SettlementLine,
)
from townhall.capabilities.pay.records.receipts import Imported, Receipt, ToPayBack
from townhall.capabilities.pay.records.sandbox import (
    DISPUTE_FEE_MINOR,
    CardResult,
    SandboxCheckout,
    Telling,
)
from townhall.capabilities.pay.records.settlements import Settlement, StoredLine
from townhall.capabilities.pay.records.states import (
    OVER,
    UNPAID,
    AgreementState,
    Cause,
    DisputeState,
    EntryKind,
    LineState,
    Misfit,
    Mismatch,
    Mode,
    NoticeState,
    Purpose,
    RefundState,
    Source,
    State,
    Word,
)
from townhall.capabilities.pay.records.tills import ApiKey, Program, Till

__all__ = [
    "DISPUTE_FEE_MINOR",
    "OVER",
    "UNPAID",
    "Account",
    "Agreement",
    "AgreementState",
    "ApiKey",
    "Balance",
    "BillingAddress",
    "Card",
    "CardDetails",
    "CardResult",
    "Cause",
    "Checkout",
    "Dispute",
    "DisputeNotice",
    "DisputeState",
    "Entry",
    "EntryKind",
    "Imported",
    "Instructions",
    "LineState",
    "Misfit",
    "Mismatch",
    "Mode",
    "Notice",
    "NoticeState",
    "Outcome",
    "Payment",
    "Posting",
    "Prefilled",
    "ProcessorNotice",
    "Program",
    "Purpose",
    "Receipt",
    "Refund",
    "RefundOutcome",
    "RefundState",
    "SandboxCheckout",
    "Settlement",
    "SettlementLine",
    "Source",
    "State",
    "Step",
    "StoredLine",
    "Telling",
    "Till",
    "ToPayBack",
    "Word",
]
