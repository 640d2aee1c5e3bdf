"""Payments: one attempt each to take one sum."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from townhall.capabilities.pay import records
from townhall.capabilities.pay.errors import (
    AlreadySettled,
    NoSuchPayment,
    NotInThatState,
    NotPaid,
    PaymentExpired,
    RefundTooLarge,
)
from townhall.capabilities.pay.events import PaymentFailed, PaymentSucceeded
from townhall.capabilities.pay.models.agreements import Agreement
from townhall.capabilities.pay.models.searches import for_staff
from townhall.capabilities.pay.models.tills import Till
from townhall.capabilities.pay.records import Cause, Misfit, Mode, Outcome, Source, State, Word
from townhall.capabilities.pay.rules.transitions import CAUSES, WAITING, may_follow, misfit_of
from townhall.machinery.actors import Actor, rows_within
from townhall.machinery.money import Money

CAPTURE_WITHIN = timedelta(days=5)  # as GOV.UK Pay has it
_cards = TypeAdapter(records.CardDetails)
_prefilled = TypeAdapter(records.Prefilled)


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Payment(models.Model):
    """Waits until a word of the processor, the payer, the service or the clock ends it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    till = models.ForeignKey(Till, on_delete=models.PROTECT, null=True)
    service = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=255)
    description = models.CharField(max_length=255)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=11, default=State.CREATED.value)
    cause = models.CharField(max_length=20, blank=True)
    can_retry = models.BooleanField(null=True)
    is_live = models.BooleanField(default=True, db_default=True)
    mode = models.CharField(max_length=9, default=Mode.WEB.value, db_default=Mode.WEB.value)
    source = models.CharField(
        max_length=30, default=Source.SERVICE.value, db_default=Source.SERVICE.value
    )
    language = models.CharField(max_length=2, default="en", db_default="en")
    return_url = models.CharField(max_length=2000, blank=True, default="", db_default="")
    email = models.CharField(max_length=254, blank=True, default="", db_default="")
    metadata = models.JSONField(default=dict, db_default={})
    prefilled = models.JSONField(null=True)
    delayed_capture = models.BooleanField(default=False, db_default=False)
    moto = models.BooleanField(default=False, db_default=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True)
    sets_up_agreement = models.BooleanField(default=False, db_default=False)
    agreement_kind = models.CharField(max_length=12, blank=True, default="", db_default="")
    processor = models.CharField(max_length=20, blank=True, default="", db_default="")
    processor_reference = models.CharField(max_length=100, blank=True)
    token = models.CharField(max_length=40, blank=True, default="", db_default="")
    card = models.JSONField(null=True)
    card_brand = models.CharField(max_length=20, blank=True, default="", db_default="")
    first_digits = models.CharField(max_length=6, blank=True, default="", db_default="")
    last_digits = models.CharField(max_length=4, blank=True, default="", db_default="")
    cardholder = models.CharField(max_length=255, blank=True, default="", db_default="")
    three_d_secure = models.BooleanField(default=False, db_default=False)
    refunded_minor = models.PositiveIntegerField(default=0)  # by refunds that have not failed
    fee_minor = models.PositiveIntegerField(null=True)
    telephone = models.JSONField(null=True)
    provider_id = models.CharField(max_length=255, blank=True, default="", db_default="")
    expires_at = models.DateTimeField()
    started_at = models.DateTimeField(default=timezone.now)  # created, as the wire has it
    asked_at = models.DateTimeField(null=True)  # last, to authorise or to capture: for the poll
    capture_asked_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_is_of_money"),
            models.CheckConstraint(
                condition=Q(refunded_minor__lte=F("amount_minor")),
                name="payment_refunds_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor=0) | Q(state="captured"),
                name="payment_refunds_when_paid",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(WAITING), settled_at=None)
                | Q(state__in=sorted(records.OVER), settled_at__isnull=False),
                name="payment_settled_when_over",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(WAITING | {State.CAPTURED}), cause="")
                | (Q(state__in=sorted(records.UNPAID)) & ~Q(cause="")),
                name="payment_fails_for_a_cause",
            ),
            models.UniqueConstraint(
                fields=["processor", "processor_reference"],
                condition=~Q(processor_reference=""),
                name="payment_has_own_checkout",
            ),
            models.UniqueConstraint(
                fields=["token"], condition=~Q(token=""), name="payment_token_once"
            ),
            models.UniqueConstraint(
                fields=["till", "provider_id"],
                condition=~Q(provider_id=""),
                name="payment_telephone_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "subject_id"], name="payment_by_subject"),
            models.Index(
                fields=["organisation_id", "expires_at"],
                name="payment_waiting_by_expiry",
                condition=Q(state__in=sorted(WAITING)),
            ),
            models.Index(
                fields=["organisation_id", "-started_at", "-id"], name="payment_newest_first"
            ),
            models.Index(fields=["till", "-started_at", "-id"], name="payment_of_till"),
            models.Index(fields=["organisation_id", "reference"], name="payment_by_reference"),
            models.Index("till", Upper("reference"), name="payment_of_till_by_reference"),
            *for_staff(),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Payment]:
        return rows_within(actor, cls.objects.filter(organisation_id=actor.organisation_id))

    @classmethod
    def of_person(cls, actor: Actor) -> QuerySet[Payment]:
        """The acting person's own."""
        known = cls.visible_to(actor).filter(person_id__isnull=False)
        return known.filter(person_id=actor.person_id)

    @classmethod
    def locked(cls, actor: Actor, payment_id: UUID) -> Payment:
        """One at a time changes a payment. Raises NoSuchPayment."""
        mine = cls.visible_to(actor).select_for_update(of=("self",))
        payment = mine.filter(id=payment_id).first()
        if payment is None:
            raise NoSuchPayment(_("There is no such payment."))
        return payment

    @classmethod
    def overdue(cls, actor: Actor, *, at: datetime) -> QuerySet[Payment]:
        """Those that still wait when their time is over, oldest first."""
        waiting = cls.visible_to(actor).filter(state__in=WAITING, expires_at__lte=at)
        return waiting.order_by("expires_at")

    @classmethod
    def unanswered(cls, actor: Actor, *, before: datetime) -> QuerySet[Payment]:
        """Those of which the processor was asked something and has said nothing yet."""
        asked = (State.AUTHORISING, State.CAPTURING)
        return cls.visible_to(actor).filter(state__in=asked, asked_at__lte=before)

    @classmethod
    def organisation_of(cls, outcome: Outcome) -> UUID | None:
        """Whose payment a processor speaks of. It serves the whole installation, so it may."""
        found = cls.objects.filter(cls._meant_by(outcome)).values_list("organisation_id", flat=True)
        return found.first()

    @classmethod
    def organisation_of_checkout(cls, reference: str) -> UUID | None:
        """The same by the checkout's name alone."""
        named = cls.objects.filter(processor_reference=reference).exclude(processor_reference="")
        return named.values_list("organisation_id", flat=True).first()

    @classmethod
    def lock_by_checkout(cls, actor: Actor, processor: str, reference: str) -> Payment | None:
        mine = cls.visible_to(actor).select_for_update(of=("self",))
        named = mine.filter(processor=processor, processor_reference=reference)
        return named.exclude(processor_reference="").first()

    @classmethod
    def lock_meant(cls, actor: Actor, outcome: Outcome) -> Payment | None:
        """The payment an outcome speaks of, locked: by the checkout's name, or else by our id."""
        meant = cls.visible_to(actor).filter(cls._meant_by(outcome)).select_for_update(of=("self",))
        found = {payment.processor_reference: payment for payment in meant.order_by("id")}
        return found.pop(outcome.reference, None) or next(iter(found.values()), None)

    @classmethod
    def _meant_by(cls, outcome: Outcome) -> Q:
        by_reference = Q(processor_reference=outcome.reference) & ~Q(processor_reference="")
        return by_reference | Q(id=outcome.payment_id) if outcome.payment_id else by_reference

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def available(self) -> Money:
        """What can still be refunded."""
        return Money(self.amount_minor - self.refunded_minor, self.currency)

    def require_open(self, at: datetime) -> None:
        """Raise AlreadySettled or PaymentExpired unless it can still be paid."""
        is_late = self.state in WAITING and self.expires_at <= at
        if self.state == State.EXPIRED or is_late:
            raise PaymentExpired(_("The time to pay is over. Start again."))
        if self.state not in WAITING:
            raise AlreadySettled(_("This payment is finished. Nothing more is to be paid on it."))

    def misfit(self, outcome: Outcome) -> Misfit | None:
        """How a processor's word contradicts what we know; None if it does not."""
        takes = outcome.word in (Word.AUTHORISED, Word.CAPTURED)
        if self.processor_reference not in ("", outcome.reference):
            return Misfit.OTHER_REFERENCE
        if takes and outcome.amount != self.amount:
            return Misfit.WRONG_AMOUNT
        return misfit_of(State(self.state), outcome.word)

    def move(self, after: State, *, at: datetime, cause: Cause | None = None) -> None:
        """Come into another state. Raises NotInThatState if none leads there."""
        if not may_follow(State(self.state), after):
            raise NotInThatState(_("This payment is not in a state that allows this."))
        self.state = after.value
        self.cause = (cause or CAUSES[after]).value if after in records.UNPAID else ""
        if after == State.CAPTURABLE:
            self.expires_at = at + CAPTURE_WITHIN
        if after in (State.AUTHORISING, State.CAPTURING):
            self.asked_at = at
        if after == State.CAPTURING:
            self.capture_asked_at = at
        if after in records.OVER:
            self.settled_at, self.prefilled = at, None
            if self.mode != Mode.MOTO_API:  # whose token has to be known as used
                self.token = ""
        self.save()
        PaymentStep.objects.create(payment=self, state=self.state, cause=self.cause, at=at)

    def learn(self, outcome: Outcome, processor: str) -> None:
        """Keep what an outcome says beside its word; `move` or the caller saves it."""
        self.processor, self.processor_reference = processor, outcome.reference
        self.three_d_secure = self.three_d_secure or outcome.three_d_secure
        if outcome.fee is not None:
            self.fee_minor = outcome.fee.minor
        if outcome.can_retry is not None:
            self.can_retry = outcome.can_retry
        if outcome.card is not None:
            self.keep_card(outcome.card)

    def keep_card(self, card: records.CardDetails) -> None:
        self.card = asdict(card)
        self.card_brand, self.cardholder = card.brand[:20], card.name[:255]
        self.first_digits, self.last_digits = card.first_digits[:6], card.last_digits[:4]

    def needs_second(self, amount: Money, *, limit: Money, person_id: UUID | None) -> bool:
        """Whether with this refund one person alone would have given back more than the limit."""
        alone = self.refund_set.filter(asked_by=person_id, approved_by=None)
        given = alone.exclude(state__in=["failed", "rejected"]).aggregate(sum=Sum("amount_minor"))
        return amount.currency != limit.currency or (given["sum"] or 0) + amount.minor > limit.minor

    def set_aside(self, amount: Money) -> None:
        """Keep part of the money for a refund. Raises NotPaid or RefundTooLarge."""
        if self.state != State.CAPTURED:
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
        """The event of its being over."""
        about: dict[str, Any] = {  # Any: the facts that both events take
            "organisation_id": self.organisation_id,
            "payment_id": self.id,
            "service": self.service,
            "subject_id": self.subject_id,
            "amount_minor": self.amount_minor,
            "currency": self.currency,
        }
        if self.state == State.CAPTURED:
            return PaymentSucceeded(**about)
        return PaymentFailed(**about, cause=Cause(self.cause))

    def record(self) -> records.Payment:
        return records.Payment(
            id=self.id,
            organisation_id=self.organisation_id,
            till_id=self.till_id,
            service=self.service,
            subject_id=self.subject_id,
            person_id=self.person_id,
            reference=self.reference,
            description=self.description,
            amount=self.amount,
            refunded=Money(self.refunded_minor, self.currency),
            state=State(self.state),
            cause=Cause(self.cause) if self.cause else None,
            can_retry=self.can_retry,
            is_live=self.is_live,
            mode=Mode(self.mode),
            source=Source(self.source),
            language=self.language,
            return_url=self.return_url,
            email=self.email,
            metadata=self.metadata,
            prefilled=_prefilled.validate_python(self.prefilled) if self.prefilled else None,
            delayed_capture=self.delayed_capture,
            moto=self.moto,
            agreement_id=self.agreement_id,
            sets_up_agreement=self.sets_up_agreement,
            agreement_kind=self.agreement_kind,
            processor=self.processor,
            processor_reference=self.processor_reference,
            card=_cards.validate_python(self.card) if self.card else None,
            three_d_secure=self.three_d_secure,
            fee=Money(self.fee_minor, self.currency) if self.fee_minor is not None else None,
            token=self.token,
            created_at=self.started_at,
            expires_at=self.expires_at,
            capture_asked_at=self.capture_asked_at,
            paid_at=self.settled_at if self.state == State.CAPTURED else None,
            settled_on=self.settled_on,
            telephone=self.telephone,
        )


class PaymentStep(models.Model):
    """When a payment came into a state."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=11)
    cause = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[PaymentStep]:
        ours = cls.objects.filter(payment__organisation_id=actor.organisation_id)
        return rows_within(actor, ours, service="payment__service")

    def record(self) -> records.Step:
        cause = Cause(self.cause) if self.cause else None
        return records.Step(state=State(self.state), cause=cause, at=self.at)
