"""Refunds: money given back from one payment."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from townhall.capabilities.pay.events import RefundFailed, RefundSucceeded
from townhall.capabilities.pay.models.notices import Notice
from townhall.capabilities.pay.models.payments import Payment
from townhall.capabilities.pay.records import Cause, Misfit, RefundOutcome, RefundState
from townhall.capabilities.pay.records import Refund as RefundRecord
from townhall.machinery.actors import Actor, rows_within
from townhall.machinery.money import Money


class Refund(models.Model):
    """Requested until the processor says what became of it; then it never changes again.

    Of a payment's money, or of money that a notice brought unexpectedly: of one of the two.

    Its sum is set aside on the payment from the moment it is requested, so that no two refunds
    can give back the same money; a refund that failed frees it again.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True)
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, null=True)
    amount_minor = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=RefundState.REQUESTED.value)
    processor_reference = models.CharField(max_length=100, blank=True)
    asked_by = models.UUIDField(null=True)  # a person
    approved_by = models.UUIDField(null=True)  # another, or who said no
    requested_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)  # last, to be taken to the processor
    settled_at = models.DateTimeField(null=True)
    settled_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_is_of_money"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "requested"], settled_at=None)
                | Q(state__in=["succeeded", "failed", "rejected"], settled_at__isnull=False),
                name="refund_settled_when_not_asked",
            ),
            models.CheckConstraint(
                condition=Q(payment=None, notice__isnull=False)
                | Q(payment__isnull=False, notice=None),
                name="refund_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")),
                name="refund_by_two_people",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "queued_at"],
                name="refund_waiting",
                condition=Q(state="requested"),
            ),
            models.Index(
                fields=["organisation_id", "requested_at", "id"],
                name="refund_proposed",
                condition=Q(state="proposed"),
            ),
            models.Index(
                fields=["organisation_id", "settled_at"],
                name="refund_given_back",
                condition=Q(state="succeeded"),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Refund]:
        ours = cls.objects.filter(organisation_id=actor.organisation_id)
        return rows_within(actor, ours, service="payment__service")

    @classmethod
    def organisation_of(cls, outcome: RefundOutcome) -> UUID | None:
        """Whose refund a processor speaks of. It serves the whole installation, so it may."""
        found = cls.objects.filter(id=outcome.refund_id)
        return found.values_list("organisation_id", flat=True).first()

    @classmethod
    def lock_meant(cls, actor: Actor, outcome: RefundOutcome) -> Refund | None:
        """The refund an outcome speaks of, locked."""
        meant = cls.visible_to(actor).select_for_update(of=("self",))
        return meant.select_related("notice").filter(id=outcome.refund_id).first()

    @property
    def of(self) -> Payment | Notice:
        """What the money came with."""
        found = self.payment or self.notice
        assert found is not None  # a constraint says so
        return found

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.of.currency)

    def misfit(self, outcome: RefundOutcome) -> Misfit | None:
        """How a processor's word contradicts what we know; None if it does not."""
        if outcome.amount != self.amount:
            return Misfit.WRONG_AMOUNT
        final = {RefundState.SUCCEEDED, RefundState.FAILED}
        if {self.state, outcome.state} == final or self.state == RefundState.REJECTED:
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
            self.free()
        return settled

    def free(self) -> None:
        """Let what was set aside for it be refunded again. The payment is locked for it."""
        if self.payment_id is not None:
            payment = Payment.objects.select_for_update().get(id=self.payment_id)
            payment.take_back(self.amount)

    def fact(self, outcome: RefundOutcome) -> RefundSucceeded | RefundFailed:
        """The event of its being settled in this way."""
        about: dict[str, Any] = {  # Any: the facts that both events take
            "organisation_id": self.organisation_id,
            "refund_id": self.id,
            "payment_id": self.payment_id,
            "service": self.payment.service if self.payment else "",
            "subject_id": self.payment.subject_id if self.payment else self.notice_id,
            "amount_minor": self.amount_minor,
            "currency": self.of.currency,
        }
        if self.state == RefundState.SUCCEEDED:
            return RefundSucceeded(**about)
        return RefundFailed(**about, cause=outcome.cause or Cause.ERROR)

    def record(self) -> RefundRecord:
        return RefundRecord(
            id=self.id,
            payment_id=self.payment_id,
            notice_id=self.notice_id,
            person_id=self.payment.person_id if self.payment else None,
            amount=self.amount,
            reason=self.reason,
            state=RefundState(self.state),
            asked_by=self.asked_by,
            approved_by=self.approved_by,
            requested_at=self.requested_at,
            settled_at=self.settled_at,
            settled_on=self.settled_on,
        )
