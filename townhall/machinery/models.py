"""The machinery's own tables: what was done, what happened, who has heard of it, what was set."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from townhall.machinery.actors import Actor
from townhall.machinery.personal import Personal


class AuditEntry(models.Model):
    """One write, or one read of personal data, by one actor. Ids only: nothing is copied here."""

    READ = "read"
    WRITE = "write"

    organisation_id = models.UUIDField()
    actor = models.CharField(max_length=80)
    person_id = models.UUIDField(null=True)  # who acted, where a person did
    delegate_id = models.UUIDField(null=True)  # who acted for them, where someone did
    kind = models.CharField(max_length=5)
    action = models.CharField(max_length=80)  # "pay.refund_payment"
    subject_id = models.CharField(max_length=36, blank=True)
    concerns = ArrayField(models.UUIDField(), default=list)  # the persons it is about
    done_at = models.DateTimeField(default=timezone.now)
    seal = models.BinaryField(null=True)  # sha256 over the seal before and this row

    class Meta:
        indexes = [
            GinIndex(fields=["concerns"], name="audit_by_person_concerned"),
            models.Index(fields=["id"], name="audit_unsealed", condition=Q(seal=None)),
            models.Index(fields=["subject_id"], name="audit_by_subject"),
            models.Index(fields=["organisation_id", "id"], name="audit_by_organisation"),
            models.Index(  # who of the staff uses what they may do
                fields=["person_id", "action", "done_at"],
                name="audit_by_staff",
                condition=Q(actor__startswith="staff:"),
            ),
        ]

    @classmethod
    def of(cls, actor: Actor, action: str, *, kind: str) -> AuditEntry:
        return cls(
            organisation_id=actor.organisation_id,
            actor=actor.name,
            person_id=actor.person_id,
            delegate_id=actor.delegate_id,
            kind=kind,
            action=action,
            concerns=[],
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[AuditEntry]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    def concern(self, records: Sequence[Personal]) -> None:
        """Add the persons whose records these are."""
        known = set(self.concerns)
        for record in records:
            known |= record.persons
        self.concerns = sorted(known)


class RecordedEvent(models.Model):
    """The outbox: every event ever emitted, in the transaction that made it true."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    organisation_id = models.UUIDField()
    name = models.CharField(max_length=80)
    facts = models.JSONField()
    happened_at = models.DateTimeField()

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[RecordedEvent]:
        return cls.objects.filter(organisation_id=actor.organisation_id)


class Delivery(models.Model):
    """One event, for one handler: to be delivered, or delivered once and for all."""

    event = models.ForeignKey(RecordedEvent, on_delete=models.CASCADE)
    handler = models.CharField(max_length=160)
    attempts = models.PositiveIntegerField(default=0)  # that failed
    last_error = models.CharField(max_length=200, blank=True)  # kind and place, never a message
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="delivered_once"),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="delivery_failing",
                condition=Q(delivered_at=None, attempts__gt=0),
            ),
        ]


class TaskFailure(models.Model):
    """Why a queued task last failed; the queue itself keeps only that it did."""

    job_id = models.BigIntegerField(primary_key=True)
    error = models.CharField(max_length=200)  # kind and place, never a message
    failed_at = models.DateTimeField(default=timezone.now)


class DialValue(models.Model):
    """What an organisation has set one dial to; no row means the default."""

    organisation_id = models.UUIDField()
    owner = models.SlugField()
    name = models.SlugField()
    value = models.JSONField()  # as the dial's own type dumps it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "owner", "name"], name="dial_set_once"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[DialValue]:
        return cls.objects.filter(organisation_id=actor.organisation_id)


class StoredFile(models.Model):
    """A file that someone gave us; its bytes lie in the default storage under `path`."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=100)  # as sniffed, not as claimed
    size = models.PositiveIntegerField()
    scanned = models.BooleanField()  # by clamd, and clean
    path = models.CharField(max_length=200)
    stored_at = models.DateTimeField(default=timezone.now)

    @classmethod
    def of_organisation(cls, organisation_id: UUID) -> QuerySet[StoredFile]:
        return cls.objects.filter(organisation_id=organisation_id)

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[StoredFile]:
        return cls.of_organisation(actor.organisation_id)
