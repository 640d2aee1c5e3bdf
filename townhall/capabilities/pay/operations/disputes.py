"""Disputes: what a processor says of payments that were challenged at the payer's bank."""

from datetime import datetime

from townhall.capabilities.pay import models, records
from townhall.capabilities.pay.events import DisputeMoved
from townhall.capabilities.pay.operations.ledger import (
    enter_chargeback,
    enter_dispute_lost,
    enter_dispute_won,
)
from townhall.capabilities.pay.operations.telling import tell_of_dispute
from townhall.capabilities.pay.records import DisputeState
from townhall.machinery.events import emit

_OVER = (DisputeState.LOST, DisputeState.WON)


def record_dispute(payment: models.Payment, about: records.DisputeNotice, *, at: datetime) -> None:
    """Take a word on a dispute of a locked payment. What is over stays as it is."""
    dispute, is_new = models.Dispute.objects.get_or_create(
        payment=payment,
        processor_reference=about.reference,
        defaults={
            "organisation_id": payment.organisation_id,
            "state": DisputeState.NEEDS_RESPONSE,
            "amount_minor": about.amount.minor,
            "fee_minor": about.fee.minor,
            "reason": about.reason[:40],
            "answer_by": about.answer_by,
            "made_at": at,
        },
    )
    if is_new:
        enter_chargeback(dispute)
    is_news = is_new or (dispute.state != about.state and dispute.state not in _OVER)
    if not is_news:
        return
    dispute.state = about.state.value
    if about.state in _OVER:
        dispute.settled_at = at
    dispute.save(update_fields=["state", "settled_at"])
    if about.state == DisputeState.WON:
        enter_dispute_won(dispute)
    if about.state == DisputeState.LOST:
        enter_dispute_lost(dispute)
    emit(
        DisputeMoved(
            organisation_id=dispute.organisation_id,
            dispute_id=dispute.id,
            payment_id=payment.id,
            state=about.state,
            amount_minor=dispute.amount_minor,
            currency=payment.currency,
        )
    )
    tell_of_dispute(dispute)
