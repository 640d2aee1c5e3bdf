"""The keys of programs. A key itself is never kept."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, QuerySet
from django.utils import timezone

from townhall.capabilities.pay import records
from townhall.capabilities.pay.models.tills import Till
from townhall.machinery.actors import Actor


class ApiKey(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    till = models.ForeignKey(Till, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    ends_with = models.CharField(max_length=4)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[ApiKey]:
        return cls.objects.filter(till__organisation_id=actor.organisation_id)

    @classmethod
    def in_use_first(cls, actor: Actor) -> QuerySet[ApiKey]:
        return cls.visible_to(actor).order_by(F("revoked_at").desc(nulls_first=True), "created_at")

    def record(self) -> records.ApiKey:
        return records.ApiKey(
            id=self.id,
            till_id=self.till_id,
            name=self.name,
            ends_with=self.ends_with,
            created_at=self.created_at,
            revoked_at=self.revoked_at,
            last_used_on=self.last_used_on,
        )


def checksum_secret() -> str:
    return f"pay.api_keys:{settings.SECRET_KEY}"
