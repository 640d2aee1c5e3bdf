"""What happened to messages after they were taken in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.capabilities.notify.models.messages import Message
from townhall.capabilities.notify.records import StepKind
from townhall.machinery.actors import Actor

LONGEST_WORDS = 200


class Step(models.Model):
    """One thing that happened to a message. A row never changes, and goes with its message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=16)
    by = models.CharField(max_length=80, blank=True)  # the supplier, or who asked
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)  # never an address
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["happened_at"],
                name="step_not_taken",
                condition=Q(kind=StepKind.NOT_TAKEN),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Step]:
        return cls.objects.filter(message__organisation_id=actor.organisation_id)

    @classmethod
    def note(cls, message: Message, kind: StepKind, *, by: str = "", words: str = "") -> None:
        cls.objects.create(message=message, kind=kind, by=by, words=words[:LONGEST_WORDS])

    @classmethod
    def note_all(cls, messages: Iterable[Message], kind: StepKind, *, by: str) -> None:
        Step.objects.bulk_create([Step(message=each, kind=kind, by=by) for each in messages])

    @classmethod
    def not_taken_since(cls, actor: Actor, moment: datetime) -> QuerySet[Step]:
        return cls.visible_to(actor).filter(kind=StepKind.NOT_TAKEN, happened_at__gte=moment)

    def record(self) -> records.Step:
        return records.Step(
            kind=StepKind(self.kind), at=self.happened_at, by=self.by, words=self.words
        )
