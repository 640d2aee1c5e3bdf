"""The PDFs of letters, in one transaction with their messages: none may be lost."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import QuerySet

from townhall.capabilities.notify import records
from townhall.capabilities.notify.models.messages import Message
from townhall.machinery.actors import Actor


class Paper(models.Model):
    """One letter as it is printed. It is wiped with its message."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True)
    pdf = models.BinaryField()
    is_checked = models.BooleanField(default=False)  # ours are; one that came is looked at first

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Paper]:
        return cls.objects.filter(message__organisation_id=actor.organisation_id)

    @classmethod
    def wipe(cls, actor: Actor, *, before: datetime) -> None:
        """Delete those of finished messages."""
        finished = Message.visible_to(actor).filter(created_at__lt=before)
        cls.objects.filter(message__in=finished.exclude(Message.under_way())).delete()

    def record(self) -> records.PrintedLetter:
        person_id = self.message.person_id
        return records.PrintedLetter(id=self.message_id, person_id=person_id, pdf=bytes(self.pdf))
