"""What people have proved of who they are."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from pydantic import TypeAdapter

from townhall.capabilities.identity import records
from townhall.capabilities.identity.models.people import Person
from townhall.machinery.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was found out, as it stands in one column."""

    names: tuple[records.Name, ...]
    addresses: tuple[records.Address, ...] = ()
    passport: records.Passport | None = None
    driving_permit: records.DrivingPermit | None = None


_facts: TypeAdapter[Facts] = TypeAdapter(Facts)


class ProvenIdentity(models.Model):
    """That someone has proved who they are, to one organisation; the surest counts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    level = models.CharField(max_length=2)
    profile = models.CharField(max_length=3)
    birth_date = models.DateField()
    facts = models.JSONField()  # as Facts is dumped
    kinds = models.JSONField(default=list)  # of the evidence that was shown
    proven_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["P1", "P2", "P3"]), name="proven_identity_has_a_level"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "person", "-proven_at"], name="proven_identity_of_person"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[ProvenIdentity]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def current(cls, actor: Actor) -> QuerySet[ProvenIdentity]:
        """Those that still count, the surest first, of these the one that lasts longest."""
        counting = cls.visible_to(actor).filter(expires_at__gt=timezone.now())
        return counting.order_by("-level", "-expires_at", "-proven_at")

    def is_of_the_asker(self, actor: Actor) -> bool:
        return self.person_id == actor.person_id and actor.delegate_id is None

    @staticmethod
    def dump(facts: Facts) -> object:
        return _facts.dump_python(facts, mode="json")

    def record(self) -> records.ProvenIdentity:
        facts = _facts.validate_python(self.facts)
        return records.ProvenIdentity(
            id=self.id,
            person_id=self.person_id,
            level=records.Level(self.level),
            profile=self.profile,
            names=facts.names,
            birth_date=self.birth_date,
            addresses=facts.addresses,
            passport=facts.passport,
            driving_permit=facts.driving_permit,
            kinds=tuple(map(records.Kind, self.kinds)),
            proven_at=self.proven_at,
            expires_at=self.expires_at,
        )
