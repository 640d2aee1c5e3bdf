"""Disputes: payments that the payer has challenged at their bank."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from townhall.capabilities.pay import records
from townhall.capabilities.pay.models.payments import Payment
from townhall.capabilities.pay.records import DisputeState
from townhall.machinery.actors import Actor, rows_within
from townhall.machinery.money import Money


class Dispute(models.Model):
    """The processor keeps the money back while it lasts, and for good if it is lost."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    processor_reference = models.CharField(max_length=100)
    state = models.CharField(max_length=14)
    amount_minor = models.PositiveIntegerField()
    fee_minor = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=40)
    answer_by = models.DateField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "processor_reference"], name="dispute_once"),
            models.CheckConstraint(
                condition=Q(state__in=["needs_response", "under_review"], settled_at=None)
                | Q(state__in=["lost", "won"], settled_at__isnull=False),
                name="dispute_settled_when_over",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "-made_at", "-id"], name="dispute_newest"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Dispute]:
        ours = cls.objects.filter(organisation_id=actor.organisation_id)
        return rows_within(actor, ours, service="payment__service")

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.payment.currency)

    def record(self) -> records.Dispute:
        return records.Dispute(
            id=self.id,
            payment_id=self.payment_id,
            person_id=self.payment.person_id,
            state=DisputeState(self.state),
            amount=self.amount,
            fee=Money(self.fee_minor, self.payment.currency),
            reason=self.reason,
            answer_by=self.answer_by,
            made_at=self.made_at,
            settled_at=self.settled_at,
            settled_on=self.settled_on,
        )
