"""Settlements: what processors have paid out, line by line, beside what is ours of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import connection, models
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.pay import records
from townhall.capabilities.pay.errors import NotInThatState
from townhall.capabilities.pay.models.disputes import Dispute
from townhall.capabilities.pay.models.notices import Notice
from townhall.capabilities.pay.models.payments import Payment
from townhall.capabilities.pay.models.refunds import Refund
from townhall.capabilities.pay.records import LineState, Mismatch, Mode, State
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money

MISSING = "missing/"  # how the ids begin of lines that stand for what no report has


class Settlement(models.Model):
    """An organisation's part of one payout, as one reading of the report had it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    processor = models.CharField(max_length=20)
    payout = models.CharField(max_length=100)
    paid_out_on = models.DateField()
    is_live = models.BooleanField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation_id", "-paid_out_on", "-id"], name="settlement_newest"
            ),
            models.Index(fields=["processor", "-paid_out_on"], name="settlement_of_processor"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Settlement]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def counted(cls, actor: Actor) -> QuerySet[Settlement]:
        """With how many lines each has, which is counted for those of a page alone."""
        lines = SettlementLine.objects.filter(settlement=OuterRef("pk")).order_by()
        count = lines.values("settlement").annotate(count=Count("pk"))
        unmatched = count.filter(state=LineState.UNMATCHED)
        return cls.visible_to(actor).annotate(
            line_count=Coalesce(Subquery(count.values("count")), 0),
            unmatched_count=Coalesce(Subquery(unmatched.values("count")), 0),
        )

    @classmethod
    def last_of(cls, processor: str) -> date | None:
        """The day of the last payout that was read, for whichever organisation."""
        read = cls.objects.filter(processor=processor)
        last: date | None = read.aggregate(last=Max("paid_out_on"))["last"]
        return last

    @staticmethod
    def one_reader(processor: str) -> None:
        """Whoever reads the same processor's report waits until this transaction is over."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"settle/{processor}"]
            )

    def record(self) -> records.Settlement:
        """Of one that was `counted`."""
        return records.Settlement(
            id=self.id,
            processor=self.processor,
            payout=self.payout,
            paid_out_on=self.paid_out_on,
            is_live=self.is_live,
            net=Money(self.net_minor, self.currency),
            lines=getattr(self, "line_count", 0),
            unmatched=getattr(self, "unmatched_count", 0),
        )


class SettlementLine(models.Model):
    """One line of a report, once; or what no report has had for too long, without a settlement."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    settlement = models.ForeignKey(
        Settlement, on_delete=models.PROTECT, null=True, related_name="lines"
    )
    processor = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=10)
    reference = models.CharField(max_length=100)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="lines")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, related_name="lines")
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, null=True, related_name="lines")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="lines")
    is_live = models.BooleanField()
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    difference_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=9)
    cause = models.CharField(max_length=12, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=500, blank=True)
    explained_by = models.UUIDField(null=True)
    explained_at = models.DateTimeField(null=True)
    written_off = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["processor", "provider_id"], name="line_read_once"),
            models.CheckConstraint(
                condition=Q(state="matched", cause="", difference_minor=0)
                | (Q(state__in=["unmatched", "explained"]) & ~Q(cause="")),
                name="line_unmatched_for_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(state="explained", explained_at__isnull=False) & ~Q(reason="")
                | Q(explained_at=None, reason="", written_off=False) & ~Q(state="explained"),
                name="line_explained_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "found_at", "id"],
                name="line_unmatched",
                condition=Q(state="unmatched"),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[SettlementLine]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def unread(
        cls, processor: str, lines: Iterable[records.SettlementLine]
    ) -> list[records.SettlementLine]:
        """Those that no reading before has had, for whichever organisation; each once."""
        by_id = {line.id: line for line in lines}
        read = cls.objects.filter(processor=processor, provider_id__in=list(by_id))
        known = set(read.values_list("provider_id", flat=True))
        return [line for name, line in by_id.items() if name not in known]

    @classmethod
    def owners(cls, processor: str, lines: Sequence[records.SettlementLine]) -> dict[str, UUID]:
        """Whose each line is, by its id, as far as we know. A report serves the installation."""
        named = [line.reference for line in lines]
        ours = [line.ours for line in lines if line.ours]
        found: dict[str, UUID] = {}
        for rows in (
            Dispute.objects.filter(processor_reference__in=named, payment__processor=processor),
            Notice.objects.filter(
                processor_reference__in=named, processor=processor, brought_money=True
            ),
            Refund.objects.filter(processor_reference__in=named),
            Payment.objects.filter(processor_reference__in=named, processor=processor),
        ):
            found |= dict(rows.values_list("processor_reference", "organisation_id"))
        for mine in (Refund.objects.filter(id__in=ours), Payment.objects.filter(id__in=ours)):
            found |= {str(name): of for name, of in mine.values_list("id", "organisation_id")}
        whose = (
            (line.id, found.get(str(line.ours)) or found.get(line.reference)) for line in lines
        )
        return {name: of for name, of in whose if of}

    @classmethod
    def missing(cls, actor: Actor, *, before: datetime, processors: list[str]) -> QuerySet[Payment]:
        """Payments that were taken before then, and that no line is about."""
        taken = Payment.visible_to(actor).filter(
            state=State.CAPTURED, settled_at__lt=before, settled_on=None, processor__in=processors
        )
        return taken.exclude(mode=Mode.EXTERNAL).filter(lines=None).order_by("settled_at")

    @classmethod
    def missing_refunds(
        cls, actor: Actor, *, before: datetime, processors: list[str]
    ) -> QuerySet[Refund]:
        given = Refund.visible_to(actor).filter(
            state=records.RefundState.SUCCEEDED, settled_at__lt=before, settled_on=None
        )
        by_these = Q(payment__processor__in=processors) | Q(notice__processor__in=processors)
        found = given.filter(by_these, lines=None).select_related("payment", "notice")
        return found.order_by("settled_at")

    @classmethod
    def found(cls, about: Payment | Refund) -> None:
        """What was missing has come: nobody has to explain it any more."""
        waiting = cls.objects.filter(provider_id=f"{MISSING}{about.id}", state=LineState.UNMATCHED)
        waiting.update(state=LineState.MATCHED, cause="", difference_minor=0)

    @property
    def difference(self) -> Money:
        return Money(self.difference_minor, self.currency)

    def leave_out_what_came_since(self) -> None:
        """What entered the ledger after the report was read is no difference any more."""
        if self.cause != Mismatch.NOT_PAID or self.payment is None:
            return
        paid = self.payment
        if paid.state == State.CAPTURED:
            self.difference_minor -= paid.amount_minor - (paid.fee_minor or 0)
        brought = Notice.objects.filter(payment=paid, brought_money=True)
        self.difference_minor -= sum(brought.values_list("amount_minor", flat=True))
        self.save(update_fields=["difference_minor"])

    def explain(self, reason: str, by: UUID | None, *, written_off: bool, at: datetime) -> None:
        """Raises NotInThatState if there is nothing to explain any more."""
        if self.state != LineState.UNMATCHED:
            raise NotInThatState(_("This line has been explained already, or has been found."))
        self.state, self.reason = LineState.EXPLAINED.value, reason[:500]
        self.explained_by, self.explained_at, self.written_off = by, at, written_off
        self.save(update_fields=["state", "reason", "explained_by", "explained_at", "written_off"])

    def record(self) -> records.StoredLine:
        """Of one that was read with its settlement."""
        return records.StoredLine(
            id=self.id,
            processor=self.processor,
            payout=self.settlement.payout if self.settlement else "",
            kind=self.kind,
            reference=self.reference,
            payment_id=self.payment_id,
            refund_id=self.refund_id,
            dispute_id=self.dispute_id,
            amount=Money(self.amount_minor, self.currency),
            fee=Money(self.fee_minor, self.currency),
            difference=self.difference,
            state=LineState(self.state),
            cause=Mismatch(self.cause) if self.cause else None,
            found_at=self.found_at,
            reason=self.reason,
            explained_by=self.explained_by,
            explained_at=self.explained_at,
            written_off=self.written_off,
        )
