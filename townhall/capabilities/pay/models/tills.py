"""Tills: what an organisation's programs take payments at."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import QuerySet

from townhall.capabilities.pay import records
from townhall.machinery.actors import Actor


class Till(models.Model):
    """Made by staff. What it may take is off until they switch it on."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=50)
    is_live = models.BooleanField()
    takes_moto = models.BooleanField(default=False)
    takes_moto_api = models.BooleanField(default=False)
    takes_recurring = models.BooleanField(default=False)
    takes_telephone_notices = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "slug"], name="till_slug_once"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Till]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    def record(self) -> records.Till:
        return records.Till(
            id=self.id,
            name=self.name,
            slug=self.slug,
            is_live=self.is_live,
            takes_moto=self.takes_moto,
            takes_moto_api=self.takes_moto_api,
            takes_recurring=self.takes_recurring,
            takes_telephone_notices=self.takes_telephone_notices,
            is_open=self.is_open,
        )
