"""Batches, and the rows of their lists until they are messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.capabilities.notify.models.keys import ApiKey, Sender
from townhall.capabilities.notify.models.templates import Template
from townhall.capabilities.notify.records.batches import BatchState, ListRow
from townhall.capabilities.notify.rules.phones import is_abroad
from townhall.machinery.actors import Actor

CHUNK = 500  # rows that become messages at once
GOING_ON = (BatchState.SCHEDULED, BatchState.RUNNING)
NOT_OVER = (*GOING_ON, BatchState.PAUSED)
WAITS_FOR_SOMEBODY = (BatchState.CHECKED, BatchState.PAUSED)


class Batch(models.Model):
    """One version of a template for everyone in a list. The row stays, to say what was sent."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT)
    key_type = models.CharField(max_length=4, default=records.KeyType.LIVE)
    key = models.ForeignKey(  # of the program that answers for it; None: staff do
        ApiKey, null=True, on_delete=models.PROTECT, db_index=False
    )
    template = models.ForeignKey(Template, on_delete=models.PROTECT)
    template_version = models.PositiveIntegerField()
    origin = models.TextField(blank=True)
    name = models.CharField(max_length=255)  # of the file
    reference = models.CharField(max_length=1000, blank=True)  # of each message
    row_count = models.PositiveIntegerField()
    made_count = models.PositiveIntegerField(default=0)  # rows that are messages by now
    abroad_left = models.PositiveIntegerField(default=0, db_default=0)  # texts not made yet
    state = models.CharField(max_length=9)
    starts_at = models.DateTimeField()
    counted_on = models.DateField(null=True)  # None: the day that it starts on
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=200)
    is_by_staff = models.BooleanField(default=False)
    once_key = models.CharField(max_length=255, blank=True)  # the sender's Idempotency-Key
    once_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(made_count__lte=F("row_count")), name="batch_made_of_its_rows"
            ),
            models.UniqueConstraint(
                fields=["sender", "key_type", "once_key"],
                condition=~Q(once_key=""),
                name="batch_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "-made_at", "-id"], name="batch_newest"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Batch]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def locked(cls, actor: Actor, batch_id: UUID) -> Batch | None:
        mine = cls.visible_to(actor).select_for_update(of=("self",))
        return mine.select_related("sender", "template", "key").filter(id=batch_id).first()

    @classmethod
    def expire(cls, actor: Actor, *, before: datetime) -> None:
        """Cancel what was to begin before then and nobody sends; forget its rows."""
        old = cls.visible_to(actor).filter(starts_at__lt=before, state__in=WAITS_FOR_SOMEBODY)
        locked = old.select_for_update().order_by("id").values_list("id", flat=True)
        ids = list(locked)  # or one could be resumed before it is cancelled, and have no rows
        BatchChunk.objects.filter(batch__in=ids).delete()
        cls.objects.filter(id__in=ids).update(state=BatchState.CANCELLED)

    @property
    def chunk(self) -> int:
        """The number of the chunk whose turn it is."""
        return self.made_count // CHUNK

    @property
    def day(self) -> date:
        """The day (UTC) whose limit it counts towards."""
        return self.counted_on or self.starts_at.astimezone(UTC).date()

    @property
    def left(self) -> dict[str, int]:
        """How many rows are not messages yet; by what the day's limits are of."""
        left = {self.template.channel: self.row_count - self.made_count}
        return left | {records.ABROAD: self.abroad_left}

    @property
    def is_key_revoked(self) -> bool:
        return self.key is not None and self.key.revoked_at is not None

    def count_abroad(self, rows: Sequence[ListRow]) -> int:
        """How many of them are texts to other countries."""
        is_text = self.template.channel == records.Channel.SMS
        return sum(is_abroad(each.to) for each in rows) if is_text else 0

    def keep(self, rows: Sequence[ListRow]) -> bool:
        """Store the batch with the rows of its list, in a few large statements.

        False if another of the same Idempotency-Key is there.
        """
        self.row_count, self.abroad_left = len(rows), self.count_abroad(rows)
        Batch.objects.bulk_create([self], ignore_conflicts=True)
        if self.once_key and not Batch.objects.filter(id=self.id).exists():
            return False
        BatchChunk.objects.bulk_create(
            (
                BatchChunk(batch=self, number=first // CHUNK, rows=_packed(rows, first))
                for first in range(0, len(rows), CHUNK)
            ),
            batch_size=20,
        )
        return True

    def list_rows(self) -> Iterator[ListRow]:
        """Those that are not messages."""
        for chunk in BatchChunk.objects.filter(batch=self).order_by("number").iterator(1):
            yield from chunk.list_rows()

    def forget_rows(self) -> None:
        """Those that are not messages."""
        BatchChunk.objects.filter(batch=self).delete()

    def record(self) -> records.Batch:
        return records.Batch(
            id=self.id,
            name=self.name,
            reference=self.reference,
            sender=self.sender.name,
            channel=self.template.channel,
            template_id=self.template_id,
            template_version=self.template_version,
            template_title=self.template.title,
            state=BatchState(self.state),
            row_count=self.row_count,
            made_count=self.made_count,
            starts_at=self.starts_at,
            made_at=self.made_at,
            made_by=self.made_by,
            is_key_revoked=self.is_key_revoked,
            is_waiting=getattr(self, "is_waiting", False),  # annotated
        )


class BatchChunk(models.Model):
    """Up to CHUNK rows of a batch's list. It goes in the transaction that makes messages of them.

    Two hundred of these are written in a tenth of the time of a hundred thousand rows with their
    keys, and read and deleted one at a time all the same.
    """

    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, related_name="chunks", db_index=False
    )
    number = models.PositiveIntegerField()
    rows = models.JSONField()  # [[number, to, {placeholder: value}, postage]]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="batch_chunk_once"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[BatchChunk]:
        return cls.objects.filter(batch__organisation_id=actor.organisation_id)

    def list_rows(self) -> list[ListRow]:
        return [
            ListRow(number=number, to=to, values=values, postage=postage)
            for number, to, values, postage in self.rows
        ]


def _packed(rows: Sequence[ListRow], first: int) -> list[list[object]]:
    return [
        [each.number, each.to, each.values, each.postage] for each in rows[first : first + CHUNK]
    ]
