"""The books of the sandbox processor: what an outside company would know, and no card numbers."""

from __future__ import annotations

import secrets
from base64 import b32encode
from datetime import datetime
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from townhall.capabilities.pay.records import (
    CardResult,
    Cause,
    Outcome,
    Payment,
    RefundOutcome,
    RefundState,
    State,
)
from townhall.capabilities.pay.records import SandboxCheckout as SandboxCheckoutRecord
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money

PAYS = (CardResult.PAYS, CardResult.PAYS_BUT_NOT_BACK)


class SandboxCheckout(models.Model):
    """One card page. Its reference cannot be guessed, and whoever has it may pay."""

    reference = models.CharField(primary_key=True, max_length=26)
    organisation_id = models.UUIDField()
    payment_id = models.UUIDField(unique=True)
    payment_reference = models.CharField(max_length=100)
    description = models.CharField(max_length=255)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    return_url = models.CharField(max_length=2000)
    notice_url = models.CharField(max_length=2000)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=State.OPEN.value)
    cause = models.CharField(max_length=20, blank=True)
    refunds_fail = models.BooleanField(default=False)
    notice_id = models.UUIDField(default=uuid4)
    tells_at = models.DateTimeField(null=True)  # nobody learns the outcome before
    times_told = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", tells_at=None)
                | Q(state__in=["paid", "failed"], tells_at__isnull=False),
                name="sandbox_checkout_tells_when_done",
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[SandboxCheckout]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def state_at(self, at: datetime) -> State:
        if self.state == State.OPEN and self.expires_at <= at:
            return State.EXPIRED
        return State(self.state)

    def take(self, result: CardResult, *, tells_at: datetime) -> None:
        """Settle as the card would have it."""
        self.state = State.PAID if result in PAYS else State.FAILED
        self.cause = "" if result in PAYS else Cause(result.value).value
        self.refunds_fail = result == CardResult.PAYS_BUT_NOT_BACK
        self.tells_at = tells_at
        self.save(update_fields=["state", "cause", "refunds_fail", "tells_at"])

    def answer_refund(self, amount: Money) -> RefundState:
        """Whether so much can still be given back from it."""
        if self.state != State.PAID or self.refunds_fail or amount.currency != self.currency:
            return RefundState.FAILED
        given = self.sandboxrefund_set.filter(state=RefundState.SUCCEEDED)
        before = given.aggregate(sum=Sum("amount_minor"))["sum"] or 0
        enough = before + amount.minor <= self.amount_minor
        return RefundState.SUCCEEDED if enough else RefundState.FAILED

    def count_telling(self) -> None:
        SandboxCheckout.objects.filter(reference=self.reference).update(
            times_told=F("times_told") + 1
        )

    def outcome(self) -> Outcome:
        return Outcome(
            reference=self.reference,
            payment_id=self.payment_id,
            paid=self.state == State.PAID,
            amount=self.amount,
            cause=Cause(self.cause) if self.cause else None,
        )

    def record(self, *, at: datetime) -> SandboxCheckoutRecord:
        return SandboxCheckoutRecord(
            reference=self.reference,
            payment_reference=self.payment_reference,
            description=self.description,
            amount=self.amount,
            return_url=self.return_url,
            expires_at=self.expires_at,
            state=self.state_at(at),
            cause=Cause(self.cause) if self.cause else None,
            tells_at=self.tells_at,
            times_told=self.times_told,
        )


class SandboxRefund(models.Model):
    """One refund that was asked of the sandbox, and its answer, which never changes."""

    refund_id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    checkout = models.ForeignKey(SandboxCheckout, on_delete=models.PROTECT)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10)

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[SandboxRefund]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    def outcome(self) -> RefundOutcome:
        amount = Money(self.amount_minor, self.currency)
        if self.state == RefundState.FAILED:
            return self.refusal(self.refund_id, amount)
        return RefundOutcome(
            reference=f"sandbox-{self.refund_id}",
            refund_id=self.refund_id,
            state=RefundState(self.state),
            amount=amount,
        )

    @staticmethod
    def refusal(refund_id: UUID, amount: Money) -> RefundOutcome:
        return RefundOutcome(
            reference=f"sandbox-{refund_id}",
            refund_id=refund_id,
            state=RefundState.FAILED,
            amount=amount,
            cause=Cause.DECLINED,
        )


class SandboxBooks:
    """What the sandbox's adapter reads and writes. It knows references, not organisations."""

    def open_checkout(self, payment: Payment, *, return_url: str, notice_url: str) -> str:
        checkout, _made = SandboxCheckout.objects.get_or_create(
            payment_id=payment.id,
            defaults={
                "reference": b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower(),
                "organisation_id": payment.organisation_id,
                "payment_reference": payment.reference,
                "description": payment.description,
                "amount_minor": payment.amount.minor,
                "currency": payment.amount.currency,
                "return_url": return_url,
                "notice_url": notice_url,
                "expires_at": payment.expires_at,
            },
        )
        return checkout.reference

    def find_outcome(self, reference: str) -> Outcome | None:
        told = SandboxCheckout.objects.filter(reference=reference, tells_at__lte=timezone.now())
        checkout = told.first()
        return checkout.outcome() if checkout else None

    def refund(self, refund_id: UUID, reference: str, amount: Money) -> RefundOutcome:
        with transaction.atomic():
            locked = SandboxCheckout.objects.select_for_update().filter(reference=reference)
            checkout = locked.first()
            if checkout is None:
                return SandboxRefund.refusal(refund_id, amount)
            asked, _new = SandboxRefund.objects.get_or_create(
                refund_id=refund_id,
                defaults={
                    "organisation_id": checkout.organisation_id,
                    "checkout": checkout,
                    "amount_minor": amount.minor,
                    "currency": amount.currency,
                    "state": checkout.answer_refund(amount),
                },
            )
            return asked.outcome()
