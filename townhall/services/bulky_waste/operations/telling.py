"""How the operations tell the resident, and ask staff."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone, translation

from townhall.capabilities.bookings import rules
from townhall.capabilities.cases.operations import close_case, open_case
from townhall.capabilities.cases.records import Outcome
from townhall.capabilities.notify.operations import send_email
from townhall.capabilities.notify.records import Attachment, TemplateWording
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import dials_of
from townhall.machinery.money import Money
from townhall.machinery.organisations import Organisation, every_organisation
from townhall.machinery.pages.writing import write_money, write_time, write_weekday
from townhall.machinery.wording import Wording
from townhall.services.bulky_waste.calendar_file import calendar_file
from townhall.services.bulky_waste.models import Collection
from townhall.services.bulky_waste.service import BULKY_WASTE, Dials

REFUND = Outcome(code="refund", label=Wording("Refund the resident"))
NO_REFUND = Outcome(code="no-refund", label=Wording("No refund: say why in the note"))
REBOOKED = Outcome(
    code="rebooked", label=Wording("Booked another day (done on the collection's own page)")
)
_ANSWER_WITHIN_DAYS = 2


def us(actor: Actor) -> Actor:
    """The service, asked by this actor: what it may do, and in whose name the audit has it."""
    return BULKY_WASTE.acting_for(actor)


def our_dials(actor: Actor) -> Dials:
    return dials_of(actor.organisation_id, BULKY_WASTE.slug, Dials)


def tell(
    actor: Actor,
    row: Collection,
    letter: TemplateWording,
    *,
    attachments: tuple[Attachment, ...] = (),
    **more: str,
) -> None:
    """Send the resident one of our letters, in their language; whoever gave no email is phoned."""
    if not row.email:
        return
    with translation.override("cy" if row.language == "cy" else "en"):
        personalisation = _personalisation(actor, row) | more
    send_email(
        us(actor),
        template=letter,
        to=row.email,
        person_id=row.person_id,
        personalisation=personalisation,
        language=row.language,
        reference=row.reference,
        attachments=attachments,
    )


def tell_day(actor: Actor, row: Collection, letter: TemplateWording) -> None:
    """The same, with the day as a calendar file."""
    with translation.override("cy" if row.language == "cy" else "en"):
        file = calendar_file(
            uid=f"{row.id}@bulky-waste",
            sequence=row.times_moved,
            title=str(BULKY_WASTE.title),
            description=row.reference,
            location=row.address,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            stamped_at=timezone.now(),
        )
    attached = Attachment(filename="collection.ics", content_type="text/calendar", content=file)
    tell(actor, row, letter, attachments=(attached,))


def ask_staff(
    actor: Actor, row: Collection, kind: str, title: str, *, outcomes: tuple[Outcome, ...]
) -> None:
    """Put the collection in the staff's queue; the caller saves the row."""
    case = open_case(
        us(actor),
        service=BULKY_WASTE.slug,
        kind=kind,
        subject_id=row.id,
        person_id=row.person_id,
        title=f"{title}: {row.reference}",
        summary=f"{row.name}, {row.address}",
        link=reverse("bulky_waste:collection", args=[row.id]),
        outcomes=outcomes,
        due_at=timezone.now() + timedelta(days=_ANSWER_WITHIN_DAYS),
    )
    row.case_id = case.id


def settle_case(actor: Actor, row: Collection, *, outcome: str, note: str) -> None:
    """Close what was asked of staff, because it has been dealt with on the collection's page."""
    if row.case_id is not None:
        close_case(us(actor), row.case_id, outcome=outcome, note=note)
        row.case_id = None


def change_until(dials: Dials, collects_on: date) -> date:
    """The last day on which a resident may still change or cancel in time."""
    return rules.working_days_before(
        collects_on, dials.change_working_days, division=dials.division
    )


def _personalisation(actor: Actor, row: Collection) -> dict[str, object]:
    dials = our_dials(actor)
    council = _organisation(actor)
    items = [f"{item.count} × {item.name}" for item in row.item_records()]
    return {
        "name": row.name,
        "reference": row.reference,
        "link": council.address + reverse("bulky_waste:request", args=[row.id]),
        "council": f"{council.name}\n{council.contact}",
        "address": row.address,
        "day": write_weekday(row.collects_on),
        "from": write_time(row.starts_at),
        "until": write_time(row.ends_at),
        "items": items,
        "instructions": str(dials.instructions),
        "price": write_money(Money(row.price_minor)),
        "change until": write_weekday(row.change_until),
    }


def _organisation(actor: Actor) -> Organisation:
    return next(each for each in every_organisation() if each.id == actor.organisation_id)
