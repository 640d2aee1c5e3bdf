"""Refunds: money given back from one payment."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from townhall.capabilities.pay.events import RefundFailed, RefundSucceeded
from townhall.capabilities.pay.models.payments import Payment
from townhall.capabilities.pay.records import Cause, Misfit, RefundOutcome, RefundState
from townhall.capabilities.pay.records import Refund as RefundRecord
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money


class Refund(models.Model):
    """Requested until the processor says what became of it; then it never changes again.

    Its sum is set aside on the payment from the moment it is requested, so that no two refunds
    can give back the same money; a refund that failed frees it again.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT)
    amount_minor = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=RefundState.REQUESTED.value)
    processor_reference = models.CharField(max_length=100, blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)  # last, to be taken to the processor
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_is_of_money"),
            models.CheckConstraint(
                condition=Q(state="requested", settled_at=None)
                | Q(state__in=["succeeded", "failed"], settled_at__isnull=False),
                name="refund_settled_when_not_asked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "queued_at"],
                name="refund_waiting",
                condition=Q(state="requested"),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Refund]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def organisation_of(cls, outcome: RefundOutcome) -> UUID | None:
        """Whose refund a processor speaks of. It serves the whole installation, so it may."""
        found = cls.objects.filter(id=outcome.refund_id)
        return found.values_list("organisation_id", flat=True).first()

    @classmethod
    def lock_meant(cls, actor: Actor, outcome: RefundOutcome) -> Refund | None:
        """The refund an outcome speaks of, locked with its payment."""
        meant = cls.visible_to(actor).select_for_update().select_related("payment")
        return meant.filter(id=outcome.refund_id).first()

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.payment.currency)

    def misfit(self, outcome: RefundOutcome) -> Misfit | None:
        """How a processor's word contradicts what we know; None if it does not."""
        if outcome.amount != self.amount:
            return Misfit.WRONG_AMOUNT
        final = {RefundState.SUCCEEDED, RefundState.FAILED}
        if {self.state, outcome.state} == final:
            return Misfit.REFUND_CONTRADICTED
        return None

    def settle(self, outcome: RefundOutcome, *, at: datetime) -> bool:
        """Take a word that fits; say whether it was the news that settles the refund."""
        if self.state != RefundState.REQUESTED:
            return False
        self.processor_reference = outcome.reference
        self.state = outcome.state
        settled = outcome.state != RefundState.REQUESTED
        self.settled_at = at if settled else None
        self.save(update_fields=["processor_reference", "state", "settled_at"])
        if outcome.state == RefundState.FAILED:
            self.payment.take_back(self.amount)
        return settled

    def fact(self, outcome: RefundOutcome) -> RefundSucceeded | RefundFailed:
        """The event of its being settled in this way."""
        about: dict[str, Any] = {  # Any: the facts that both events take
            "organisation_id": self.organisation_id,
            "refund_id": self.id,
            "payment_id": self.payment_id,
            "service": self.payment.service,
            "subject_id": self.payment.subject_id,
            "amount_minor": self.amount_minor,
            "currency": self.payment.currency,
        }
        if self.state == RefundState.SUCCEEDED:
            return RefundSucceeded(**about)
        return RefundFailed(**about, cause=outcome.cause or Cause.ERROR)

    def record(self) -> RefundRecord:
        return RefundRecord(
            id=self.id,
            payment_id=self.payment_id,
            person_id=self.payment.person_id,
            amount=self.amount,
            reason=self.reason,
            state=RefundState(self.state),
            requested_at=self.requested_at,
            settled_at=self.settled_at,
        )
