"""Notices: every authentic word of a processor, kept with its effect."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from townhall.capabilities.pay.models.payments import Payment
from townhall.capabilities.pay.records import Misfit, NoticeState
from townhall.capabilities.pay.records import Notice as NoticeRecord
from townhall.machinery.actors import Actor, rows_within
from townhall.machinery.money import Money


class Notice(models.Model):
    """What a processor told us once, whether it sent it or we asked."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    provider_id = models.CharField(max_length=200)  # the processor's own name for the notice
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True)
    processor = models.CharField(max_length=20, blank=True, default="", db_default="")
    processor_reference = models.CharField(max_length=100)
    said = models.CharField(max_length=14)  # a Word, a RefundState or a DisputeState
    is_refund = models.BooleanField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    body = models.TextField()  # as it came
    state = models.CharField(max_length=10)
    cause = models.CharField(max_length=30, blank=True)
    brought_money = models.BooleanField(default=False, db_default=False)
    is_live = models.BooleanField(default=True, db_default=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "processor", "provider_id"], name="notice_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(state="fitted", cause="") | (Q(state="unfit") & ~Q(cause="")),
                name="notice_is_unfit_for_a_cause",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "received_at", "id"],
                name="notice_unfit",
                condition=Q(state="unfit"),
            ),
            models.Index(
                fields=["processor", "processor_reference"],
                name="notice_of_money",
                condition=Q(brought_money=True),
            ),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Notice]:
        ours = cls.objects.filter(organisation_id=actor.organisation_id)
        return rows_within(actor, ours, service="payment__service")

    def is_first_of_its_money(self) -> bool:
        """Whether no notice before has brought the money of the same checkout."""
        before = Notice.objects.filter(
            processor=self.processor,
            processor_reference=self.processor_reference,
            brought_money=True,
        )
        return not before.exists()

    def store(self, actor: Actor) -> Notice:
        """Insert it, or get the one that was taken before; ours only if the id is the same.

        Of two that arrive together the second waits here until the first has committed.
        """
        Notice.objects.bulk_create([self], ignore_conflicts=True)
        taken = Notice.visible_to(actor).select_related("payment")
        return taken.get(processor=self.processor, provider_id=self.provider_id)

    def record(self) -> NoticeRecord:
        return NoticeRecord(
            id=self.id,
            payment_id=self.payment_id,
            person_id=self.payment.person_id if self.payment else None,
            processor=self.processor,
            processor_reference=self.processor_reference,
            said=self.said,
            is_refund=self.is_refund,
            amount=self.amount,
            state=NoticeState(self.state),
            cause=Misfit(self.cause) if self.cause else None,
            brought_money=self.brought_money,
            received_at=self.received_at,
        )
