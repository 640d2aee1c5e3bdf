"""The keys of programs that ask for what is not a capability's own API. None is kept itself."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from townhall.capabilities.identity import records
from townhall.machinery.actors import Actor, Permission


class ProgramKey(models.Model):
    """A program may have two for a while, so that it can change from one to the other."""

    CURRENT = Q(revoked_at=None, ends_at__gt=Now())

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    program = models.SlugField()  # stands in the audit trail
    digest = models.CharField(max_length=64, unique=True)
    ends_with = models.CharField(max_length=4)
    permissions = ArrayField(models.CharField(max_length=80))
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.UUIDField(null=True)
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "program"], name="program_key_by_program"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[ProgramKey]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def in_use_first(cls, actor: Actor) -> QuerySet[ProgramKey]:
        return cls.visible_to(actor).order_by(
            F("revoked_at").desc(nulls_first=True), "program", "-created_at"
        )

    def record(self) -> records.ProgramKey:
        return records.ProgramKey(
            id=self.id,
            program=self.program,
            ends_with=self.ends_with,
            permissions=frozenset(map(Permission, self.permissions)),
            created_at=self.created_at,
            ends_at=self.ends_at,
            revoked_at=self.revoked_at,
            last_used_on=self.last_used_on,
        )


def checksum_secret() -> str:
    return f"identity.program_keys:{settings.SECRET_KEY}"
