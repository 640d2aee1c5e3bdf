"""Who lets whom act for them, in which services and until when."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from townhall.capabilities.identity import records
from townhall.capabilities.identity.models.people import Person
from townhall.machinery.actors import Actor


class Delegation(models.Model):
    """It begins when the one who was asked says yes, and ends by itself."""

    CURRENT = Q(ended_at=None, ends_at__gt=Now())

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="delegations")
    delegate = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, related_name="delegated"
    )
    email = models.EmailField()  # who was asked; in lower case
    services = ArrayField(models.SlugField())
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delegate=None, accepted_at=None)
                | Q(delegate__isnull=False, accepted_at__isnull=False),
                name="delegation_accepted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(delegate=None) | ~Q(delegate=models.F("person")),
                name="delegation_to_another",
            ),
        ]
        indexes = [
            models.Index(fields=["email", "made_at"], name="delegation_by_address"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Delegation]:
        """Those that the acting person made, or said yes to."""
        mine = Q(person_id=actor.person_id) | Q(delegate_id=actor.person_id)
        ours = cls.objects.filter(organisation_id=actor.organisation_id)
        return ours.filter(mine) if actor.person_id else ours.none()

    @classmethod
    def offered_to(cls, actor: Actor) -> QuerySet[Delegation]:
        """Those that wait for the acting person's yes, by the address they have proved."""
        if actor.person_id is None:
            return cls.objects.none()
        addresses = Person.objects.filter(id=actor.person_id).values("email")
        ours = cls.objects.filter(organisation_id=actor.organisation_id, delegate=None)
        return ours.filter(cls.CURRENT, email__in=addresses).exclude(person_id=actor.person_id)

    def record(self) -> records.Delegation:
        """Needs both persons to be selected."""
        return records.Delegation(
            id=self.id,
            person_id=self.person_id,
            person=self.person.name,
            delegate_id=self.delegate_id,
            delegate=self.delegate.name if self.delegate else self.email,
            services=frozenset(self.services),
            made_at=self.made_at,
            ends_at=self.ends_at,
            accepted_at=self.accepted_at,
            ended_at=self.ended_at,
        )
