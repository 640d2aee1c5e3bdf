"""What a resident is asked, and what staff ask for someone on the phone."""

from dataclasses import replace
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.forms.journeys import offer_journey
from townhall.capabilities.forms.records import (
    Answers,
    Journey,
    Kind,
    Line,
    Option,
    Page,
    Question,
    Submitted,
)
from townhall.capabilities.identity.queries import get_person
from townhall.capabilities.places.queries import list_addresses
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money
from townhall.machinery.pages.writing import write_money, write_month, write_weekday
from townhall.services.bulky_waste import queries, records
from townhall.services.bulky_waste.operations import request_collection
from townhall.services.bulky_waste.service import ASK, BULKY_WASTE, MANAGE

PAGES = (
    Page(
        slug="postcode",
        questions=(
            Question(
                name="postcode",
                kind=Kind.POSTCODE,
                label=gettext_lazy("What is the postcode of the address to collect from?"),
                short=gettext_lazy("Postcode"),
                hint=gettext_lazy("For example, AA3 1AB"),
                autocomplete="postal-code",
            ),
        ),
    ),
    Page(
        slug="address",
        questions=(
            Question(
                name="address",
                kind=Kind.RADIOS,
                label=gettext_lazy("Which address?"),
                short=gettext_lazy("Address"),
                options_from="addresses",
                required_message=gettext_lazy("Select the address to collect from"),
                none_message=gettext_lazy(
                    "We know no address with that postcode. Check the postcode, or contact us."
                ),
            ),
        ),
    ),
    Page(
        slug="items",
        questions=(
            Question(
                name="items",
                kind=Kind.COUNTS,
                label=gettext_lazy("What should we collect?"),
                short=gettext_lazy("Items"),
                options_from="items",
                required_message=gettext_lazy("Enter how many of at least one thing"),
            ),
        ),
    ),
    Page(
        slug="day",
        questions=(
            Question(
                name="day",
                kind=Kind.RADIOS,
                label=gettext_lazy("Which day should we collect?"),
                short=gettext_lazy("Day"),
                options_from="days",
                required_message=gettext_lazy("Select a day"),
                gone_message=gettext_lazy("That day has just filled up. Select another day."),
                none_message=gettext_lazy(
                    "Every day that can be booked now is full. A new day opens each night."
                ),
            ),
        ),
    ),
    Page(
        slug="name",
        questions=(
            Question(
                name="name",
                kind=Kind.TEXT,
                label=gettext_lazy("What is your name?"),
                short=gettext_lazy("Name"),
                max_length=100,
                autocomplete="name",
                required_message=gettext_lazy("Enter your full name"),
            ),
        ),
    ),
    Page(
        slug="email",
        questions=(
            Question(
                name="email",
                kind=Kind.EMAIL,
                label=gettext_lazy("What is your email address?"),
                short=gettext_lazy("Email address"),
                hint=gettext_lazy("We send the booking here, and tell you if anything changes"),
                autocomplete="email",
            ),
        ),
    ),
    Page(
        slug="phone",
        questions=(
            Question(
                name="phone",
                kind=Kind.PHONE,
                label=gettext_lazy("What is your telephone number?"),
                short=gettext_lazy("Telephone number"),
                hint=gettext_lazy("In case the crew cannot find your items. You need not give one"),
                required=False,
                autocomplete="tel",
            ),
        ),
    ),
)

BOOK = Journey(
    slug="bulky-waste",
    title=BULKY_WASTE.title,
    permission=ASK,
    pages=PAGES,
    start_url="/bulky-waste/",
    submit_label=gettext_lazy("Accept and continue to payment"),
)
# Staff type what a caller says; not every caller has email.
BOOK_BY_PHONE = replace(
    BOOK.with_question("email", required=False, autocomplete="off")
    .with_question("name", label=gettext_lazy("What is the caller's name?"), autocomplete="off")
    .with_question("phone", autocomplete="off")
    .with_question("postcode", autocomplete="off"),
    slug="bulky-waste-by-phone",
    permission=MANAGE,
    start_url="/bulky-waste/find/",
)


def list_address_options(actor: Actor, answers: Answers) -> list[Option]:
    found = list_addresses(BULKY_WASTE.acting_for(actor), postcode=answers.text("postcode"))
    return [
        Option(value=each.uprn, label=", ".join(filter(None, [each.line_1, each.line_2])))
        for each in found
    ]


def list_item_options(actor: Actor, answers: Answers) -> list[Option]:
    dials = queries.get_dials(actor)
    return [
        Option(
            value=item.code,
            label=item.name,
            hint=_("%(price)s each") % {"price": write_money(item.price)},
        )
        for item in dials.items
    ]


def list_day_options(actor: Actor, answers: Answers) -> list[Option]:
    """The days with places left, and sold-out ones shown as full."""
    return [
        Option(
            value=str(day.id),
            label=write_weekday(timezone.localdate(day.starts_at)),
            group=write_month(timezone.localdate(day.starts_at)),
            unavailable="" if day.places_left > 0 else _("Full"),
        )
        for day in queries.list_days(actor)
    ]


def fit(actor: Actor, journey: Journey) -> Journey:
    """With as many items as the organisation allows."""
    most = queries.get_dials(actor).most_items
    hint = _("You can choose up to %(most)d things in all") % {"most": most}
    return journey.with_question("items", most=most, hint=hint)


def summarise(actor: Actor, answers: Answers) -> list[Line]:
    prices = {item.code: item.price for item in queries.get_dials(actor).items}
    counts = answers.counts("items").items()
    total = sum((prices[code] * count for code, count in counts if code in prices), Money(0))
    return [Line(label=_("To pay"), value=write_money(total))]


def prefill(actor: Actor) -> dict[str, str]:
    """What we know of a resident who has signed in."""
    if actor.person_id is None or MANAGE in actor.may:
        return {}
    person = get_person(BULKY_WASTE.acting_for(actor), actor.person_id)
    return {"name": person.name, "email": person.email or "", "phone": person.phone}


def submit(actor: Actor, answers: Answers, draft_id: UUID) -> Submitted:
    collection = request_collection(
        actor,
        uprn=answers.text("address"),
        items=answers.counts("items"),
        slot_id=UUID(answers.text("day")),
        contact=records.Contact(
            name=answers.text("name"),
            email=answers.text("email"),
            phone=answers.text("phone"),
        ),
    )
    return Submitted(result_url=reverse("bulky_waste:pay", args=[collection.id]))


for journey in (BOOK, BOOK_BY_PHONE):
    offer_journey(
        journey,
        submit=submit,
        sources={
            "addresses": list_address_options,
            "items": list_item_options,
            "days": list_day_options,
        },
        summary=summarise,
        prefill=prefill if journey is BOOK else None,
        fit=fit,
    )
