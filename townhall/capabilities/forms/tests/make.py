"""A small service that collects bulky waste, and those who ask it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from time import sleep
from typing import ClassVar
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.test import Client

from townhall.capabilities.forms import permissions
from townhall.capabilities.forms.journeys import offer_journey
from townhall.capabilities.forms.operations import begin_draft
from townhall.capabilities.forms.records import (
    Answers,
    Condition,
    Draft,
    Journey,
    Kind,
    Line,
    Option,
    Page,
    Question,
    Submitted,
    Value,
)
from townhall.machinery.actors import Actor, permission
from townhall.machinery.errors import Invalid, Refused
from townhall.machinery.events import Event, emit
from townhall.machinery.models import RecordedEvent
from townhall.machinery.operations import operation
from townhall.machinery.organisations import Organisation
from townhall.machinery.wording import Wording

ASK = permission("sample.ask", "Ask for a sample")
OURS, THEIRS = UUID(int=1), UUID(int=2)
START = "/sample/book/"
GONE = "That day has just sold out. Choose another."
SECRET = "known to one browser only"
ANSWERS: dict[str, Value] = {
    "postcode": "AA1 1AA",
    "address": "1",
    "items": {"sofa": 2},
    "day": "monday",
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "phone": "+447700900123",
}


@dataclass
class Town:
    """What the sample service can offer just now; a test may change it."""

    full: set[str] = field(default_factory=set)
    most_items: int = 5
    refuses: Refused | None = None
    lingers_seconds: float = 0

    def renew(self) -> None:
        self.full, self.most_items, self.refuses, self.lingers_seconds = set(), 5, None, 0


TOWN = Town()


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAsked(Event):
    name: ClassVar[str] = "sample.asked"

    draft_id: UUID
    said: str


JOURNEY = Journey(
    slug="sample",
    title=Wording("Sample collection", "Casgliad enghreifftiol"),
    permission=ASK,
    start_url="/sample/",
    submit_label="Accept and pay",
    pages=(
        Page(
            slug="postcode",
            questions=(
                Question(
                    name="postcode",
                    kind=Kind.POSTCODE,
                    label="What is your postcode?",
                    short="Postcode",
                ),
            ),
        ),
        Page(
            slug="address",
            questions=(
                Question(
                    name="address",
                    kind=Kind.RADIOS,
                    label="What is your address?",
                    short="Address",
                    options_from="addresses",
                    required_message="Select your address",
                ),
            ),
        ),
        Page(
            slug="address-by-hand",
            heading="Tell us your address",
            guidance="As it stands on a letter.",
            only_if=Condition(question="address", value="other"),
            questions=(
                Question(name="line", kind=Kind.TEXT, label="Street"),
                Question(name="more", kind=Kind.TEXTAREA, label="Anything else", required=False),
            ),
        ),
        Page(
            slug="items",
            questions=(
                Question(
                    name="items",
                    kind=Kind.COUNTS,
                    label="What should we collect?",
                    short="Items",
                    options_from="items",
                    most=5,
                ),
            ),
        ),
        Page(
            slug="day",
            questions=(
                Question(
                    name="day",
                    kind=Kind.RADIOS,
                    label="Which day?",
                    short="Day",
                    options_from="days",
                    gone_message=GONE,
                    none_message="All days are full.",
                ),
            ),
        ),
        Page(
            slug="contact",
            heading="Your details",
            questions=(
                Question(name="name", kind=Kind.TEXT, label="Full name", autocomplete="name"),
                Question(name="email", kind=Kind.EMAIL, label="Email address"),
                Question(name="phone", kind=Kind.PHONE, label="Phone", required=False),
            ),
        ),
    ),
)


def list_addresses(actor: Actor, answers: Answers) -> Iterator[Option]:
    start = answers.text("postcode").split()[0]
    assert start.startswith("AA")
    houses = {"AA1": (1, 2), "AA2": (3, 4)}[start]
    yield from (Option(value=str(house), label=f"{house} High Street") for house in houses)
    yield Option(value="other", label="Another address")


def list_items(actor: Actor, answers: Answers) -> list[Option]:
    return [
        Option(value="sofa", label=Wording("Sofa", "Soffa"), hint="£20"),
        Option(value="fridge", label="Fridge", hint="£15"),
    ]


def list_days(actor: Actor, answers: Answers) -> list[Option]:
    days = [("monday", "This week"), ("friday", "This week"), ("tuesday", "Next week")]
    return [
        Option(
            value=day,
            label=day.title(),
            group=week,
            unavailable="Full" if day in TOWN.full else "",
        )
        for day, week in days
    ]


def refuse_far_away(actor: Actor, answers: Answers) -> None:
    if not answers.text("postcode").startswith("AA"):
        raise Invalid("We do not collect there. Enter another postcode.")


@operation(ASK)
def ask_for_sample(actor: Actor, *, draft_id: UUID, answers: Answers) -> UUID:
    said = ", ".join(f"{name}={answers.values[name]}" for name in sorted(answers.values))
    emit(SampleAsked(organisation_id=actor.organisation_id, draft_id=draft_id, said=said))
    sleep(TOWN.lingers_seconds)
    if TOWN.refuses:
        raise TOWN.refuses
    return draft_id


def submit(actor: Actor, answers: Answers, draft_id: UUID) -> Submitted:
    asked_id = ask_for_sample(actor, draft_id=draft_id, answers=answers)
    return Submitted(result_url=f"/sample/{asked_id}/pay/")


def summary(actor: Actor, answers: Answers) -> list[Line]:
    return [Line(label="Price", value=f"£{20 * sum(answers.counts('items').values())}")]


def prefill(actor: Actor) -> dict[str, str]:
    return {"name": "Ada Lovelace", "email": "ada@example.com"}


def fit(actor: Actor, journey: Journey) -> Journey:
    return journey.with_question("items", most=TOWN.most_items)


def offer_sample() -> None:
    offer_journey(
        JOURNEY,
        submit=submit,
        sources={"addresses": list_addresses, "items": list_items, "days": list_days},
        checks={"postcode": refuse_far_away},
        summary=summary,
        prefill=prefill,
        fit=fit,
    )


def make_actor(*may: str, organisation_id: UUID = OURS, person_id: UUID | None = None) -> Actor:
    return Actor("test", frozenset(may), organisation_id, person_id)  # type: ignore[arg-type]  # a Permission is a str


RESIDENT = make_actor(permissions.FILL, ASK)


def make_draft(actor: Actor = RESIDENT, *, secret: str = SECRET, **changes: Value) -> Draft:
    """A draft with every question answered, and some answered otherwise."""
    return begin_draft(actor, "sample", secret=secret, given={**ANSWERS, **changes})


def who_asks(request: HttpRequest) -> Actor:
    """As the headers of the test's client say."""
    organisation_id = UUID(request.headers.get("X-Organisation", str(OURS)))
    may = frozenset() if "X-Nobody" in request.headers else RESIDENT.may
    person = request.headers.get("X-Person")
    return Actor("resident", may, organisation_id, UUID(person) if person else None)


def organisation_for(request: HttpRequest) -> Organisation:
    return make_organisation(UUID(request.headers.get("X-Organisation", str(OURS))))


def every_organisation() -> list[Organisation]:
    return [make_organisation(OURS), make_organisation(THEIRS)]


def make_organisation(organisation_id: UUID) -> Organisation:
    return Organisation(
        id=organisation_id,
        slug="town",
        name=Wording("Town"),
        colour="#1d70b8",
        logo_url="",
        contact=Wording("Ring us."),
    )


def post(
    browser: Client,
    page: str,
    typed: Mapping[str, str] | None = None,
    *,
    change: bool = False,
    **more: str,
) -> str:
    """Answer a page; where the browser is sent then."""
    url = f"{START}{page}/{'?change=1' if change else ''}"
    response = browser.post(url, {**(typed or {}), **more})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def see(browser: Client, page: str = "", *, status: int = 200) -> str:
    """What a page shows."""
    response = browser.get(f"{START}{page}")
    assert response.status_code == status, response.get("Location")
    return response.content.decode()


def sent_to(browser: Client, page: str = "") -> str:
    """Where a page sends the browser on to."""
    response = browser.get(f"{START}{page}")
    assert response.status_code == 302
    return str(response["Location"])


def go_to_check(browser: Client) -> None:
    """Answer every page."""
    post(browser, "postcode", postcode="aa11aa")
    post(browser, "address", address="1")
    post(browser, "items", {"items-sofa": "2", "items-fridge": "0"})
    post(browser, "day", day="monday")
    contact = {"name": "Ada Lovelace", "email": "ada@example.com", "phone": "07700 900123"}
    assert post(browser, "contact", contact) == f"{START}check/"


def send(browser: Client) -> str:
    """Accept the answers; where the browser is sent then."""
    shown = browser.get(f"{START}check/")
    return post(browser, "check", stamp=shown.context["stamp"])


def asked() -> list[str]:
    """What has been asked of the sample service."""
    events = RecordedEvent.objects.filter(name=SampleAsked.name).order_by("happened_at")
    return [event.facts["said"] for event in events]


def somebody() -> dict[str, str]:
    """The headers of someone who has signed in."""
    return {"x-person": str(uuid4())}
