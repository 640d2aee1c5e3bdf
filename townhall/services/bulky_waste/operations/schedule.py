"""The days that can be booked, made from the dials; and what each organisation begins with."""

from datetime import time, timedelta

from django.utils import timezone

from townhall.capabilities.bookings.operations import make_slots
from townhall.capabilities.bookings.records import Rule
from townhall.capabilities.notify.operations import ensure_templates
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import dials_of
from townhall.machinery.operations import operation
from townhall.machinery.organisations import Organisation, every_organisation, prepares
from townhall.machinery.tasks import every
from townhall.services.bulky_waste.letters import LETTERS
from townhall.services.bulky_waste.operations.telling import us
from townhall.services.bulky_waste.service import BULKY_WASTE, RUN, Dials


@operation(RUN)
def follow_dials(actor: Actor) -> int:
    """Make the bookable days what the dials say; what is booked stays. Returns how many days."""
    dials = dials_of(actor.organisation_id, BULKY_WASTE.slug, Dials)
    today = timezone.localdate()
    return make_slots(
        us(actor),
        calendar=BULKY_WASTE.slug,
        rule=rule_of(dials),
        first_on=today,
        last_on=today + timedelta(weeks=dials.weeks_ahead),
    )


def rule_of(dials: Dials) -> Rule:
    return Rule(
        weekdays=dials.collection_days,
        capacity=dials.places_a_day,
        opens=time(dials.from_hour),
        closes=time(max(dials.until_hour, dials.from_hour + 1)),
        division=dials.division,
        closed_on=dials.closed_on,
    )


@every("10 3 * * *")
def make_days() -> None:
    """Each night, for each organisation: one more day comes into reach."""
    for organisation in every_organisation():
        follow_dials(BULKY_WASTE.acting_alone(organisation.id))


@prepares
def prepare(organisation: Organisation) -> None:
    """The emails' wording, and days to book."""
    service = BULKY_WASTE.acting_alone(organisation.id)
    ensure_templates(service, LETTERS)
    follow_dials(service)
