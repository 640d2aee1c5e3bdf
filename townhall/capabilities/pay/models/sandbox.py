"""The books of the sandbox processor: what an outside company would know, and no card numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone
from pydantic import TypeAdapter

from townhall.capabilities.pay import records
from townhall.capabilities.pay.errors import NoSuchCheckout
from townhall.capabilities.pay.models.payments import new_token
from townhall.capabilities.pay.records import (
    DISPUTE_FEE_MINOR,
    CardResult,
    Cause,
    DisputeState,
    Outcome,
    Payment,
    RefundOutcome,
    RefundState,
    Telling,
    Word,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.money import Money

Columns = dict[str, Any]  # Any: of a checkout
KEEPS = (Word.AUTHORISED, Word.CAPTURED)
TOO_LATE = timedelta(seconds=30)  # after the time to pay
SLOW = timedelta(seconds=5)
_BAD = {
    CardResult.DECLINED: (Word.DECLINED, Cause.DECLINED),
    CardResult.CARD_EXPIRED: (Word.DECLINED, Cause.CARD_EXPIRED),
    CardResult.BAD_CODE: (Word.DECLINED, Cause.BAD_CODE),
    CardResult.ERROR: (Word.ERRORED, Cause.ERROR),
}
DISPUTED = (CardResult.DISPUTED_AND_LOST, CardResult.DISPUTED_AND_WON)
_cards = TypeAdapter(records.CardDetails)


class SandboxCheckout(models.Model):
    """One checkout. Its reference cannot be guessed."""

    reference = models.CharField(primary_key=True, max_length=40)
    organisation_id = models.UUIDField()
    payment_id = models.UUIDField(unique=True)
    payment_reference = models.CharField(max_length=255)
    description = models.CharField(max_length=255)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    back_url = models.CharField(max_length=2000)
    notice_url = models.CharField(max_length=2000)
    expires_at = models.DateTimeField()
    telling = models.CharField(max_length=8, default=Telling.AT_ONCE.value)
    result = models.CharField(max_length=20, blank=True)  # of its card
    word = models.CharField(max_length=10, blank=True)
    cause = models.CharField(max_length=20, blank=True)
    card = models.JSONField(null=True)
    challenged = models.BooleanField(default=False)
    tells_at = models.DateTimeField(null=True)  # nobody learns the word before
    captured_at = models.DateTimeField(null=True)
    times_told = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["captured_at"],
                name="sandbox_captured",
                condition=Q(captured_at__isnull=False),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[SandboxCheckout]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def is_silent(self, at: datetime) -> bool:
        return self.tells_at is not None and self.tells_at > at

    def take(self, result: CardResult, card: records.CardDetails, *, at: datetime) -> None:
        """Answer as the card would have it, once: a second card is not looked at."""
        self.result = result.value
        self.card = _cards.dump_python(card, mode="json")
        word, cause = _BAD.get(result, (Word.AUTHORISED, None))
        if result == CardResult.CHALLENGED:
            word, self.challenged = Word.CHALLENGED, True
        if self.telling == Telling.LATE and word == Word.AUTHORISED:
            word, self.captured_at = Word.CAPTURED, at
        self.say(word, cause, at=at)

    def say(self, word: Word, cause: Cause | None = None, *, at: datetime) -> None:
        self.word, self.cause = word.value, cause.value if cause else ""
        waits = {Telling.LATE: self.expires_at + TOO_LATE, Telling.SLOW: at + SLOW}
        self.tells_at = self.tells_at or waits.get(Telling(self.telling), at)
        if word == Word.CAPTURED:
            self.captured_at = self.captured_at or at
        self.save()

    def answer_refund(self, amount: Money) -> RefundState:
        """Whether so much can still be given back from it."""
        refuses = self.result == CardResult.PAYS_BUT_NOT_BACK
        if self.word != Word.CAPTURED or refuses or amount.currency != self.currency:
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
        keeps = self.word in KEEPS
        return Outcome(
            reference=self.reference,
            payment_id=self.payment_id,
            word=Word(self.word),
            amount=self.amount,
            cause=Cause(self.cause) if self.cause else None,
            card=_cards.validate_python(self.card) if self.card else None,
            instrument=self.reference if keeps else "",
            three_d_secure=self.challenged,
        )

    def record(self) -> records.SandboxCheckout:
        return records.SandboxCheckout(
            reference=self.reference,
            payment_id=self.payment_id,
            payment_reference=self.payment_reference,
            description=self.description,
            amount=self.amount,
            back_url=self.back_url,
            word=Word(self.word) if self.word else None,
        )


class SandboxRefund(models.Model):
    """One refund that was asked of the sandbox, and its answer, which never changes."""

    refund_id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    checkout = models.ForeignKey(SandboxCheckout, on_delete=models.PROTECT)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10)
    made_at = models.DateTimeField(default=timezone.now)

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


class SandboxDispute(models.Model):
    """A payer of the sandbox who challenges what they paid; how it ends was on their card."""

    checkout = models.OneToOneField(SandboxCheckout, on_delete=models.PROTECT)
    organisation_id = models.UUIDField()
    reference = models.UUIDField(default=uuid4)
    state = models.CharField(max_length=14, default=DisputeState.NEEDS_RESPONSE.value)
    made_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[SandboxDispute]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    def advance(self, *, at: datetime) -> None:
        """From the question to the answer that was on the card."""
        lost = self.checkout.result == CardResult.DISPUTED_AND_LOST
        self.state = DisputeState.LOST if lost else DisputeState.WON
        self.settled_at = at
        self.save(update_fields=["state", "settled_at"])

    def notice(self) -> records.DisputeNotice:
        currency = self.checkout.currency
        return records.DisputeNotice(
            reference=str(self.reference),
            payment_reference=self.checkout.reference,
            state=DisputeState(self.state),
            amount=self.checkout.amount,
            fee=Money(DISPUTE_FEE_MINOR, currency),
            reason="fraudulent",
            answer_by=timezone.localdate(self.made_at) + timedelta(days=7),
        )


class SandboxBooks:
    """What the sandbox's adapter reads and writes. It knows references, not organisations."""

    def open_checkout(self, payment: Payment, *, back_url: str, notice_url: str) -> str:
        checkout, _made = SandboxCheckout.objects.get_or_create(
            payment_id=payment.id,
            defaults=_of_payment(payment, back_url=back_url, notice_url=notice_url),
        )
        return checkout.reference

    def authorise(self, reference: str, result: CardResult, card: records.CardDetails) -> Outcome:
        with transaction.atomic():
            checkout = _locked(reference)
            now = timezone.now()
            if not checkout.word:
                checkout.take(result, card, at=now)
        return self._say(checkout, now)

    def take_again(self, payment: Payment, instrument: str) -> Outcome:
        with transaction.atomic():
            first = SandboxCheckout.objects.get(reference=instrument)
            fresh = _of_payment(payment, back_url="", notice_url=first.notice_url)
            checkout, is_new = SandboxCheckout.objects.get_or_create(
                payment_id=payment.id, defaults=fresh
            )
            now = timezone.now()
            if is_new:
                declines = first.result == CardResult.PAYS_BUT_NOT_AGAIN
                result = CardResult.DECLINED if declines else CardResult.PAYS
                checkout.take(result, _cards.validate_python(first.card), at=now)
        return self._say(checkout, now)

    def capture(self, reference: str) -> Outcome:
        with transaction.atomic():
            checkout = _locked(reference)
            now = timezone.now()
            if checkout.word == Word.AUTHORISED:
                checkout.say(Word.CAPTURED, at=now)
        return self._say(checkout, now)

    def cancel(self, reference: str) -> Outcome:
        with transaction.atomic():
            checkout = _locked(reference)
            now = timezone.now()
            if checkout.word in ("", Word.AUTHORISED, Word.CHALLENGED):
                checkout.say(Word.CANCELLED, at=now)
        return checkout.outcome()

    @staticmethod
    def _say(checkout: SandboxCheckout, at: datetime) -> Outcome:
        if checkout.is_silent(at):
            raise Unavailable("The sandbox does not answer, as it was asked to.")
        return checkout.outcome()

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

    def movements(self, since: datetime, until: datetime) -> Iterator[tuple[date, str, str, Money]]:
        """What moved between two moments: the day, what it was, its reference, how much."""
        within = (since, until)
        for paid in SandboxCheckout.objects.filter(captured_at__range=within).order_by("reference"):
            moment = paid.captured_at
            assert moment is not None  # by the filter
            yield timezone.localdate(moment), "payment", paid.reference, paid.amount
        done = SandboxRefund.objects.filter(state="succeeded", made_at__range=within)
        for refund in done.order_by("refund_id"):
            amount = Money(-refund.amount_minor, refund.currency)
            yield timezone.localdate(refund.made_at), "refund", f"sandbox-{refund.pk}", amount
        over = SandboxDispute.objects.filter(settled_at__range=within)
        for dispute in over.select_related("checkout").order_by("id"):
            assert dispute.settled_at is not None  # by the filter
            kept = dispute.checkout.amount_minor if dispute.state == DisputeState.LOST else 0
            amount = Money(-kept, dispute.checkout.currency)
            day = timezone.localdate(dispute.settled_at)
            yield day, "dispute", str(dispute.reference), amount


def _of_payment(payment: Payment, *, back_url: str, notice_url: str) -> Columns:
    return {
        "reference": new_token(),
        "organisation_id": payment.organisation_id,
        "payment_reference": payment.reference,
        "description": payment.description,
        "amount_minor": payment.amount.minor,
        "currency": payment.amount.currency,
        "back_url": back_url,
        "notice_url": notice_url,
        "expires_at": payment.expires_at,
    }


def _locked(reference: str) -> SandboxCheckout:
    found = SandboxCheckout.objects.select_for_update().filter(reference=reference).first()
    if found is None:
        raise NoSuchCheckout("The sandbox knows no such checkout.")
    return found
