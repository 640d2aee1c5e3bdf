"""Taking money, giving it back, and believing what processors say of either."""

from townhall.capabilities.pay.operations import inspections
from townhall.capabilities.pay.operations.notices import (
    LONGEST_NOTICE,
    finish_capture,
    let_go,
    record_notice,
    take_notice,
)
from townhall.capabilities.pay.operations.paying import (
    abandon_payment,
    ask_authorisation,
    ask_what_became,
    confirm_payment,
    enter,
    keep_checkout,
    note_confirmation,
    open_at_processor,
    pay_by_card,
)
from townhall.capabilities.pay.operations.payments import (
    ask_for_capture,
    cancel_payment,
    capture_payment,
    check_payment,
    expire_payment,
    follow_up_payments,
    open_checkout,
    start_payment,
)
from townhall.capabilities.pay.operations.refunds import (
    approve_refund,
    follow_up_refunds,
    keep_unexpected,
    refund_by_staff,
    refund_payment,
    reject_refund,
    return_unexpected,
    take_refund,
)
from townhall.capabilities.pay.operations.sandbox import (
    answer_bank,
    decide_dispute,
    pay_in_sandbox,
    set_telling,
    tell_dispute,
    tell_outcome,
)
from townhall.capabilities.pay.operations.staff import (
    cancel_agreement_by_staff,
    cancel_payment_by_staff,
)
from townhall.capabilities.pay.operations.tills import (
    add_till,
    change_till,
    make_key,
    note_use,
    revoke_key,
)
from townhall.capabilities.pay.operations.write_offs import write_off

__all__ = [
    "LONGEST_NOTICE",
    "abandon_payment",
    "add_till",
    "answer_bank",
    "approve_refund",
    "ask_authorisation",
    "ask_for_capture",
    "ask_what_became",
    "cancel_agreement_by_staff",
    "cancel_payment",
    "cancel_payment_by_staff",
    "capture_payment",
    "change_till",
    "check_payment",
    "confirm_payment",
    "decide_dispute",
    "enter",
    "expire_payment",
    "finish_capture",
    "follow_up_payments",
    "follow_up_refunds",
    "inspections",
    "keep_checkout",
    "keep_unexpected",
    "let_go",
    "make_key",
    "note_confirmation",
    "note_use",
    "open_at_processor",
    "open_checkout",
    "pay_by_card",
    "pay_in_sandbox",
    "record_notice",
    "refund_by_staff",
    "refund_payment",
    "reject_refund",
    "return_unexpected",
    "revoke_key",
    "set_telling",
    "start_payment",
    "take_notice",
    "take_refund",
    "tell_dispute",
    "tell_outcome",
    "write_off",
]
