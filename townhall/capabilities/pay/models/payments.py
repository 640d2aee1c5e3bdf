"""Payments: one attempt each to take one sum."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.pay.errors import AlreadySettled, NotPaid, PaymentExpired, RefundTooLarge
from townhall.capabilities.pay.events import PaymentFailed, PaymentSucceeded
from townhall.capabilities.pay.records import Cause, Misfit, Outcome, State
from townhall.capabilities.pay.records import Payment as PaymentRecord
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money


class Payment(models.Model):
    """Open until the processor's word or the clock settles it. Paid and failed are final."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    service = models.SlugField()
    subject_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=100)
    description = models.CharField(max_length=255)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default=State.OPEN.value)
    cause = models.CharField(max_length=20, blank=True)
    processor_reference = models.CharField(max_length=100, blank=True)
    refunded_minor = models.PositiveIntegerField(default=0)  # by refunds that have not failed
    expires_at = models.DateTimeField()
    started_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_is_of_money"),
            models.CheckConstraint(
                condition=Q(refunded_minor__lte=F("amount_minor")),
                name="payment_refunds_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor=0) | Q(state="paid"), name="payment_refunds_when_paid"
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None)
                | Q(state__in=["paid", "failed", "expired"], settled_at__isnull=False),
                name="payment_settled_when_not_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "paid"], cause="")
                | (Q(state__in=["failed", "expired"]) & ~Q(cause="")),
                name="payment_fails_for_a_cause",
            ),
            models.UniqueConstraint(
                fields=["processor_reference"],
                condition=~Q(processor_reference=""),
                name="payment_has_own_checkout",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "subject_id"], name="payment_by_subject"),
            models.Index(
                fields=["organisation_id", "expires_at"],
                name="payment_open_by_expiry",
                condition=Q(state="open"),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Payment]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def overdue(cls, actor: Actor, *, at: datetime) -> QuerySet[Payment]:
        """Those still open when their time was over, oldest first."""
        return (
            cls.visible_to(actor)
            .filter(state=State.OPEN, expires_at__lte=at)
            .order_by("expires_at")
        )

    @classmethod
    def organisation_of(cls, outcome: Outcome) -> UUID | None:
        """Whose payment a processor speaks of. It serves the whole installation, so it may."""
        found = cls.objects.filter(cls._meant_by(outcome)).values_list("organisation_id", flat=True)
        return found.first()

    @classmethod
    def lock_meant(cls, actor: Actor, outcome: Outcome) -> Payment | None:
        """The payment an outcome speaks of, locked: by the checkout's name, or else by our id."""
        meant = cls.visible_to(actor).filter(cls._meant_by(outcome)).select_for_update()
        found = {payment.processor_reference: payment for payment in meant.order_by("id")}
        return found.pop(outcome.reference, None) or next(iter(found.values()), None)

    @classmethod
    def _meant_by(cls, outcome: Outcome) -> Q:
        by_reference = Q(processor_reference=outcome.reference) & ~Q(processor_reference="")
        return by_reference | Q(id=outcome.payment_id) if outcome.payment_id else by_reference

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def require_open(self, at: datetime) -> None:
        """Raise AlreadySettled or PaymentExpired unless it can still be paid."""
        if self.state == State.EXPIRED or (self.state == State.OPEN and self.expires_at <= at):
            raise PaymentExpired(_("The time to pay is over. Start again."))
        if self.state != State.OPEN:
            raise AlreadySettled(_("This payment is finished. Nothing more is to be paid on it."))

    def misfit(self, outcome: Outcome) -> Misfit | None:
        """How a processor's word contradicts what we know; None if it does not.

        Money is never refused for being late: an expired payment that turns out paid is paid.
        """
        if self.processor_reference not in ("", outcome.reference):
            return Misfit.OTHER_REFERENCE
        if not outcome.paid:
            return Misfit.FAILED_AFTER_PAID if self.state == State.PAID else None
        if outcome.amount != self.amount:
            return Misfit.WRONG_AMOUNT
        return Misfit.PAID_AFTER_FAILURE if self.state == State.FAILED else None

    def settle(self, outcome: Outcome, *, at: datetime) -> bool:
        """Take a word that fits; say whether it was news."""
        if self.state == outcome.state or (self.state == State.EXPIRED and not outcome.paid):
            return False
        self.state = outcome.state
        self.cause = "" if outcome.paid else (outcome.cause or Cause.ERROR).value
        self.processor_reference = outcome.reference
        self.settled_at = at
        self.save(update_fields=["state", "cause", "processor_reference", "settled_at"])
        return True

    def expire(self, *, at: datetime) -> bool:
        """Stop waiting once the time is over; say whether that was news."""
        if self.state != State.OPEN or self.expires_at > at:
            return False
        self.state, self.cause, self.settled_at = State.EXPIRED, Cause.EXPIRED, at
        self.save(update_fields=["state", "cause", "settled_at"])
        return True

    def set_aside(self, amount: Money) -> None:
        """Keep part of the money for a refund. Raises NotPaid or RefundTooLarge."""
        if self.state != State.PAID:
            raise NotPaid(_("Nothing was paid, so nothing can be refunded."))
        if self.refunded_minor + amount.minor > self.amount_minor:
            raise RefundTooLarge(_("That is more than is left of this payment. Enter less."))
        self.refunded_minor += amount.minor
        self.save(update_fields=["refunded_minor"])

    def take_back(self, amount: Money) -> None:
        """Free what was set aside for a refund that failed."""
        self.refunded_minor -= amount.minor
        self.save(update_fields=["refunded_minor"])

    def fact(self) -> PaymentSucceeded | PaymentFailed:
        """The event of its being settled."""
        about: dict[str, Any] = {  # Any: the facts that both events take
            "organisation_id": self.organisation_id,
            "payment_id": self.id,
            "service": self.service,
            "subject_id": self.subject_id,
            "amount_minor": self.amount_minor,
            "currency": self.currency,
        }
        if self.state == State.PAID:
            return PaymentSucceeded(**about)
        return PaymentFailed(**about, cause=Cause(self.cause))

    def record(self) -> PaymentRecord:
        return PaymentRecord(
            id=self.id,
            organisation_id=self.organisation_id,
            service=self.service,
            subject_id=self.subject_id,
            person_id=self.person_id,
            reference=self.reference,
            description=self.description,
            amount=self.amount,
            refunded=Money(self.refunded_minor, self.currency),
            state=State(self.state),
            cause=Cause(self.cause) if self.cause else None,
            expires_at=self.expires_at,
            paid_at=self.settled_at if self.state == State.PAID else None,
        )
