"""Messages: what was said to whom, and what became of it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.capabilities.notify.models.batches import Batch
from townhall.capabilities.notify.models.keys import Sender
from townhall.capabilities.notify.models.templates import Template
from townhall.capabilities.notify.records import KeyType, Status
from townhall.capabilities.notify.rules.stages import FAILED
from townhall.machinery.actors import Actor


@cache
def _blank() -> Message:
    return Message()


class Message(models.Model):
    """One message to one person. Its words are wiped in time, and later the row goes too."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    sender = models.ForeignKey(Sender, null=True, on_delete=models.PROTECT)  # a program's
    key_type = models.CharField(max_length=4, default=KeyType.LIVE)
    template = models.ForeignKey(Template, null=True, on_delete=models.PROTECT)  # None: came ready
    template_version = models.PositiveIntegerField(null=True)
    person_id = models.UUIDField(null=True)
    language = models.CharField(max_length=2, default="en")
    channel = models.CharField(max_length=6, default=records.Channel.EMAIL)
    to = models.CharField(max_length=800)
    origin = models.TextField(blank=True)
    units = models.PositiveSmallIntegerField(default=0)
    postage = models.CharField(max_length=13, blank=True)
    zone = models.CharField(max_length=13, default="", db_default="")  # of a text abroad
    subject = models.TextField(blank=True)
    body = models.TextField()  # filled in; Markdown if it came of a template, else plain text
    personalisation = models.JSONField(default=dict)
    attachments = models.JSONField(default=list)  # [{filename, content_type, content: base64}]
    unsubscribe_url = models.TextField(blank=True)
    reference = models.CharField(max_length=1000, blank=True)  # the sender's own
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, db_index=False)
    batch_row = models.PositiveIntegerField(null=True)  # as its file counts them
    made_by = models.CharField(max_length=200, blank=True, default="", db_default="")  # of staff
    scheduled_for = models.DateTimeField(null=True)  # None: as soon as it can be
    once_key = models.CharField(max_length=255, blank=True)  # the sender's Idempotency-Key
    once_digest = models.CharField(max_length=64, blank=True)  # of what came with it
    status = models.CharField(max_length=20, default=Status.CREATED)
    attempts = models.PositiveIntegerField(default=0)  # that failed
    supplier = models.CharField(  # who has it, or may have it
        max_length=200, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    wiped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(template=None, template_version=None)
                | Q(template__isnull=False, template_version__isnull=False),
                name="message_of_one_version",
            ),
            models.UniqueConstraint(
                fields=["sender", "key_type", "once_key"],
                condition=~Q(once_key=""),
                name="message_once",
            ),
            models.UniqueConstraint(
                fields=["batch", "batch_row"],
                condition=Q(batch__isnull=False),
                name="message_of_one_row",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="message_unsent", condition=Q(status=Status.CREATED)
            ),
            models.Index(
                fields=["sender", "key_type", "-created_at", "-id"], name="message_of_program"
            ),
            models.Index(fields=["organisation_id", "created_at", "id"], name="message_by_age"),
            models.Index(
                fields=["organisation_id", "created_at", "id"],
                name="message_failed",
                condition=Q(status__in=FAILED),
            ),
            HashIndex(Lower("to"), name="message_by_recipient", condition=~Q(to="")),
            HashIndex(
                fields=["reference"], name="message_by_reference", condition=~Q(reference="")
            ),
            models.Index(
                fields=["batch", "status"],
                name="message_of_batch",
                condition=Q(batch__isnull=False),
            ),
            models.Index(  # a program says of nobody who they are, so this costs it nothing
                fields=["person_id", "-created_at", "-id"],
                name="message_of_person",
                condition=Q(person_id__isnull=False),
            ),
            models.Index(
                fields=["organisation_id", "scheduled_for", "id"],
                name="message_scheduled",
                condition=Q(status=Status.CREATED, scheduled_for__isnull=False),
            ),
            models.Index(
                fields=["organisation_id", "created_at", "id"],
                name="message_to_print",
                condition=Q(supplier=records.PRINT_HERE, status=Status.SENDING),
            ),
        ]

    @classmethod
    def begin(cls, **values: Any) -> Message:  # Any: of whatever type the fields take
        """A new one, for a quarter of what its many fields' defaults would cost."""
        message = copy(_blank())
        message.id, message.created_at = uuid4(), timezone.now()
        message.personalisation, message.attachments = {}, []
        for name, value in values.items():
            setattr(message, name, value)
        return message

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Message]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def unsent_since(cls) -> datetime | None:
        """Since when the oldest message waits that should have been handed over."""
        waiting = cls.objects.filter(status=Status.CREATED)
        due = waiting.annotate(due_at=Coalesce("scheduled_for", "created_at"))
        oldest: datetime | None = due.aggregate(since=Min("due_at"))["since"]
        return oldest

    @classmethod
    def mark_sent(
        cls, rows: Sequence[Message], status: Status, *, supplier: str, at: datetime
    ) -> None:
        """The supplier has these, which are locked. In one statement."""
        arrived_at = at if status == Status.DELIVERED else None
        cls.objects.filter(id__in=[each.id for each in rows]).update(
            status=status, sent_at=at, completed_at=arrived_at, supplier=supplier
        )
        for each in rows:
            each.status, each.sent_at, each.completed_at = status, at, arrived_at
            each.supplier = supplier

    @classmethod
    def scheduled(cls, actor: Actor) -> QuerySet[Message]:
        """What can still be cancelled."""
        waiting = cls.visible_to(actor).filter(status=Status.CREATED)
        return waiting.filter(scheduled_for__gt=timezone.now())

    @classmethod
    def batches(cls, actor: Actor) -> QuerySet[Batch]:
        """Batches that say whether any of their messages is not handed over, as `is_waiting`."""
        waiting = cls.objects.filter(batch=OuterRef("pk"), status=Status.CREATED)
        mine = Batch.visible_to(actor).select_related("sender", "template", "key")
        return mine.annotate(is_waiting=Exists(waiting))

    @classmethod
    def count_by_status(cls, batch: Batch) -> dict[str, int]:
        """Of a batch's messages; read from an index alone once PostgreSQL has cleaned up."""
        found = cls.objects.filter(batch=batch).values("status").annotate(count=Count("*"))
        return {each["status"]: each["count"] for each in found.order_by()}

    @classmethod
    def is_of(cls, *senders: UUID | None) -> Q:
        """A message is of its program's sender, or else its template's; None is for neither."""
        theirs = Q(sender_id__in=senders) | Q(sender_id=None, template__sender_id__in=senders)
        return theirs | Q(sender_id=None, template_id=None) if None in senders else theirs

    @classmethod
    def to_print(cls, actor: Actor) -> QuerySet[Message]:
        """Letters that staff have to print and post."""
        return cls.visible_to(actor).filter(supplier=records.PRINT_HERE, status=Status.SENDING)

    @classmethod
    def told_of(cls, message_id: UUID) -> tuple[UUID, str] | None:
        """Whose a message is and which supplier has it, for suppliers that tell us of it.

        They reach a whole installation at one address.
        """
        found = cls.objects.filter(id=message_id).values_list("organisation_id", "supplier")
        return found.first()

    @classmethod
    def give(cls, message_id: UUID, *, to: str, instead_of: str) -> bool:
        """Note which supplier may have it from now on, if any; False if others were first."""
        mine = cls.objects.filter(id=message_id, status=Status.CREATED, supplier=instead_of)
        return mine.update(supplier=to) == 1

    @property
    def files(self) -> tuple[records.Attachment, ...]:
        return tuple(
            records.Attachment(
                filename=each["filename"],
                content_type=each["content_type"],
                content=base64.b64decode(each["content"]),
            )
            for each in self.attachments
        )

    def attach(self, attachments: Iterable[records.Attachment]) -> None:
        self.attachments = [
            {
                "filename": each.filename,
                "content_type": each.content_type,
                "content": base64.b64encode(each.content).decode(),
            }
            for each in attachments
        ]

    @property
    def may_be_sent_again(self) -> bool:
        return self.status == Status.TECHNICAL_FAILURE and self.wiped_at is None

    @staticmethod
    def under_way() -> Q:
        """What has still to be worked on here, so that its words are needed."""
        waiting = Q(status__in=(Status.CREATED, Status.PENDING_VIRUS_CHECK))
        return waiting | Q(status=Status.SENDING, supplier=records.PRINT_HERE)

    @classmethod
    def wipe(cls, old: QuerySet[Message]) -> int:
        """Take out of these all that is personal; say of how many."""
        return old.update(
            to="",
            origin="",
            subject="",
            body="",
            personalisation={},
            attachments=[],
            unsubscribe_url="",
            made_by="",
            reference="",
            person_id=None,
            wiped_at=timezone.now(),
        )

    def report_line(self) -> records.ReportLine:
        return records.ReportLine(
            number=self.batch_row or 0,
            to=self.to,
            values=self.personalisation,
            status=self.status,
            created_at=self.created_at,
            sent_at=self.sent_at,
            completed_at=self.completed_at,
        )

    def record(self, **also: Any) -> records.Message:  # Any: what the row does not know
        return records.Message(
            **also,
            id=self.id,
            channel=records.Channel(self.channel),
            person_id=self.person_id,
            template_id=self.template_id,
            template_version=self.template_version,
            to=self.to,
            origin=self.origin,
            units=self.units,
            postage=self.postage,
            subject=self.subject,
            body=self.body,
            language=self.language,
            reference=self.reference,
            status=Status(self.status),
            unsubscribe_url=self.unsubscribe_url,
            created_at=self.created_at,
            sent_at=self.sent_at,
            completed_at=self.completed_at,
            scheduled_for=self.scheduled_for,
            made_by=self.made_by,
            key_type=KeyType(self.key_type),
            zone=self.zone,
        )

    def letter_to_print(self) -> records.LetterToPrint:
        return records.LetterToPrint(
            id=self.id,
            person_id=self.person_id,
            to=self.to,
            pages=self.units,
            postage=self.postage,
            created_at=self.created_at,
        )
