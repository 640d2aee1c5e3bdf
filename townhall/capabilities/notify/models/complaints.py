"""Complaints of the people that we wrote to."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.capabilities.notify.models.messages import Message
from townhall.machinery.actors import Actor


class Complaint(models.Model):
    """Kept when its message is wiped: it says nothing of who complained."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="complaints")
    supplier_reference = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, blank=True)
    complained_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "supplier_reference"], name="complaint_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "-complained_at", "-id"], name="complaint_newest"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Complaint]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def keep(cls, message: Message, said: records.Complained) -> tuple[Complaint, bool]:
        """A complaint of a message, and whether it is new. None was made after now."""
        now = timezone.now()
        return cls.objects.get_or_create(
            message=message,
            supplier_reference=said.supplier_reference,
            defaults={
                "organisation_id": message.organisation_id,
                "kind": said.kind[:20],
                "complained_at": _earlier(said.made_at, now),
            },
        )

    def record(self) -> records.Complaint:
        return records.Complaint(
            id=self.id,
            message_id=self.message.id,
            person_id=self.message.person_id,
            sender=self.message.sender.name if self.message.sender else "",
            to=self.message.to,
            subject=self.message.subject,
            reference=self.message.reference,
            kind=self.kind,
            complained_at=self.complained_at,
        )


def _earlier(made_at: datetime | None, now: datetime) -> datetime:
    return min(made_at, now) if made_at else now
