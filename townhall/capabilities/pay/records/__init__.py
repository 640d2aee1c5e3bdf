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
    Outcome,
    ProcessorNotice,
    RefundOutcome,
    SettlementLine,
)
from townhall.capabilities.pay.records.requests import (
    NewAgreement,
    NewPayment,
    Once,
    TelephonePayment,
    Wanted,
)
from townhall.capabilities.pay.records.sandbox import (
    CardResult,
    SandboxCheckout,
    Telling,
)
from townhall.capabilities.pay.records.states import (
    OVER,
    UNPAID,
    AgreementState,
    Cause,
    DisputeState,
    EntryKind,
    Misfit,
    Mode,
    NoticeState,
    Purpose,
    RefundState,
    Source,
    State,
    Word,
)
from townhall.capabilities.pay.records.tills import ApiKey, Program, Till
from townhall.capabilities.pay.records.webhooks import Webhook, WebhookEvent, WebhookMessage

__all__ = [
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
    "Misfit",
    "Mode",
    "NewAgreement",
    "NewPayment",
    "Notice",
    "NoticeState",
    "Once",
    "Outcome",
    "Payment",
    "Posting",
    "Prefilled",
    "ProcessorNotice",
    "Program",
    "Purpose",
    "Refund",
    "RefundOutcome",
    "RefundState",
    "SandboxCheckout",
    "SettlementLine",
    "Source",
    "State",
    "Step",
    "TelephonePayment",
    "Telling",
    "Till",
    "Wanted",
    "Webhook",
    "WebhookEvent",
    "WebhookMessage",
    "Word",
]
