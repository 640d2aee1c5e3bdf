"""Callbacks: the addresses of programs that are told, and each thing that they are told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.capabilities.notify.models.keys import SECRETS, Sender
from townhall.machinery.actors import Actor
from townhall.machinery.secrets import hide, reveal


class Callback(models.Model):
    """Where a sender's program is told, and what it knows us by. Its token is encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="callbacks")
    kind = models.CharField(max_length=13)
    url = models.CharField(max_length=2000)
    token = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "kind", "url"], name="callback_once"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Callback]:
        return cls.objects.filter(sender__organisation_id=actor.organisation_id)

    @classmethod
    def counted(cls, actor: Actor) -> QuerySet[Callback]:
        """With the number of things that each was not told, as `failed`."""
        failed = Count("deliveries", filter=Q(deliveries__given_up_at__isnull=False))
        return cls.visible_to(actor).select_related("sender").annotate(failed=failed)

    def hide(self, token: str) -> None:
        self.token = hide(token, purpose=SECRETS)

    def reveal(self) -> str:
        return reveal(self.token, purpose=SECRETS)

    def record(self) -> records.Callback:
        return records.Callback(
            id=self.id,
            sender=self.sender.name,
            kind=records.CallbackKind(self.kind),
            url=self.url,
            made_at=self.made_at,
            failed=getattr(self, "failed", 0),
        )


class CallbackDelivery(models.Model):
    """One thing to tell one callback. Its body is personal data: it goes once it is taken."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    callback = models.ForeignKey(Callback, on_delete=models.CASCADE, related_name="deliveries")
    about = models.UUIDField()  # the message, the received text or the complaint
    body = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)  # that failed
    last_answer = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["callback", "about"], name="callback_told_once"),
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(given_up_at=None), name="callback_one_outcome"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="callback_delivery_unwiped"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[CallbackDelivery]:
        return cls.objects.filter(callback__sender__organisation_id=actor.organisation_id)

    @classmethod
    def due(cls, actor: Actor) -> QuerySet[CallbackDelivery]:
        return cls.visible_to(actor).filter(delivered_at=None, given_up_at=None)

    @classmethod
    def locked(cls, actor: Actor, delivery_id: UUID) -> CallbackDelivery | None:
        mine = cls.visible_to(actor).select_for_update(of=("self",))
        return mine.select_related("callback").filter(id=delivery_id).first()

    @classmethod
    def wipe(cls, actor: Actor, senders: list[UUID], *, before: datetime) -> None:
        old = cls.visible_to(actor).filter(created_at__lt=before)
        old.filter(callback__sender_id__in=senders).delete()

    def record(self) -> records.CallbackDelivery:
        return records.CallbackDelivery(
            id=self.id,
            callback_id=self.callback_id,
            kind=records.CallbackKind(self.callback.kind),
            url=self.callback.url,
            about=self.about,
            attempts=self.attempts,
            last_answer=self.last_answer,
            created_at=self.created_at,
            delivered_at=self.delivered_at,
            given_up_at=self.given_up_at,
        )
