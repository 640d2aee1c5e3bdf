"""Payments, refunds, the notices about them, and the sandbox's own books."""

from townhall.capabilities.pay.models.notices import Notice
from townhall.capabilities.pay.models.payments import Payment
from townhall.capabilities.pay.models.refunds import Refund
from townhall.capabilities.pay.models.sandbox import SandboxBooks, SandboxCheckout, SandboxRefund

__all__ = ["Notice", "Payment", "Refund", "SandboxBooks", "SandboxCheckout", "SandboxRefund"]
