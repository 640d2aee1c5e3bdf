"""What is known of money that comes by bank or at the counter: the notices that staff recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from townhall.capabilities.pay.models.notices import Notice
from townhall.capabilities.pay.models.payments import Payment
from townhall.capabilities.pay.models.refunds import Refund
from townhall.capabilities.pay.records import (
    Outcome,
    RefundState,
    SettlementLine,
    ToPayBack,
    Word,
)
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money

BANK = "bank"
STATEMENT, COUNTER = "statement/", "counter/"  # how the ids of their notices begin


class BankBooks:
    """It knows references, not organisations, as an outside company would."""

    def amount_asked(self, reference: str) -> Money | None:
        named = Payment.objects.filter(processor=BANK, processor_reference=reference)
        payment = named.exclude(processor_reference="").first()
        return payment.amount if payment else None

    def find_receipt(self, reference: str) -> Outcome | None:
        received = _notices(Word.CAPTURED).filter(processor_reference=reference)
        notice = received.order_by("received_at").first()
        if notice is None:
            return None
        return Outcome(
            reference=reference,
            payment_id=notice.payment_id,
            word=Word.CAPTURED,
            amount=notice.amount,
        )

    def is_paid_back(self, refund_id: UUID) -> bool:
        return Refund.objects.filter(id=refund_id, state=RefundState.SUCCEEDED).exists()

    def movements(self, since: date) -> Iterator[SettlementLine]:
        """What was recorded since then, whenever it moved.

        Cash is not among it until it is in the bank: its paying-in slip is imported.
        """
        recorded = _notices(Word.CAPTURED, RefundState.SUCCEEDED).filter(
            received_at__date__gte=since
        )
        for notice in recorded.exclude(provider_id__startswith=COUNTER).order_by("received_at"):
            yield _line(notice)

    @staticmethod
    def to_pay_back(actor: Actor) -> QuerySet[Refund]:
        by_bank = Q(payment__processor=BANK) | Q(notice__processor=BANK)
        waiting = Refund.visible_to(actor).filter(by_bank, state=RefundState.REQUESTED)
        first = Notice.objects.filter(
            processor=BANK, payment=OuterRef("payment"), said=Word.CAPTURED
        ).exclude(body="")
        received = Coalesce(
            "notice__body", Subquery(first.order_by("received_at").values("body")[:1])
        )
        return waiting.select_related("payment", "notice").annotate(received=received)

    @staticmethod
    def to_pay_back_record(refund: Refund) -> ToPayBack:
        """Of one of `to_pay_back`."""
        received = json.loads(getattr(refund, "received", "") or "{}")
        return ToPayBack(
            refund_id=refund.id,
            person_id=refund.payment.person_id if refund.payment else None,
            reference=refund.payment.reference if refund.payment else received.get("reference", ""),
            payer=received.get("payer", ""),
            amount=refund.amount,
            reason=refund.reason,
            requested_at=refund.requested_at,
        )


def _notices(*said: str) -> QuerySet[Notice]:
    return Notice.objects.filter(processor=BANK, said__in=said).exclude(body="")


def _line(notice: Notice) -> SettlementLine:
    on = date.fromisoformat(json.loads(notice.body)["on"])
    sign, kind = (-1, "refund") if notice.is_refund else (1, "payment")
    return SettlementLine(
        id=f"{BANK}/{notice.id}",
        payout=f"{STATEMENT}{on}",
        paid_out_on=on,
        kind=kind,
        reference=notice.processor_reference,
        amount=Money(sign * notice.amount_minor, notice.currency),
        fee=Money(0, notice.currency),
    )
