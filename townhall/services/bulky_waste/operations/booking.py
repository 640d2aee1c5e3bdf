"""From a resident's answers to a booked collection, or to a place given back."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from townhall.capabilities.bookings.errors import HoldExpired
from townhall.capabilities.bookings.operations import confirm_booking, hold_place
from townhall.capabilities.bookings.queries import get_slot
from townhall.capabilities.identity.operations import add_person
from townhall.capabilities.pay.operations import refund_payment, start_payment
from townhall.capabilities.pay.queries import get_payment
from townhall.capabilities.pay.records import UNPAID
from townhall.capabilities.places.queries import get_address
from townhall.capabilities.places.records import Address
from townhall.machinery.actors import Actor
from townhall.machinery.dials import PricedItem
from townhall.machinery.errors import Invalid
from townhall.machinery.money import Money
from townhall.machinery.operations import operation
from townhall.machinery.pages.writing import write_money
from townhall.machinery.tasks import every
from townhall.services.bulky_waste import letters, records
from townhall.services.bulky_waste.errors import NoSuchCollection
from townhall.services.bulky_waste.models import Collection, items_json, new_reference
from townhall.services.bulky_waste.operations.telling import (
    NO_REFUND,
    REBOOKED,
    REFUND,
    ask_staff,
    change_until,
    our_dials,
    tell,
    tell_day,
    us,
)
from townhall.services.bulky_waste.records import State
from townhall.services.bulky_waste.service import ASK, BULKY_WASTE, MANAGE, RUN, Dials

_LOOK_AGAIN_AFTER = timedelta(minutes=10)  # pay has asked the processor by then
_BATCH = 200


@operation(ASK, told=_("Asked for a bulky waste collection"))
def request_collection(
    actor: Actor, *, uprn: str, items: dict[str, int], slot_id: UUID, contact: records.Contact
) -> records.Collection:
    """Hold the place and ask for the money. Raises SlotFull, or Invalid for items not offered.

    `items` maps codes of the price list to how many. Staff ask for whoever the contact names;
    anyone else asks for themselves.
    """
    dials = our_dials(actor)
    chosen = _choose(dials, items)
    price = sum((item.price * item.count for item in chosen), Money(0))
    address = get_address(us(actor), uprn)
    slot = get_slot(us(actor), slot_id)
    collection_id = uuid4()
    person_id = _person(actor, contact)
    held_until = timezone.now() + timedelta(minutes=dials.hold_minutes)
    booking = hold_place(us(actor), slot_id=slot_id, subject_id=collection_id, until=held_until)
    row = Collection(
        id=collection_id,
        organisation_id=actor.organisation_id,
        reference=new_reference(),
        person_id=person_id,
        name=contact.name,
        email=contact.email.lower(),
        phone=contact.phone,
        language=(get_language() or "en")[:2],
        uprn=uprn,
        address=", ".join(filter(None, _lines(address))),
        postcode=address.postcode,
        street=address.street,
        house=address.house,
        items=items_json(chosen),
        price_minor=price.minor,
        booking_id=booking.id,
        held_until=held_until,
    )
    row.put_on(slot, change_until=change_until(dials, timezone.localdate(slot.starts_at)))
    row.payment_id = _ask_for_money(actor, row)
    row.save(force_insert=True)
    return row.record()


def _lines(address: Address) -> tuple[str, ...]:
    return address.line_1, address.line_2, address.town, address.postcode


def _choose(dials: Dials, items: dict[str, int]) -> tuple[records.Item, ...]:
    offered: dict[str, PricedItem] = {item.code: item for item in dials.items}
    wanted = {code: count for code, count in items.items() if count > 0}
    if not 1 <= sum(wanted.values()) <= dials.most_items:
        raise Invalid(
            _("Choose between 1 and %(most)s items.") % {"most": dials.most_items},
            fields={"items": ""},
        )
    if not wanted.keys() <= offered.keys():
        raise Invalid(_("Choose items from the list."), fields={"items": ""})
    return tuple(
        records.Item(code=code, name=offered[code].name, count=count, price=offered[code].price)
        for code, count in wanted.items()
    )


def _person(actor: Actor, contact: records.Contact) -> UUID | None:
    """Whose request it is: a Person from now on, who claims it by proving the email address."""
    if MANAGE not in actor.may and actor.person_id is not None:
        return actor.person_id
    if not contact.email:
        return None
    person = add_person(us(actor), email=contact.email, name=contact.name, phone=contact.phone)
    return person.id


def _ask_for_money(actor: Actor, row: Collection) -> UUID:
    payment = start_payment(
        us(actor),
        service=BULKY_WASTE.slug,
        subject_id=row.id,
        person_id=row.person_id,
        amount=Money(row.price_minor),
        reference=row.reference,
        description=str(BULKY_WASTE.title),
        expires_at=row.held_until,
        email=row.email,
    )
    return payment.id


@operation(ASK)
def pay_again(actor: Actor, collection_id: UUID) -> UUID:
    """The payment to make now: the open one, or another after one that was declined.

    Its id in the address is the right to pay: nobody minds who does. Raises NotInThatState once
    it is paid, and HoldExpired when the place has been given back.
    """
    rows = Collection.objects.select_for_update().filter(organisation_id=actor.organisation_id)
    row = rows.filter(id=collection_id).first()
    if row is None:
        raise NoSuchCollection(str(collection_id))
    row.must_be(State.WAITING)
    if row.held_until <= timezone.now():
        raise HoldExpired(_("Your place was kept until the time we gave. Choose a day again."))
    payment = get_payment(us(actor), row.payment_id)
    if payment.state in UNPAID:
        row.payment_id = _ask_for_money(actor, row)
        row.save(update_fields=["payment_id"])
    return row.payment_id


@operation(RUN, told=gettext_lazy("Booked your collection"))
def book_collection(actor: Actor, collection_id: UUID, *, payment_id: UUID) -> records.Collection:
    """The money is in: make the place theirs and tell the resident.

    If the place has gone meanwhile, staff are asked to refund or rebook. A second payment for the
    same collection goes straight back.
    """
    row = Collection.locked(actor, collection_id)
    if row.state not in (State.WAITING, State.LAPSED):
        _give_back(actor, row, payment_id)
        return row.record()
    row.payment_id = payment_id
    if _takes_place(actor, row):
        row.state, row.booked_at = State.BOOKED, timezone.now()
        tell_day(actor, row, letters.BOOKED)
    else:
        row.state, row.refund_due_minor = State.LATE, row.price_minor
        ask_staff(
            actor, row, "paid-too-late", "Paid too late", outcomes=(REFUND, REBOOKED, NO_REFUND)
        )
        tell(actor, row, letters.PAID_LATE)
    row.save()
    return row.record()


def _takes_place(actor: Actor, row: Collection) -> bool:
    try:
        with transaction.atomic():
            confirm_booking(us(actor), row.booking_id)
    except HoldExpired:
        return False
    return True


def _give_back(actor: Actor, row: Collection, payment_id: UUID) -> None:
    if payment_id == row.payment_id:
        return  # the one it was booked with: told again
    price = Money(row.price_minor)
    refund_payment(us(actor), payment_id, amount=price, reason=row.reference)
    tell(actor, row, letters.REFUNDED, refund=write_money(price), note=_("You had paid twice."))


@operation(RUN, told=gettext_lazy("Gave back the place you had not paid for"))
def lapse_collection(actor: Actor, collection_id: UUID) -> records.Collection:
    """No money came in time; the hold ends by itself. Harmless twice, and once it is paid."""
    row = Collection.locked(actor, collection_id)
    if row.state == State.WAITING:
        row.state = State.LAPSED
        row.save(update_fields=["state"])
    return row.record()


@every("*/5 * * * *")
def take_back_unpaid() -> None:
    """Lapse requests whose time to pay has passed, unless their payment may still come."""
    long_ago = timezone.now() - _LOOK_AGAIN_AFTER
    waiting = Collection.objects.filter(state=State.WAITING, held_until__lt=long_ago)
    for row in waiting.order_by("held_until")[:_BATCH]:
        service = BULKY_WASTE.acting_alone(row.organisation_id)
        if get_payment(service, row.payment_id).state in UNPAID:
            lapse_collection(service, row.id)
