"""Organisations; what one says of itself are its dials."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from townhall.capabilities.identity import dials
from townhall.machinery import organisations
from townhall.machinery.actors import Actor
from townhall.machinery.database.prepared import from_json
from townhall.machinery.dials import adapters_of
from townhall.machinery.models import DialValue


class Organisation(models.Model):
    """A council, agency, trust or employer; what it says of itself are its dials."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    slug = models.SlugField(unique=True)
    hosts = ArrayField(models.CharField(max_length=253), default=list, blank=True)  # lower case
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [GinIndex(fields=["hosts"], name="organisation_by_host")]

    @classmethod
    def with_dials(cls) -> QuerySet[Organisation]:
        """All of them, each with what it has set, in one statement."""
        values = DialValue.objects.filter(owner=dials.OWNER, organisation_id=OuterRef("id"))
        pairs = values.values(json=JSONObject(name="name", value="value"))
        return cls.objects.annotate(dial_values=ArraySubquery(pairs))

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Organisation]:
        return cls.objects.filter(id=actor.organisation_id)

    def record(self) -> organisations.Organisation:
        """Needs `with_dials`."""
        pairs = from_json(getattr(self, "dial_values"))  # noqa: B009  # annotated
        adapters = adapters_of(dials.OrganisationDials)
        known = {pair["name"]: pair["value"] for pair in pairs if pair["name"] in adapters}
        set_to = dials.OrganisationDials(
            **{name: adapters[name].validate_python(value) for name, value in known.items()}
        )
        return organisations.Organisation(
            id=self.id,
            slug=self.slug,
            name=set_to.name,
            colour=set_to.colour,
            logo_url=reverse("identity:logo", args=[set_to.logo]) if set_to.logo else "",
            contact=set_to.contact,
            passkey_roles=set_to.passkey_roles,
            trusted_days=set_to.trusted_days,
            address=f"https://{self.hosts[0]}" if self.hosts else settings.BASE_URL,
        )
