"""Every read of collections, rounds and figures."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncWeek
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.bookings import rules
from townhall.capabilities.bookings.queries import list_slots
from townhall.capabilities.bookings.records import Slot
from townhall.capabilities.pay.queries import get_payment
from townhall.capabilities.pay.records import UNPAID
from townhall.capabilities.pay.records import State as PaymentState
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import dials_of
from townhall.machinery.files import read_file
from townhall.machinery.holdings import SEE_HELD, Held
from townhall.machinery.money import Money
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of
from townhall.machinery.service import Request
from townhall.services.bulky_waste import models, records
from townhall.services.bulky_waste.errors import NoSuchCollection
from townhall.services.bulky_waste.records import State
from townhall.services.bulky_waste.service import (
    ASK,
    BULKY_WASTE,
    FIGURES,
    MANAGE,
    ROUND,
    Dials,
)

_MOST_FOUND = 25
_PAGE_OF_REQUESTS = 100


@query(ASK)
def get_dials(actor: Actor) -> Dials:
    """What the organisation has set for this service."""
    return dials_of(actor.organisation_id, BULKY_WASTE.slug, Dials)


@query(ASK)
def list_days(actor: Actor, *, of: UUID | None = None) -> list[Slot]:
    """Days that can be asked for now, sold-out ones included, soonest first.

    `of` leaves out the day that this collection is on already.
    """
    dials = get_dials(actor)
    first = _first_day_offered(dials)
    days = list_slots(
        BULKY_WASTE.acting_for(actor),
        calendar=BULKY_WASTE.slug,
        after=timezone.make_aware(datetime.combine(first, time.min)),
        until=timezone.now() + timedelta(weeks=dials.weeks_ahead),
    )
    if of is None:
        return days
    on_now = _visible(actor, of).slot_id
    return [day for day in days if day.id != on_now]


def _first_day_offered(dials: Dials) -> date:
    """The day after so many working days' notice, counted from today."""
    day, left = timezone.localdate(), dials.notice_working_days
    while left > 0:
        day += timedelta(days=1)
        if rules.is_working_day(day, division=dials.division):
            left -= 1
    return day


@query(ASK, told=_("Looked at your bulky waste collection"))
def get_collection(actor: Actor, collection_id: UUID) -> records.Collection:
    return _visible(actor, collection_id).record()


@query(MANAGE, told=_("Looked at your bulky waste collection"))
def get_managed(actor: Actor, collection_id: UUID) -> records.Collection:
    """Anyone's collection, for staff who manage them."""
    return _visible(actor, collection_id).record()


@query(ASK)
def get_refund_if_cancelled(actor: Actor, collection_id: UUID) -> Money:
    """What the dials give back if it were cancelled now."""
    row = _visible(actor, collection_id)
    return row.refund_if_cancelled(get_dials(actor), timezone.localdate())


@query(ASK)
def get_payment_id(actor: Actor, collection_id: UUID) -> UUID:
    """The latest attempt to pay, for whoever holds the request's address."""
    return _of_organisation(actor, collection_id).payment_id


@query(ASK)
def get_progress(actor: Actor, collection_id: UUID) -> records.Progress:
    """Where a request stands. Its unguessable id is the right to know: whoever has just booked
    without an account has nothing else to show."""
    found = _of_organisation(actor, collection_id)
    payment = get_payment(BULKY_WASTE.acting_for(actor), found.payment_id)
    return found.progress(_how_it_stands(payment.state))


@query(ASK, told=_("Looked at your requests"))
def list_my_requests(actor: Actor) -> list[Request]:
    """What the acting person has asked of this service, newest first."""
    if actor.person_id is None:
        return []
    mine = models.Collection.objects.filter(
        organisation_id=actor.organisation_id, person_id=actor.person_id
    ).order_by("-requested_at")[:_PAGE_OF_REQUESTS]
    return [
        Request(
            id=row.id,
            person_id=row.person_id,
            reference=row.reference,
            title=BULKY_WASTE.title,
            status=str(records.STATE_LABELS[State(row.state)]),
            asked_at=row.requested_at,
            url=reverse("bulky_waste:request", args=[row.id]),
        )
        for row in mine
    ]


@query(SEE_HELD, told=_("You looked at what is held about you"))
def list_held(actor: Actor, *, place: str | None = None) -> Page[Held]:
    """The acting person's collections, the latest first."""
    mine = models.Collection.of_person(actor)
    return page_of(mine, models.Collection.held, order=("-requested_at", "-id"), place=place)


@query(SEE_HELD)
def find_names(actor: Actor, *, ids: Collection[UUID]) -> dict[UUID, str]:
    """The references of those of these collections that are the acting person's."""
    named = models.Collection.of_person(actor).filter(id__in=ids)
    return dict(named.values_list("id", "reference"))


@query(SEE_HELD)
def list_delays(actor: Actor) -> list[str]:
    """Collections that have still to be made."""
    coming = models.Collection.of_person(actor).filter(state__in=[State.WAITING, State.BOOKED])
    return [
        gettext("A bulky waste collection is still to be made, or cancelled: %(reference)s")
        % {"reference": reference}
        for reference in coming.values_list("reference", flat=True)
    ]


@query(ROUND, told=_("Saw your collection on the day's round"))
def list_round(actor: Actor, *, on: date) -> list[records.Collection]:
    """The day's collections in order of street, then of house."""
    todays = models.Collection.on_round(actor).filter(collects_on=on)
    return [row.record() for row in todays.order_by("street", "house", "id")]


@query(ROUND, told=_("Looked at your collection at your home"))
def get_stop(actor: Actor, collection_id: UUID) -> records.Collection:
    """One collection of a round. Raises NoSuchCollection for what was never booked."""
    row = models.Collection.on_round(actor).filter(id=collection_id).first()
    if row is None:
        raise NoSuchCollection(str(collection_id))
    return row.record()


@query(ASK, told=_("Looked at the photo of your collection"))
def get_photo(actor: Actor, collection_id: UUID) -> records.Photo:
    """What the crew photographed; for whoever may see the collection, and for the crew."""
    rows = [models.Collection.visible_to(actor), models.Collection.on_round(actor)]
    found = (each.filter(id=collection_id).first() for each in rows)
    row = next((each for each in found if each is not None), None)
    if row is None or row.photo_id is None:
        raise NoSuchCollection(str(collection_id))
    file = read_file(actor.organisation_id, row.photo_id)
    return records.Photo(
        id=row.id, person_id=row.person_id, content_type=file.content_type, content=file.content
    )


@query(MANAGE, told=_("Found your collection in a search"))
def find_collections(actor: Actor, *, words: str) -> list[records.Collection]:
    """By reference, email address or postcode, newest first; at most 25."""
    words = words.strip()
    if not words:
        return []
    rows = models.Collection.visible_to(actor)
    if "@" in words:
        rows = rows.filter(email=words.lower())
    elif words.upper().startswith("BW"):
        rows = rows.filter(reference=words.upper().replace(" ", "-"))
    else:
        rows = rows.filter(postcode=_as_postcode(words))
    return [row.record() for row in rows.order_by("-requested_at")[:_MOST_FOUND]]


def _as_postcode(words: str) -> str:
    letters = "".join(words.upper().split())
    return f"{letters[:-3]} {letters[-3:]}"


@query(FIGURES)
def list_weeks(actor: Actor, *, weeks: int = 13) -> list[records.Week]:
    """The last so many weeks and this one, oldest first; weeks without anything are there too."""
    this_week = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    first = this_week - timedelta(weeks=weeks - 1)
    ours = models.Collection.counted_for(actor)
    booked = {
        row["week"].date(): row
        for row in ours.filter(
            booked_at__gte=timezone.make_aware(datetime.combine(first, time.min))
        )
        .annotate(week=TruncWeek("booked_at"))
        .values("week")
        .annotate(bookings=Count("id"), takings=Sum(F("price_minor") - F("refunded_minor")))
    }
    missed = {
        row["week"]: row["missed"]
        for row in ours.filter(missed_on__gte=first)
        .annotate(week=TruncWeek("missed_on"))
        .values("week")
        .annotate(missed=Count("id"))
    }
    mondays = [first + timedelta(weeks=number) for number in range(weeks)]
    return [
        records.Week(
            begins_on=monday,
            bookings=booked[monday]["bookings"] if monday in booked else 0,
            takings=Money(booked[monday]["takings"] if monday in booked else 0),
            missed=missed.get(monday, 0),
        )
        for monday in mondays
    ]


def _visible(actor: Actor, collection_id: UUID) -> models.Collection:
    found = models.Collection.visible_to(actor).filter(id=collection_id).first()
    if found is None:
        raise NoSuchCollection(str(collection_id))
    return found


def _of_organisation(actor: Actor, collection_id: UUID) -> models.Collection:
    found = models.Collection.counted_for(actor).filter(id=collection_id).first()
    if found is None:
        raise NoSuchCollection(str(collection_id))
    return found


def _how_it_stands(state: PaymentState) -> str:
    if state.is_paid:
        return "paid"
    return "failed" if state in UNPAID else "open"
