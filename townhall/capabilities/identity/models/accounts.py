"""What someone has asked for their own account, and has not been done yet."""

from __future__ import annotations

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from townhall.capabilities.identity import records
from townhall.capabilities.identity.models.people import Person
from townhall.machinery.actors import Actor


class EmailChange(models.Model):
    """That someone wants another email address, once they have shown that it is theirs."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True)
    email = models.EmailField()  # in lower case
    code_digest = models.CharField(max_length=64)
    sent = models.PositiveSmallIntegerField(default=1)  # codes, since `since`
    since = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)  # of the newest code
    asked_at = models.DateTimeField(default=timezone.now)

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[EmailChange]:
        """One's own, at any organisation."""
        return cls.objects.filter(person_id=actor.person_id)


class Erasure(models.Model):
    """That someone wants their account deleted. It goes with the person."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(db_index=True)  # until then they may change their mind

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Erasure]:
        """One's own, at any organisation."""
        return cls.objects.filter(person_id=actor.person_id)

    def record(self) -> records.Erasure:
        return records.Erasure(person_id=self.person_id, asked_at=self.asked_at, due_at=self.due_at)
