"""Who comes through the organisation's own sign-in, and which roles they get for it."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from townhall.capabilities.identity import records
from townhall.capabilities.identity.models.people import Person, Role
from townhall.machinery.actors import Actor


class StaffAccount(models.Model):
    """That whom an issuer knows by one subject is a person of ours."""

    organisation_id = models.UUIDField()
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)  # OpenID Connect Core 2
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "issuer", "subject"], name="staff_account_once"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[StaffAccount]:
        return cls.objects.filter(organisation_id=actor.organisation_id)


class ClaimRole(models.Model):
    """A role for everyone of whom the sign-in says this; the value may be a group's name or id."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    value = models.CharField(max_length=200)
    role = models.ForeignKey(Role, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "value", "role"], name="claim_role_once"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[ClaimRole]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    def record(self) -> records.ClaimRole:
        return records.ClaimRole(id=self.id, value=self.value, role=self.role.record())
