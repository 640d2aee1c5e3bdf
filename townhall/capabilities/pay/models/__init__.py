"""The tables of pay. No card number is in any of them, nor a card's security code."""

from townhall.capabilities.pay.models.agreements import Agreement
from townhall.capabilities.pay.models.allowances import Allowance
from townhall.capabilities.pay.models.bank import BankBooks
from townhall.capabilities.pay.models.disputes import Dispute
from townhall.capabilities.pay.models.keys import ApiKey, checksum_secret
from townhall.capabilities.pay.models.ledger import Account, Entry, Posting
from townhall.capabilities.pay.models.links import Link
from townhall.capabilities.pay.models.notices import Notice
from townhall.capabilities.pay.models.once import Once
from townhall.capabilities.pay.models.payments import Payment, PaymentStep, new_token
from townhall.capabilities.pay.models.refunds import Refund
from townhall.capabilities.pay.models.sandbox import (
    SandboxBooks,
    SandboxCheckout,
    SandboxDispute,
    SandboxRefund,
)
from townhall.capabilities.pay.models.settlements import Settlement, SettlementLine
from townhall.capabilities.pay.models.tills import Till
from townhall.capabilities.pay.models.webhooks import Webhook, WebhookMessage

__all__ = [
    "Account",
    "Agreement",
    "Allowance",
    "ApiKey",
    "BankBooks",
    "Dispute",
    "Entry",
    "Link",
    "Notice",
    "Once",
    "Payment",
    "PaymentStep",
    "Posting",
    "Refund",
    "SandboxBooks",
    "SandboxCheckout",
    "SandboxDispute",
    "SandboxRefund",
    "Settlement",
    "SettlementLine",
    "Till",
    "Webhook",
    "WebhookMessage",
    "checksum_secret",
    "new_token",
]
