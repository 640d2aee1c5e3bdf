"""Webhooks: the addresses of programs that are told, and each thing that they are told."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from townhall.capabilities.pay import records
from townhall.capabilities.pay.models.tills import Till
from townhall.capabilities.pay.records import WebhookEvent
from townhall.machinery.actors import Actor
from townhall.machinery.secrets import hide, reveal

SECRETS = "pay.webhooks"  # what they are hidden for; another word, and none is read again


class Webhook(models.Model):
    """Where a till's program is told, of what, and the secret that proves that it was us."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    till = models.ForeignKey(Till, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=255, blank=True)
    events = ArrayField(models.CharField(max_length=30))
    secret = models.BinaryField()
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=timezone.now)

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Webhook]:
        return cls.objects.filter(till__organisation_id=actor.organisation_id)

    def hide(self, secret: str) -> None:
        self.secret = hide(secret, purpose=SECRETS)

    def reveal(self) -> str:
        return reveal(self.secret, purpose=SECRETS)

    def record(self) -> records.Webhook:
        return records.Webhook(
            id=self.id,
            till_id=self.till_id,
            url=self.url,
            description=self.description,
            events=tuple(WebhookEvent(each) for each in self.events),
            is_active=self.is_active,
            made_at=self.made_at,
        )


class WebhookMessage(models.Model):
    """One thing to tell one webhook. Its body is personal data: it goes once it is taken."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="messages")
    event = models.CharField(max_length=30)
    about = models.UUIDField()  # the payment
    body = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)  # that failed
    last_answer = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(null=True)  # when it is tried again
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(given_up_at=None),
                name="webhook_message_one_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["webhook", "-created_at", "-id"], name="webhook_message_newest"),
            models.Index(
                fields=["webhook", "-created_at", "-id"],
                name="webhook_message_failed",
                condition=Q(attempts__gt=0, delivered_at=None),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[WebhookMessage]:
        return cls.objects.filter(webhook__till__organisation_id=actor.organisation_id)

    @classmethod
    def due(cls, actor: Actor) -> QuerySet[WebhookMessage]:
        return cls.visible_to(actor).filter(delivered_at=None, given_up_at=None)

    @classmethod
    def failed(cls, actor: Actor) -> QuerySet[WebhookMessage]:
        """Those that were not taken yet, or never will be."""
        return cls.visible_to(actor).filter(attempts__gt=0, delivered_at=None)

    @classmethod
    def locked(cls, actor: Actor, message_id: UUID) -> WebhookMessage | None:
        mine = cls.visible_to(actor).select_for_update(of=("self",))
        return mine.select_related("webhook").filter(id=message_id).first()

    def record(self) -> records.WebhookMessage:
        return records.WebhookMessage(
            id=self.id,
            webhook_id=self.webhook_id,
            event=WebhookEvent(self.event),
            payment_id=self.about,
            attempts=self.attempts,
            last_answer=self.last_answer,
            created_at=self.created_at,
            next_at=self.next_at,
            delivered_at=self.delivered_at,
            given_up_at=self.given_up_at,
        )
