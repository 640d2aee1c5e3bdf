"""How a sender goes live, and whom its messages may be tried on until then."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.capabilities.notify.models.keys import Sender
from townhall.machinery.actors import Actor


class GoingLive(models.Model):
    """One time that someone asked for a sender to go live."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="asked_to_go_live")
    emails_a_year = models.PositiveIntegerField()
    texts_a_year = models.PositiveIntegerField()
    letters_a_year = models.PositiveIntegerField()
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    is_approved = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender"], condition=Q(decided_at=None), name="going_live_asked_once"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[GoingLive]:
        mine = cls.objects.filter(sender__organisation_id=actor.organisation_id)
        return mine.select_related("sender")

    @staticmethod
    def checklist_of(sender: Sender) -> records.Checklist:
        channels = set(sender.templates.values_list("channel", flat=True).distinct())
        answers = sender.origins.filter(channel=records.Channel.EMAIL)
        return records.Checklist(
            has_template=bool(channels),
            has_reply_to=records.Channel.EMAIL not in channels or answers.exists(),
            has_team=sender.guests.filter(is_team=True).count() > 1,
        )

    def record(self) -> records.GoingLive:
        return records.GoingLive(
            id=self.id,
            sender_id=self.sender_id,
            sender=self.sender.name,
            expected={
                records.Channel.EMAIL: self.emails_a_year,
                records.Channel.SMS: self.texts_a_year,
                records.Channel.LETTER: self.letters_a_year,
            },
            asked_at=self.asked_at,
            asked_by_id=self.asked_by_id,
            decided_at=self.decided_at,
            is_approved=self.is_approved,
            reason=self.reason,
        )


class Guest(models.Model):
    """Someone whom a sender may write to in trial and with team keys."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=320, blank=True)  # in lower case
    phone = models.CharField(max_length=20, blank=True)  # as clean_phone gives it
    is_team = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "email"], condition=~Q(email=""), name="guest_email_once"
            ),
            models.UniqueConstraint(
                fields=["sender", "phone"], condition=~Q(phone=""), name="guest_phone_once"
            ),
            models.CheckConstraint(condition=~Q(email="", phone=""), name="guest_can_be_reached"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Guest]:
        return cls.objects.filter(sender__organisation_id=actor.organisation_id)

    @classmethod
    def includes(cls, sender_id: UUID, channel: str, to: str) -> bool:
        """Whether a sender's messages may be tried on this address or number."""
        theirs = cls.objects.filter(sender_id=sender_id)
        if channel == records.Channel.SMS:
            return theirs.filter(phone=to).exists()
        return theirs.filter(email=to.lower()).exists()

    @classmethod
    def known(cls, sender_id: UUID, channel: str) -> frozenset[str]:
        """All of them, as `includes` knows them."""
        column = "phone" if channel == records.Channel.SMS else "email"
        theirs = cls.objects.filter(sender_id=sender_id).exclude(**{column: ""})
        return frozenset(theirs.values_list(column, flat=True))

    def record(self) -> records.Guest:
        return records.Guest(
            id=self.id,
            person_id=None,  # whoever this is, they are not known to identity by this
            name=self.name,
            email=self.email,
            phone=self.phone,
            is_team=self.is_team,
        )
