"""Another day, or none: by the resident in time, or by staff."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.bookings.operations import (
    cancel_booking,
    confirm_booking,
    hold_place,
    move_booking,
)
from townhall.capabilities.bookings.queries import get_slot
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation
from townhall.machinery.pages.writing import write_money
from townhall.services.bulky_waste import letters, records
from townhall.services.bulky_waste.errors import TooLateToChange
from townhall.services.bulky_waste.models import Collection
from townhall.services.bulky_waste.operations.telling import (
    NO_REFUND,
    REBOOKED,
    REFUND,
    ask_staff,
    change_until,
    our_dials,
    settle_case,
    tell,
    tell_day,
    us,
)
from townhall.services.bulky_waste.records import State
from townhall.services.bulky_waste.service import ASK, MANAGE


@operation(ASK, told=_("Changed the day of your collection"))
def move_collection(actor: Actor, collection_id: UUID, *, slot_id: UUID) -> records.Collection:
    """Put a booked collection on another day. Raises SlotFull; TooLateToChange for residents."""
    row = Collection.locked(actor, collection_id)
    row.must_be(State.BOOKED)
    if MANAGE not in actor.may:
        _be_in_time(row)
    if slot_id != row.slot_id:
        move_booking(us(actor), row.booking_id, slot_id=slot_id)
        _put_on(actor, row, slot_id)
        row.save()
        tell_day(actor, row, letters.MOVED)
    return row.record()


@operation(MANAGE, told=_("Booked another day for your collection"))
def rebook_collection(actor: Actor, collection_id: UUID, *, slot_id: UUID) -> records.Collection:
    """Give a missed or late-paid collection a new day, and close the case about it."""
    row = Collection.locked(actor, collection_id)
    row.must_be(State.MISSED, State.LATE)
    held_until = timezone.now() + timedelta(minutes=1)
    booking = hold_place(us(actor), slot_id=slot_id, subject_id=row.id, until=held_until)
    confirm_booking(us(actor), booking.id)
    row.booking_id = booking.id
    _put_on(actor, row, slot_id)
    row.state, row.visit, row.visit_note, row.refund_due_minor = State.BOOKED, "", "", None
    row.booked_at = row.booked_at or timezone.now()
    settle_case(actor, row, outcome=REBOOKED.code, note="")
    row.save()
    tell_day(actor, row, letters.MOVED)
    return row.record()


@operation(ASK, told=_("Cancelled your collection"))
def cancel_collection(actor: Actor, collection_id: UUID) -> records.Collection:
    """Give the place back; staff are asked for the refund that the organisation's dials say."""
    row = Collection.locked(actor, collection_id)
    row.must_be(State.BOOKED)
    refund = row.refund_if_cancelled(our_dials(actor), timezone.localdate())
    cancel_booking(us(actor), row.booking_id)
    row.state = State.CANCELLED
    if refund.minor > 0:
        row.refund_due_minor = refund.minor
        ask_staff(actor, row, "refund-due", "Refund due", outcomes=(REFUND, NO_REFUND))
        words = _("We will refund %(refund)s to the card you paid with.")
    else:
        words = _("It is too late for a refund, as you were told when you cancelled.")
    row.save()
    tell(actor, row, letters.CANCELLED, refund=words % {"refund": write_money(refund)})
    return row.record()


def _be_in_time(row: Collection) -> None:
    if timezone.localdate() > row.change_until:
        raise TooLateToChange(
            _("It is too late to change the day. You may still cancel, or contact us.")
        )


def _put_on(actor: Actor, row: Collection, slot_id: UUID) -> None:
    slot = get_slot(us(actor), slot_id)
    day = timezone.localdate(slot.starts_at)
    row.put_on(slot, change_until=change_until(our_dials(actor), day))
    row.times_moved += 1
