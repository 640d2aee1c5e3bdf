"""Agreements: that further payments may be taken from a card."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from pydantic import TypeAdapter

from townhall.capabilities.pay import records
from townhall.capabilities.pay.models.tills import Till
from townhall.capabilities.pay.records import AgreementState
from townhall.machinery.actors import Actor

_cards = TypeAdapter(records.CardDetails)


class Agreement(models.Model):
    """Active once a payment that sets it up has been captured."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    till = models.ForeignKey(Till, on_delete=models.PROTECT)
    person_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=255)
    description = models.CharField(max_length=255)
    user_identifier = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=9, default=AgreementState.CREATED.value)
    instrument = models.CharField(max_length=255, blank=True)  # the processor's name for the card
    card = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    active_since = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["till", "-created_at", "-id"], name="agreement_of_till"),
            models.Index(
                fields=["organisation_id", "-created_at", "-id"], name="agreement_newest_first"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Agreement]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def locked(cls, actor: Actor, agreement_id: UUID, *, till_id: UUID) -> Agreement | None:
        mine = cls.visible_to(actor).select_for_update()
        return mine.filter(id=agreement_id, till_id=till_id).first()

    def record(self) -> records.Agreement:
        return records.Agreement(
            id=self.id,
            till_id=self.till_id,
            person_id=self.person_id,
            reference=self.reference,
            description=self.description,
            user_identifier=self.user_identifier,
            state=AgreementState(self.state),
            card=_cards.validate_python(self.card) if self.card else None,
            created_at=self.created_at,
            active_since=self.active_since,
            cancelled_at=self.cancelled_at,
        )
