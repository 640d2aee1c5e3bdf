"""Texts that people sent to our numbers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.capabilities.notify.models.keys import Sender
from townhall.machinery.actors import Actor


class ReceivedText(models.Model):
    """Kept as long as messages are. The supplier's id makes a repeated notice harmless."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT)
    supplier_reference = models.CharField(max_length=100, unique=True)
    to = models.CharField(max_length=20)
    by = models.CharField(max_length=20)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["sender", "-created_at", "-id"], name="received_text_newest"),
            models.Index(
                fields=["organisation_id", "-created_at", "-id"], name="received_text_of_all"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[ReceivedText]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def wipe(cls, actor: Actor, senders: list[UUID], *, before: datetime) -> None:
        old = cls.visible_to(actor).filter(created_at__lt=before)
        old.filter(sender_id__in=senders).delete()

    def record(self) -> records.ReceivedText:
        return records.ReceivedText(
            id=self.id,
            person_id=None,
            to=self.to,
            by=self.by,
            body=self.body,
            created_at=self.created_at,
        )
