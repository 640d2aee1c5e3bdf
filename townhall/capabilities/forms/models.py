"""The table of this capability: answers on their way to a service."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast

from townhall.capabilities.forms import journeys, records
from townhall.machinery.actors import Actor


class Draft(models.Model):
    """One person's answers, found by a secret that only their browser has."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    person_id = models.UUIDField(null=True)  # of capabilities.identity; once they have signed in
    journey = models.SlugField()
    key_hash = models.CharField(max_length=64, unique=True)  # sha256 of the browser's secret
    answers = models.JSONField(default=dict)  # {"postcode": "AA3 1AB", "items": {"sofa": 2}}
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    result_url = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at=None, result_url="")
                | (Q(submitted_at__isnull=False) & ~Q(result_url="")),
                name="draft_sent_leads_somewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "expires_at"], name="draft_expiring"),
            models.Index(
                fields=["person_id", "-updated_at", "-id"],
                name="draft_of_person",
                condition=Q(person_id__isnull=False),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Draft]:
        """What was begun by someone who had signed in is not shown to the next who signs in."""
        ours = cls.objects.filter(organisation_id=actor.organisation_id)
        if actor.person_id is None:
            return ours
        return ours.filter(Q(person_id=None) | Q(person_id=actor.person_id))

    @classmethod
    def alive(cls, actor: Actor, journey: str, *, secret: str, at: datetime) -> QuerySet[Draft]:
        """The draft of this secret, if it has not expired."""
        mine = cls.visible_to(actor).filter(key_hash=hash_of(secret))
        return mine.filter(journey=journey, expires_at__gt=at)

    @classmethod
    def forget_expired(cls, organisation_id: UUID, *, at: datetime, most: int) -> int:
        """Delete some that have expired; the number of them."""
        expired = cls.objects.filter(organisation_id=organisation_id, expires_at__lte=at)
        some = expired.order_by("expires_at").values("id")[:most]
        return expired.filter(id__in=some).delete()[0]

    @classmethod
    def forget(cls, organisation_id: UUID, person_id: UUID, addresses: Collection[str]) -> None:
        """Delete someone's, and those that nobody owns and one of these addresses stands in."""
        ours = cls.objects.filter(organisation_id=organisation_id)
        ours.filter(person_id=person_id).delete()
        words = ours.filter(person_id=None).annotate(words=Cast("answers", models.TextField()))
        for address in addresses:
            words.filter(words__icontains=json.dumps(address, ensure_ascii=False)).delete()

    def record(self) -> records.Draft:
        answers = records.Answers(self.answers)
        return records.Draft(
            id=self.id,
            answers=answers,
            stamp=journeys.stamp(self.id, answers),
            result_url=self.result_url,
        )


def hash_of(secret: str) -> str:
    """What is kept of a browser's secret."""
    return sha256(secret.encode()).hexdigest()
