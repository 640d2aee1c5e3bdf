"""Taking money, giving it back, and believing what the processor says of either."""

from townhall.capabilities.pay.operations import inspections
from townhall.capabilities.pay.operations.notices import LONGEST_NOTICE, record_notice, take_notice
from townhall.capabilities.pay.operations.payments import (
    check_payment,
    expire_payment,
    follow_up_payments,
    keep_checkout,
    open_checkout,
    start_payment,
)
from townhall.capabilities.pay.operations.refunds import (
    follow_up_refunds,
    refund_payment,
    take_refund,
)
from townhall.capabilities.pay.operations.sandbox import take_card, tell_outcome

__all__ = [
    "LONGEST_NOTICE",
    "check_payment",
    "expire_payment",
    "follow_up_payments",
    "follow_up_refunds",
    "inspections",
    "keep_checkout",
    "open_checkout",
    "record_notice",
    "refund_payment",
    "start_payment",
    "take_card",
    "take_notice",
    "take_refund",
    "tell_outcome",
]
