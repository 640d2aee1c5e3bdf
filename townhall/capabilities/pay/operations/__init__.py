"""Taking money, giving it back, and believing what processors say of either."""

from townhall.capabilities.pay.operations import inspections
from townhall.capabilities.pay.operations.admission import (
    Asks,
    admit_program,
)
from townhall.capabilities.pay.operations.agreements import (
    cancel_agreement,
    create_agreement,
    take_again,
)
from townhall.capabilities.pay.operations.fixtures import (
    make_client_fixtures,
)
from townhall.capabilities.pay.operations.links import (
    add_link,
    change_link,
    close_link,
    start_link_payment,
)
from townhall.capabilities.pay.operations.moto import (
    authorise_by_token,
    claim_token,
    give_up_challenge,
)
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
    ANSWER_WITHIN,
    MAY_EXPIRE,
    ask_for_capture,
    cancel_payment,
    capture_payment,
    check_payment,
    expire_payment,
    follow_up_payments,
    open_checkout,
    start_payment,
)
from townhall.capabilities.pay.operations.programs import (
    ask_for_capture_once,
    cancel_payment_once,
    capture_payment_once,
    create_payment,
    forget_keys,
    refund_payment_once,
    take_payment_now,
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
from townhall.capabilities.pay.operations.telephone import (
    note_telephone_payment,
)
from townhall.capabilities.pay.operations.telling import (
    tell_settled,
)
from townhall.capabilities.pay.operations.tills import (
    add_till,
    change_till,
    make_key,
    note_use,
    revoke_key,
)
from townhall.capabilities.pay.operations.webhooks import (
    add_webhook,
    change_webhook,
    forget_messages,
    note_answer,
    post_message,
    remove_webhook,
    renew_secret,
    send_message,
    sign,
    try_again,
)
from townhall.capabilities.pay.operations.write_offs import write_off

__all__ = [
    "ANSWER_WITHIN",
    "LONGEST_NOTICE",
    "MAY_EXPIRE",
    "Asks",
    "abandon_payment",
    "add_link",
    "add_till",
    "add_webhook",
    "admit_program",
    "answer_bank",
    "approve_refund",
    "ask_authorisation",
    "ask_for_capture",
    "ask_for_capture_once",
    "ask_what_became",
    "authorise_by_token",
    "cancel_agreement",
    "cancel_agreement_by_staff",
    "cancel_payment",
    "cancel_payment_by_staff",
    "cancel_payment_once",
    "capture_payment",
    "capture_payment_once",
    "change_link",
    "change_till",
    "change_webhook",
    "check_payment",
    "check_reference",
    "claim_token",
    "close_link",
    "confirm_payment",
    "create_agreement",
    "create_payment",
    "decide_dispute",
    "enter",
    "expire_payment",
    "finish_capture",
    "follow_up_payments",
    "follow_up_refunds",
    "forget_keys",
    "forget_messages",
    "give_up_challenge",
    "inspections",
    "keep_checkout",
    "keep_unexpected",
    "let_go",
    "make_client_fixtures",
    "make_key",
    "note_answer",
    "note_confirmation",
    "note_telephone_payment",
    "note_use",
    "open_at_processor",
    "open_checkout",
    "pay_by_card",
    "pay_in_sandbox",
    "post_message",
    "record_notice",
    "refund_by_staff",
    "refund_payment",
    "refund_payment_once",
    "reject_refund",
    "remove_webhook",
    "renew_secret",
    "return_unexpected",
    "revoke_key",
    "send_message",
    "set_telling",
    "sign",
    "start_link_payment",
    "start_payment",
    "take_again",
    "take_notice",
    "take_payment_now",
    "take_refund",
    "tell_dispute",
    "tell_outcome",
    "tell_settled",
    "try_again",
    "write_off",
]
