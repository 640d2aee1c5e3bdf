"""Payment links."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from townhall.capabilities.pay import records
from townhall.capabilities.pay.models.tills import Till
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money


class Link(models.Model):
    """A page where anyone may pay. A closed one stays, for the payments that were made by it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    till = models.ForeignKey(Till, on_delete=models.PROTECT)
    title = models.CharField(max_length=230)
    details = models.CharField(max_length=500, blank=True)
    reference_label = models.CharField(max_length=50, blank=True)
    amount_minor = models.PositiveIntegerField(null=True)
    currency = models.CharField(max_length=3, default="GBP")
    language = models.CharField(max_length=2, default="en")
    slug = models.SlugField(max_length=60)
    is_open = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "slug"], name="link_slug_once"),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "-made_at", "-id"], name="link_newest_first"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Link]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def open_at(cls, actor: Actor, slug: str) -> Link | None:
        """The one at that address, if it and its till are open."""
        links = cls.visible_to(actor).select_related("till")
        return links.filter(slug=slug, is_open=True, till__is_open=True).first()

    @property
    def amount(self) -> Money | None:
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency)

    def record(self) -> records.Link:
        return records.Link(
            id=self.id,
            till_id=self.till_id,
            till_name=self.till.name,
            is_live=self.till.is_live,
            title=self.title,
            details=self.details,
            reference_label=self.reference_label,
            amount=self.amount,
            language=self.language,
            slug=self.slug,
            is_open=self.is_open,
        )
