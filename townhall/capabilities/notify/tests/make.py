"""An organisation, its actors, and what they send with."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest

from townhall.capabilities.notify import models, operations, permissions, records
from townhall.capabilities.notify.records import KeyType
from townhall.machinery.actors import Actor, Permission
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
    staff = (permissions.MANAGE_KEYS, permissions.PRINT_LETTERS, permissions.SEE_SUPPLIERS)
    held = may or (*every, *staff, *more)
    return Actor("service:bulky-waste", frozenset(held), organisation_id, PERSON)


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


def make_key(key_type: KeyType = KeyType.LIVE, *, name: str = "till") -> records.NewKey:
    return operations.make_api_key(make_actor(), name=name, key_type=key_type, sender=SENDER)


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
    held = make_actor().may
    return {
        "staff": Actor("staff:administrator", held, BARSET.id),
        "outsider": Actor("staff:administrator", held, ELSEWHERE.id),
        "stranger": Actor("resident", frozenset(), BARSET.id),
    }[kind]
