"""Every write of this service."""

from townhall.services.bulky_waste.operations.booking import (
    book_collection,
    lapse_collection,
    pay_again,
    request_collection,
    take_back_unpaid,
)
from townhall.services.bulky_waste.operations.changes import (
    cancel_collection,
    move_collection,
    rebook_collection,
)
from townhall.services.bulky_waste.operations.decisions import (
    carry_out_decision,
    note_refund,
    note_refund_failed,
)
from townhall.services.bulky_waste.operations.forgetting import forget_person
from townhall.services.bulky_waste.operations.schedule import follow_dials, make_days, prepare
from townhall.services.bulky_waste.operations.visits import record_visit

__all__ = [
    "book_collection",
    "cancel_collection",
    "carry_out_decision",
    "follow_dials",
    "forget_person",
    "lapse_collection",
    "make_days",
    "move_collection",
    "note_refund",
    "note_refund_failed",
    "pay_again",
    "prepare",
    "rebook_collection",
    "record_visit",
    "request_collection",
    "take_back_unpaid",
]
