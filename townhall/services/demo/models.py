from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from townhall.machinery.actors import Actor


class OneUseLink(models.Model):
    """A sign-in link that `make up` printed. It works once, and only in the demo."""

    key_hash = models.CharField(max_length=64, primary_key=True)  # sha256 of what the link holds
    organisation_id = models.UUIDField()
    player = models.SlugField()
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[OneUseLink]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def use(cls, organisation_id: UUID, key_hash: str) -> str | None:
        """The player whose link this is, the first time; None ever after."""
        unused = cls.objects.filter(
            organisation_id=organisation_id, key_hash=key_hash, used_at=None
        )
        if not unused.update(used_at=timezone.now()):
            return None
        return cls.objects.get(key_hash=key_hash).player


class Town(models.Model):
    """That the demo town has been made, and what its page shows programs."""

    organisation_id = models.UUIDField(primary_key=True)
    key_name = models.CharField(max_length=60)
    sender_id = models.UUIDField()  # of capabilities.notify
    template_id = models.UUIDField()  # of capabilities.notify
    made_at = models.DateTimeField(default=timezone.now)

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Town]:
        return cls.objects.filter(organisation_id=actor.organisation_id)
