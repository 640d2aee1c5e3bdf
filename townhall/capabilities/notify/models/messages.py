"""Messages: what was said to whom, and what became of it."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.capabilities.notify.models.keys import Sender
from townhall.capabilities.notify.models.templates import Template
from townhall.capabilities.notify.records import KeyType, Status
from townhall.machinery.actors import Actor


class Message(models.Model):
    """One message to one person. Its words are wiped in time; the row stays, to be counted."""

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
    postage = models.CharField(max_length=10, blank=True)
    subject = models.TextField(blank=True)
    body = models.TextField()  # filled in; Markdown if it came of a template, else plain text
    personalisation = models.JSONField(default=dict)
    attachments = models.JSONField(default=list)  # [{filename, content_type, content: base64}]
    unsubscribe_url = models.TextField(blank=True)
    reference = models.CharField(max_length=1000, blank=True)  # the sender's own
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
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="message_unsent", condition=Q(status=Status.CREATED)
            ),
            models.Index(
                fields=["sender", "key_type", "-created_at", "-id"], name="message_of_program"
            ),
            models.Index(
                fields=["organisation_id", "created_at"],
                name="message_unwiped",
                condition=Q(wiped_at=None),
            ),
            models.Index(
                fields=["organisation_id", "created_at", "id"],
                name="message_to_print",
                condition=Q(supplier=records.PRINT_HERE, status=Status.SENDING),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Message]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def unsent(cls) -> QuerySet[Message]:
        return cls.objects.filter(status=Status.CREATED)

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

    @staticmethod
    def under_way() -> Q:
        """What has still to be worked on here, so that its words are needed."""
        waiting = Q(status__in=(Status.CREATED, Status.PENDING_VIRUS_CHECK))
        return waiting | Q(status=Status.SENDING, supplier=records.PRINT_HERE)

    @classmethod
    def wipe(cls, actor: Actor, *, before: datetime) -> int:
        """Take out of finished messages all that is personal; say of how many."""
        old = cls.visible_to(actor).filter(wiped_at=None, created_at__lt=before)
        return old.exclude(cls.under_way()).update(
            to="",
            origin="",
            subject="",
            body="",
            personalisation={},
            attachments=[],
            unsubscribe_url="",
            wiped_at=timezone.now(),
        )

    def record(self) -> records.Message:
        return records.Message(
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
