"""An organisation, its actors, and what they send with."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from townhall.capabilities.notify import models, operations, permissions, queries, records
from townhall.capabilities.notify.records import KeyType
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.organisations import Organisation
from townhall.machinery.wording import Wording

BARSET = Organisation(
    id=UUID(int=1),
    slug="barset",
    name=Wording("Barset Council", "Cyngor Barset"),
    colour="#1d70b8",
    logo_url="",
    contact=Wording("Call us"),
)
ELSEWHERE = replace(BARSET, id=UUID(int=2), slug="elsewhere", name=Wording("Elsewhere"))
PERSON = UUID(int=7)
OUTSIDER = Actor("staff:administrator", frozenset(), ELSEWHERE.id)

WORDING = records.TemplateWording(
    name="collection-booked",
    title="Collection booked",
    subject=Wording("Collection on ((day))", "Casgliad ar ((day))"),
    body=Wording("Dear ((name))\n\nWe collect: ((items))", "Annwyl ((name))\n\n((items))"),
    offers=("reference",),
)
SENDER = "bulky-waste"  # of the service that `make_actor` is
NUMBER = "447700900500"  # that takes texts
TOKEN = "a-bearer-token"  # of a program that is told
VALUES = {"day": "Monday", "name": "Ann", "items": ["a sofa", "a bed"]}


def make_actor(*may: Permission, organisation_id: UUID = BARSET.id) -> Actor:
    every = (permissions.SEND, permissions.READ, permissions.EDIT_TEMPLATES)
    more = (permissions.READ_TEXTS, permissions.SEE_SANDBOX, permissions.DELIVER)
    seeing = (permissions.READ_MESSAGES, permissions.SEE_FIGURES, permissions.SEND_MESSAGES)
    keys = (permissions.MANAGE_KEYS, permissions.DECIDE_GOING_LIVE)
    running = (permissions.PRINT_LETTERS, permissions.SEE_SUPPLIERS)
    held = may or (*every, *keys, *more, *seeing, *running)
    return Actor("service:bulky-waste", frozenset(held), organisation_id, PERSON)


def make_setter(*, organisation_id: UUID = BARSET.id) -> Actor:
    """Who sets dials, prices and how long messages are kept."""
    return Actor("staff:administrator", frozenset({SET_DIALS}), organisation_id)


def set_tariff(actor: Actor | None = None, **changes: object) -> records.Tariff:
    """The usual prices from the 1st of this month on, with changes to what `set_tariff` takes."""
    usual: dict[str, object] = {
        "begins_on": timezone.localdate().replace(day=1),
        "email": 5,
        "text": 233,
        "europe_times": 3,
        "world_times": 5,
        "sheet": 600,
        "letters": dict.fromkeys(models.POSTAGES, 6_800),
    }
    return operations.set_tariff(actor or make_setter(), **usual | changes)  # type: ignore[arg-type]


def send(actor: Actor | None = None, **changes: object) -> records.Message:
    """Send the usual email, with changes to what `send_email` takes."""
    usual: dict[str, object] = {
        "template": WORDING,
        "to": "ann@example.com",
        "person_id": PERSON,
        "personalisation": VALUES,
        "language": "en",
    }
    return operations.send_email(actor or make_actor(), **usual | changes)  # type: ignore[arg-type]


def make_live(sender: str = SENDER) -> records.SenderState:
    return operations.open_sender(make_actor(permissions.OPEN_SENDERS), sender=sender)


def make_key(key_type: KeyType = KeyType.LIVE, *, name: str = "till") -> records.NewKey:
    make_live()
    return operations.make_api_key(make_actor(), name=name, key_type=key_type, sender=SENDER)


def make_guest(
    sender_id: UUID, *, email: str = "", phone: str = "", is_team: bool = False
) -> records.Guest:
    return operations.add_guest(make_actor(), sender_id, email=email, phone=phone, is_team=is_team)


def make_limits(sender_id: UUID, **changes: int) -> records.SenderState:
    usual = queries.get_sender_limits(make_actor(), sender_id)
    return operations.agree_limits(make_actor(), sender_id, most_a_day=usual | changes)


def make_template() -> records.Template:
    return operations.ensure_templates(make_actor(), [WORDING])[0]


def make_text_template() -> records.Template:
    """Of the sender that `make_key` is for."""
    return operations.make_template(
        make_actor(),
        title="Ready to collect",
        body=Wording("Ready, ((name))"),
        channel=records.Channel.SMS,
        sender=SENDER,
    )


def make_number(number: str = NUMBER, *, organisation_id: UUID = BARSET.id) -> models.Origin:
    """A number of SENDER's that takes texts, and that its texts come from."""
    of = models.Sender.named(make_actor(organisation_id=organisation_id), SENDER)
    return models.Origin.objects.create(
        sender=of,
        channel=records.Channel.SMS,
        words=number,
        is_default=True,
        takes_texts=True,
    )


def make_callback(
    url: str,
    *,
    kind: records.CallbackKind = records.CallbackKind.DELIVERY,
    token: str = TOKEN,
    sender: str = SENDER,
) -> records.Callback:
    return operations.add_callback(make_actor(), kind=kind, url=url, token=token, sender=sender)


def every_organisation() -> list[Organisation]:
    return [BARSET, ELSEWHERE]


def organisation_for(request: HttpRequest) -> Organisation:
    return BARSET


def who_asks(request: HttpRequest) -> Actor:
    """Staff of Barset who may do everything here; of another organisation; or a stranger."""
    kind = request.headers.get("X-Test-Actor", "staff")
    held = make_actor().may | {SET_DIALS}
    return {
        "staff": Actor("staff:administrator", held, BARSET.id),
        "outsider": Actor("staff:administrator", held, ELSEWHERE.id),
        "stranger": Actor("resident", frozenset(), BARSET.id),
    }[kind]
