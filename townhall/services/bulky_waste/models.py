from __future__ import annotations

import secrets
from datetime import date
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from townhall.capabilities.bookings.records import Slot
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import Held, facts
from townhall.machinery.money import Money
from townhall.machinery.pages.writing import write_date
from townhall.services.bulky_waste import records
from townhall.services.bulky_waste.errors import NoSuchCollection, NotInThatState
from townhall.services.bulky_waste.records import State
from townhall.services.bulky_waste.service import BULKY_WASTE, MANAGE, ROUND, RUN, Dials

_ITEMS = TypeAdapter(tuple[records.Item, ...])
_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"  # none that read alike, and no vowels to make words


def new_reference() -> str:
    """Easy to say on the phone, hard to guess: 28^8 of them."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"BW-{letters[:4]}-{letters[4:]}"


class Collection(models.Model):
    """One visit to one address. Booked once the place is held and the money is in."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=2)
    uprn = models.CharField(max_length=12)
    address = models.CharField(max_length=300)
    postcode = models.CharField(max_length=8)
    street = models.CharField(max_length=100)
    house = models.CharField(max_length=40)  # sortable: 2 before 10
    items = models.JSONField()  # as records.Item
    price_minor = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=State.WAITING)
    booking_id = models.UUIDField()  # of capabilities.bookings
    slot_id = models.UUIDField()
    payment_id = models.UUIDField()  # of capabilities.pay: the latest attempt
    collects_on = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    held_until = models.DateTimeField()
    change_until = models.DateField()
    times_moved = models.PositiveSmallIntegerField(default=0)
    visit = models.CharField(max_length=12, blank=True)
    visit_note = models.CharField(max_length=500, blank=True)
    photo_id = models.UUIDField(null=True)  # of machinery.files
    case_id = models.UUIDField(null=True)  # of capabilities.cases: the open one
    refund_due_minor = models.PositiveIntegerField(null=True)
    refunded_minor = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField(default=timezone.now)
    booked_at = models.DateTimeField(null=True)
    visited_at = models.DateTimeField(null=True)
    missed_on = models.DateField(null=True)  # the last time; kept when it is booked again

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded_minor__lte=models.F("price_minor")),
                name="collection_refund_within_price",
            ),
            models.CheckConstraint(
                condition=Q(visit="") | Q(state__in=[State.COLLECTED, State.MISSED, State.BOOKED]),
                name="collection_visited_when_booked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "collects_on", "street", "house"],
                name="collection_by_round",
            ),
            models.Index(fields=["person_id"], name="collection_by_person"),
            models.Index(fields=["organisation_id", "booked_at"], name="collection_by_booking"),
            models.Index(fields=["organisation_id", "postcode"], name="collection_by_postcode"),
            models.Index(fields=["organisation_id", "email"], name="collection_by_email"),
            models.Index(fields=["organisation_id", "missed_on"], name="collection_by_missed"),
            models.Index(
                fields=["held_until"], name="collection_unpaid", condition=Q(state="waiting")
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Collection]:
        """Staff who manage them, and the service: all of theirs. Anyone else: their own."""
        ours = cls.objects.filter(organisation_id=actor.organisation_id)
        if actor.may & {MANAGE, RUN}:
            return ours
        if actor.person_id is None:
            return ours.none()
        return ours.filter(person_id=actor.person_id)

    @classmethod
    def of_person(cls, actor: Actor) -> QuerySet[Collection]:
        """The acting person's own."""
        known = cls.counted_for(actor).filter(person_id__isnull=False)
        return known.filter(person_id=actor.person_id)

    @classmethod
    def on_round(cls, actor: Actor) -> QuerySet[Collection]:
        """What a crew goes to; to nobody else is anything on a round."""
        booked = [State.BOOKED, State.COLLECTED, State.MISSED]
        ours = cls.objects.filter(organisation_id=actor.organisation_id, state__in=booked)
        return ours if ROUND in actor.may else ours.none()

    @classmethod
    def counted_for(cls, actor: Actor) -> QuerySet[Collection]:
        """All of the organisation's: for sums, and for whoever holds a request's address."""
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def locked(cls, actor: Actor, collection_id: UUID) -> Collection:
        """The row, kept from others until the transaction ends. Raises NoSuchCollection."""
        return cls._lock(cls.visible_to(actor), collection_id)

    @classmethod
    def locked_on_round(cls, actor: Actor, collection_id: UUID) -> Collection:
        return cls._lock(cls.on_round(actor), collection_id)

    @classmethod
    def _lock(cls, rows: QuerySet[Collection], collection_id: UUID) -> Collection:
        found = rows.select_for_update().filter(id=collection_id).first()
        if found is None:
            raise NoSuchCollection(str(collection_id))
        return found

    def forget(self) -> UUID | None:
        """Take out who asked and where they live; the file to be deleted, if there is a photo."""
        photo_id, self.photo_id, self.person_id = self.photo_id, None, None
        self.name = self.email = self.phone = self.visit_note = ""
        self.uprn = self.address = self.house = ""
        self.save()
        return photo_id

    def must_be(self, *states: State) -> None:
        if self.state not in states:
            label = records.STATE_LABELS[State(self.state)]
            raise NotInThatState(f"{self.reference}: {label}")

    def put_on(self, slot: Slot, *, change_until: date) -> None:
        """Set the day; the caller has taken the place."""
        self.slot_id = slot.id
        self.starts_at, self.ends_at = slot.starts_at, slot.ends_at
        self.collects_on = timezone.localdate(slot.starts_at)
        self.change_until = change_until

    def refund_if_cancelled(self, dials: Dials, today: date) -> Money:
        in_time = today <= self.change_until
        percent = dials.refund_percent if in_time else dials.late_refund_percent
        return Money(self.price_minor).percent(percent)

    def item_records(self) -> tuple[records.Item, ...]:
        return _ITEMS.validate_python(self.items)

    def record(self) -> records.Collection:
        due = self.refund_due_minor
        return records.Collection(
            id=self.id,
            reference=self.reference,
            person_id=self.person_id,
            name=self.name,
            email=self.email,
            phone=self.phone,
            address=self.address,
            postcode=self.postcode,
            items=self.item_records(),
            price=Money(self.price_minor),
            state=State(self.state),
            slot_id=self.slot_id,
            collects_on=self.collects_on,
            requested_at=self.requested_at,
            change_until=self.change_until,
            visit=records.Visit(self.visit) if self.visit else None,
            visit_note=self.visit_note,
            photo_id=self.photo_id,
            refund_due=Money(due) if due is not None else None,
            refunded=Money(self.refunded_minor),
        )

    def held(self) -> Held:
        assert self.person_id is not None
        items = [f"{item.count} × {item.name}" for item in self.item_records()]
        return Held(
            person_id=self.person_id,
            title=f"{BULKY_WASTE.title} {self.reference}",
            noted_at=self.requested_at,
            facts=facts(
                (_("Name"), self.name),
                (_("Email address"), self.email),
                (_("Phone number"), self.phone),
                (_("Address"), self.address),
                (_("Items"), ", ".join(items)),
                (_("Day"), write_date(self.collects_on)),
                (_("Status"), records.STATE_LABELS[State(self.state)]),
                (_("Note of the crew"), self.visit_note),
                (_("Photo"), _("Yes") if self.photo_id else ""),
            ),
        )

    def progress(self, payment_state: str) -> records.Progress:
        return records.Progress(
            id=self.id,
            reference=self.reference,
            state=State(self.state),
            payment_state=payment_state,
            price=Money(self.price_minor),
            collects_on=self.collects_on,
            held_until=self.held_until,
        )


def items_json(items: tuple[records.Item, ...]) -> object:
    return _ITEMS.dump_python(items, mode="json")
