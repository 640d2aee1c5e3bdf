"""Which slots there are, and which of them have room."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, FilteredRelation, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.bookings import models, permissions, records, rules
from townhall.capabilities.bookings.records import State
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotFound
from townhall.machinery.inspection import Finding, inspects
from townhall.machinery.operations import query


@query(permissions.SEE_SLOTS)
def list_free_slots(
    actor: Actor, *, calendar: str, after: datetime, until: datetime | None = None
) -> list[records.Slot]:
    """Slots with room that start after one moment and before another, soonest first."""
    slots = list_slots(actor, calendar=calendar, after=after, until=until)
    return [slot for slot in slots if slot.places_left]


@query(permissions.SEE_SLOTS)
def list_slots(
    actor: Actor, *, calendar: str, after: datetime, until: datetime | None = None
) -> list[records.Slot]:
    """Slots that start after one moment and before another, soonest first, full ones too."""
    slots = models.Slot.visible_to(actor).filter(
        calendar=calendar, starts_at__gt=after, capacity__gt=0
    )
    if until is not None:
        slots = slots.filter(starts_at__lt=until)
    return _with_room(slots.order_by("starts_at"))


@query(permissions.SEE_SLOTS)
def get_slot(actor: Actor, slot_id: UUID) -> records.Slot:
    for slot in _with_room(models.Slot.visible_to(actor).filter(id=slot_id)):
        return slot
    raise NotFound(_("There is no such day or time. Choose another."))


def _with_room(slots: QuerySet[models.Slot]) -> list[records.Slot]:
    """The slots, in one statement with how many lapsed holds each has: their places are free."""
    over = Q(bookings__state=State.HELD, bookings__held_until__lte=timezone.now())
    counted = slots.annotate(over=FilteredRelation("bookings", condition=over))
    return [slot.record(lapsed=slot.lapsed) for slot in counted.annotate(lapsed=Count("over"))]


@inspects
def _inspect_bank_holidays() -> list[Finding]:
    known_until = rules.bank_holidays_known_until()
    advice = ""
    if known_until < rules.local_day(timezone.now()) + timedelta(days=180):
        advice = (
            f"Bank holidays are known up to {known_until:%-d %B %Y} only, so later ones can be "
            "booked. Upgrade the package govuk-bank-holidays."
        )
    return [Finding(subject="bank holidays", advice=advice)]
