"""Slots on calendars, and the places taken in them.

Every change of `taken` is relative and in one statement, so that it is exact however many ask at
once. Who waits for both a booking and a slot locks the booking first, and slots in order of id.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from townhall.capabilities.bookings import records
from townhall.capabilities.bookings.records import State
from townhall.capabilities.bookings.rules import Hours
from townhall.machinery.actors import Actor


class Slot(models.Model):
    """A stretch of time on a calendar that can take so many bookings.

    `offered` is what its rule offers, 0 once the day is closed. `capacity` is the same, or more
    while more than that are still taken: a place given back above the offer is not offered again.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    calendar = models.SlugField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    offered = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")), name="slot_never_overbooked"
            ),
            models.CheckConstraint(
                condition=Q(capacity=Greatest("offered", "taken")), name="slot_has_what_is_offered"
            ),
            models.UniqueConstraint(
                fields=["organisation_id", "calendar", "starts_at"], name="slot_starts_once"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Slot]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def take_place(cls, actor: Actor, slot_id: UUID) -> bool:
        """Take one place if there is one, and say whether there was."""
        with_room = cls.visible_to(actor).filter(id=slot_id, taken__lt=F("capacity"))
        return with_room.update(taken=F("taken") + 1) == 1

    @classmethod
    def give_back(cls, actor: Actor, slot_id: UUID, *, places: int) -> None:
        fewer = F("taken") - places
        mine = cls.visible_to(actor).filter(id=slot_id)
        mine.update(taken=fewer, capacity=Greatest("offered", fewer))

    def follow(self, hours: Hours, places: int) -> bool:
        """Take on what the rule says now, without saving; say whether anything changed.

        The row has to be locked: `taken` is read here.
        """
        before = (self.starts_at, self.ends_at, self.offered)
        self.starts_at, self.ends_at = hours.starts_at, hours.ends_at
        self.offered, self.capacity = places, max(places, self.taken)
        return before != (self.starts_at, self.ends_at, self.offered)

    def record(self, *, lapsed: int) -> records.Slot:
        return records.Slot(
            id=self.id,
            calendar=self.calendar,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            capacity=self.capacity,
            places_left=max(0, self.offered - self.taken + lapsed),
        )


class Booking(models.Model):
    """A place in a slot: held for a while, then confirmed or given back."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="bookings")
    subject_id = models.UUIDField()
    state = models.CharField(max_length=9, default=State.HELD.value)
    held_until = models.DateTimeField(null=True)
    held_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # when it was cancelled or had expired

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.HELD.value, held_until__isnull=False)
                | Q(
                    state__in=[each.value for each in State if each != State.HELD],
                    held_until=None,
                ),
                name="booking_held_until_it_is_not",
            ),
        ]
        indexes = [
            models.Index(
                fields=["slot", "held_until"],
                name="booking_held",
                condition=Q(state=State.HELD.value),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Booking]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def lapsed(cls, now: datetime) -> QuerySet[Booking]:
        """Holds whose time is over and whose place has not been given back yet, of everyone."""
        return cls.objects.filter(state=State.HELD, held_until__lte=now)

    @classmethod
    def lapsed_visible_to(cls, actor: Actor, now: datetime) -> QuerySet[Booking]:
        return cls.visible_to(actor) & cls.lapsed(now)

    @property
    def has_place(self) -> bool:
        return self.state in {State.HELD, State.CONFIRMED}

    def confirm(self, now: datetime) -> None:
        self.state, self.held_until = State.CONFIRMED, None
        self.confirmed_at, self.ended_at = now, None
        self.save(update_fields=["state", "held_until", "confirmed_at", "ended_at"])

    def cancel(self, now: datetime) -> None:
        self.state, self.held_until, self.ended_at = State.CANCELLED, None, now
        self.save(update_fields=["state", "held_until", "ended_at"])

    def record(self) -> records.Booking:
        return records.Booking(
            id=self.id,
            slot_id=self.slot_id,
            held_until=self.held_until,
            subject_id=self.subject_id,
            state=State(self.state),
        )
