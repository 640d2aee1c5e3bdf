"""Making slots, and holding, confirming, moving and giving back the places in them."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.bookings import models, permissions, records, rules
from townhall.capabilities.bookings.errors import HoldExpired, SlotFull
from townhall.capabilities.bookings.records import State
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotFound
from townhall.machinery.operations import operation
from townhall.machinery.tasks import every

BATCH = 500


@operation(permissions.MAKE_SLOTS)
def make_slots(
    actor: Actor, *, calendar: str, rule: records.Rule, first_on: date, last_on: date
) -> int:
    """Make a calendar follow its rule from one day to another; return how many slots are new.

    It may be done any number of times, with any rule. A slot that stands takes on the rule's hours
    and places, but never fewer places than are taken. A day that the rule no longer has is closed:
    nobody can book it any more, and who has booked it keeps their place.
    """
    hours = rules.opening_hours(rule, first_on=first_on, last_on=last_on)
    standing = _lock_slots(
        models.Slot.visible_to(actor).filter(
            calendar=calendar,
            starts_at__gte=rules.midnight(first_on),
            starts_at__lt=rules.midnight(last_on + rules.ONE_DAY),
        )
    )
    kept = _one_a_day(standing, hours)
    _close(actor, [slot for slot in standing if slot not in kept.values()])
    _save([slot for day, slot in kept.items() if slot.follow(hours[day], rule.capacity)])
    new = [
        models.Slot(
            organisation_id=actor.organisation_id,
            calendar=calendar,
            starts_at=hours[day].starts_at,
            ends_at=hours[day].ends_at,
            offered=rule.capacity,
            capacity=rule.capacity,
        )
        for day in hours.keys() - kept.keys()
    ]
    models.Slot.objects.bulk_create(new, ignore_conflicts=True)  # someone may be making them too
    return len(new)


def _one_a_day(
    standing: Iterable[models.Slot], hours: dict[date, rules.Hours]
) -> dict[date, models.Slot]:
    """The slot to keep on each day of the rule: one at the rule's hour before any other."""
    kept: dict[date, models.Slot] = {}
    for slot in standing:
        day = rules.local_day(slot.starts_at)
        if day in hours and (day not in kept or slot.starts_at == hours[day].starts_at):
            kept[day] = slot
    return kept


def _close(actor: Actor, slots: list[models.Slot]) -> None:
    _save(
        [slot for slot in slots if slot.follow(rules.Hours(slot.starts_at, slot.ends_at), places=0)]
    )
    empty = [slot.id for slot in slots if not slot.taken]
    if empty:
        booked_once = Exists(models.Booking.objects.filter(slot=OuterRef("pk")))
        models.Slot.visible_to(actor).filter(~booked_once, id__in=empty).delete()


def _save(slots: list[models.Slot]) -> None:
    models.Slot.objects.bulk_update(slots, ["starts_at", "ends_at", "offered", "capacity"])


def _lock_slots(slots: QuerySet[models.Slot]) -> list[models.Slot]:
    return list(slots.select_for_update().order_by("id"))


@operation(permissions.BOOK)
def hold_place(
    actor: Actor, *, slot_id: UUID, subject_id: UUID, until: datetime
) -> records.Booking:
    """Keep a place for a while, then give it back unless it was confirmed. Raises SlotFull.

    Each call takes a place, for the same subject too.
    """
    now = timezone.now()
    _take_place(actor, slot_id, now)
    booking = models.Booking.objects.create(
        organisation_id=actor.organisation_id,
        slot_id=slot_id,
        subject_id=subject_id,
        held_until=until,
        held_at=now,
    )
    return booking.record()


@operation(permissions.BOOK)
def confirm_booking(actor: Actor, booking_id: UUID) -> records.Booking:
    """Make a held place theirs for good; a second time does nothing.

    A hold that has lapsed is confirmed all the same while its slot has room: it takes its place
    again. Raises HoldExpired if the slot has filled up meanwhile, or the booking was cancelled.
    """
    now = timezone.now()
    booking = _lock_booking(actor, booking_id)
    if booking.state == State.CONFIRMED:
        return booking.record()
    if booking.state == State.CANCELLED:
        raise HoldExpired(_("This booking was cancelled. Book again."))
    if booking.state == State.EXPIRED:
        _take_place_again(actor, booking.slot_id, now)
    booking.confirm(now)
    return booking.record()


def _take_place_again(actor: Actor, slot_id: UUID, now: datetime) -> None:
    try:
        _take_place(actor, slot_id, now)
    except SlotFull as full:
        message = _("The place was kept for a while, then given to someone else. Book another.")
        raise HoldExpired(message) from full


@operation(permissions.BOOK)
def cancel_booking(actor: Actor, booking_id: UUID) -> records.Booking:
    """Give a place back; a second time does nothing. An expired booking can be cancelled too."""
    booking = _lock_booking(actor, booking_id)
    if booking.state == State.CANCELLED:
        return booking.record()
    had_place = booking.has_place
    booking.cancel(timezone.now())
    if had_place:
        models.Slot.give_back(actor, booking.slot_id, places=1)
    return booking.record()


@operation(permissions.BOOK)
def move_booking(actor: Actor, booking_id: UUID, *, slot_id: UUID) -> records.Booking:
    """Take a place in another slot, then give the old one back; to its own slot does nothing.

    Raises SlotFull, and the booking stays where it is, or HoldExpired if it has no place any more.
    """
    booking = _lock_booking(actor, booking_id)
    if not booking.has_place:
        raise HoldExpired(_("This booking has ended, so it cannot be changed. Book again."))
    if booking.slot_id == slot_id:
        return booking.record()
    old_slot_id, booking.slot_id = booking.slot_id, slot_id
    _lock_slots(models.Slot.visible_to(actor).filter(id__in=[old_slot_id, slot_id]))
    _take_place(actor, slot_id, timezone.now())
    models.Slot.give_back(actor, old_slot_id, places=1)
    booking.save(update_fields=["slot"])
    return booking.record()


def _lock_booking(actor: Actor, booking_id: UUID) -> models.Booking:
    found = models.Booking.visible_to(actor).filter(id=booking_id).select_for_update().first()
    if found is None:
        raise NotFound(_("There is no such booking. Check the link, or book again."))
    return found


def _take_place(actor: Actor, slot_id: UUID, now: datetime) -> None:
    """Take a place, that of a lapsed hold if there is no other. Raises SlotFull or NotFound."""
    if models.Slot.take_place(actor, slot_id):
        return
    lapsed = models.Booking.lapsed_visible_to(actor, now).filter(slot_id=slot_id)
    if _release(actor, lapsed, now) and models.Slot.take_place(actor, slot_id):
        return
    if not models.Slot.visible_to(actor).filter(id=slot_id).exists():
        raise NotFound(_("There is no such day or time. Choose another."))
    raise SlotFull(_("The last place there has just been taken. Choose another."))


@operation(permissions.BOOK)
def release_lapsed_holds(actor: Actor) -> int:
    """Give back a batch of the places whose hold is over; return how many there were."""
    now = timezone.now()
    lapsed = models.Booking.lapsed_visible_to(actor, now).order_by("held_until")
    return _release(actor, lapsed[:BATCH], now)


def _release(actor: Actor, lapsed: QuerySet[models.Booking], now: datetime) -> int:
    """Give back these places. One that is being confirmed or cancelled just now is left alone.

    Nobody is waited for but other slots' holders, so a slot may be locked already.
    """
    found = dict(lapsed.select_for_update(skip_locked=True).values_list("id", "slot_id"))
    ended = models.Booking.objects.filter(id__in=found)
    ended.update(state=State.EXPIRED, held_until=None, ended_at=now)
    for slot_id, places in sorted(Counter(found.values()).items()):
        models.Slot.give_back(actor, slot_id, places=places)
    return len(found)


@every("* * * * *")
def release_places() -> None:
    """Give back every place whose hold is over."""
    waiting = models.Booking.lapsed(timezone.now()).values_list("organisation_id", flat=True)
    for organisation_id in sorted(set(waiting.distinct())):
        actor = _system(organisation_id)
        while release_lapsed_holds(actor) == BATCH:
            pass


def _system(organisation_id: UUID) -> Actor:
    return Actor("capability:bookings", frozenset({permissions.BOOK}), organisation_id)
