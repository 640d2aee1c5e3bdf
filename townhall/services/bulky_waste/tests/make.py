"""A small organisation with addresses and days to book, made through the doors."""

from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from townhall.capabilities.bookings import permissions as bookings
from townhall.capabilities.cases import permissions as cases
from townhall.capabilities.identity import permissions as identity
from townhall.capabilities.identity.operations import add_organisation
from townhall.capabilities.notify import permissions as notify
from townhall.capabilities.notify.queries import get_sandbox_message, list_sandbox_messages
from townhall.capabilities.notify.records import SandboxMessage
from townhall.capabilities.pay import permissions as pay
from townhall.capabilities.pay.operations import (
    pay_in_sandbox,
    tell_outcome,
)
from townhall.capabilities.pay.queries import list_refunds
from townhall.capabilities.pay.records import CardResult, Refund, Telling
from townhall.capabilities.places import permissions as places
from townhall.capabilities.places.operations import import_addresses
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.dial_values import set_dial
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.organisations import Organisation, prepare
from townhall.machinery.queue import run_waiting
from townhall.machinery.wording import Wording
from townhall.services.bulky_waste import models, operations, queries, records
from townhall.services.bulky_waste.service import (
    ASK,
    BULKY_WASTE,
    FIGURES,
    MANAGE,
    ROUND,
)

HOMES = ("2", "10", "1A")
RECEIPTS = ("Your payment for ", "Eich taliad: ")
EMAIL = "ada@resident.example"


def make_organisation(slug: str = "newtown") -> Organisation:
    operator = Actor("command", frozenset({identity.RUN_INSTALLATION}), uuid4())
    opened = add_organisation(operator, slug=slug, name=Wording(slug), hosts=[f"{slug}.example"])
    prepare(opened)
    loader = Actor("command", frozenset({places.LOAD_ADDRESSES}), opened.id)
    import_addresses(
        loader,
        rows=[
            {
                "UPRN": str(100 + number),
                "house": house,
                "street": "Abbey Walk",
                "locality": "",
                "town": "Newtown",
                "postcode": "AA1 1AA",
            }
            for number, house in enumerate(HOMES)
        ],
    )
    return opened


def make_actor(of: Organisation, *may: Permission, person_id: UUID | None = None) -> Actor:
    name = "staff:tester" if may else "resident"
    return Actor(name, frozenset({ASK, *may}), of.id, person_id)


def caseworker(of: Organisation) -> Actor:
    return make_actor(of, MANAGE, cases.WORK, person_id=uuid4())


def crew(of: Organisation) -> Actor:
    return make_actor(of, ROUND, person_id=uuid4())


def administrator(of: Organisation) -> Actor:
    return make_actor(of, FIGURES, person_id=uuid4())


def supplier(of: Organisation) -> Actor:
    may = frozenset({pay.USE_SANDBOX, pay.READ, pay.START, bookings.BOOK})
    return Actor("test", may, of.id)


def ask_for_collection(
    actor: Actor, *, uprn: str = "100", day: int = 0, email: str = EMAIL, **changes: int
) -> records.Collection:
    """A request whose place is held, for the first day offered unless another is named."""
    return operations.request_collection(
        actor,
        uprn=uprn,
        items=changes or {"sofa": 1, "mattress": 2},
        slot_id=queries.list_days(actor)[day].id,
        contact=records.Contact(name="Ada Adeyemi", email=email, phone="+447700900123"),
    )


def pay_for(of: Organisation, collection_id: UUID, *, result: CardResult = CardResult.PAYS) -> UUID:
    """With one of the sandbox's cards, and let what follows happen."""
    payment_id = give_card(of, collection_id, result=result)
    settle()
    return payment_id


def give_card(
    of: Organisation,
    collection_id: UUID,
    *,
    result: CardResult = CardResult.PAYS,
    telling: Telling = Telling.AT_ONCE,
) -> UUID:
    """On the card page, with nothing that follows done yet; the payment's id."""
    payment_id = operations.pay_again(make_actor(of), collection_id)
    pay_in_sandbox(supplier(of), payment_id, result=result, telling=telling)
    return payment_id


def settle() -> None:
    """What is queued happens; the processor's own notices do not: it has been asked already."""
    run_waiting(dropped=(tell_outcome.name,))


def bring_to_today(collection_id: UUID) -> None:
    """Its day has come."""
    models.Collection.objects.filter(id=collection_id).update(collects_on=timezone.localdate())


def set_dials(of: Organisation, **values: object) -> None:
    setter = Actor("test", frozenset({SET_DIALS}), of.id)
    for name, value in values.items():
        set_dial(setter, BULKY_WASTE.slug, name, value=value)
    settle()


def letters(of: Organisation) -> list[SandboxMessage]:
    """The service's emails that have left, oldest first; receipts are another service's."""
    reader = Actor("test", frozenset({notify.SEE_SANDBOX}), of.id)
    lines = sorted(list_sandbox_messages(reader).rows, key=lambda each: each.id)
    sent = [get_sandbox_message(reader, line.id) for line in lines]
    return [each for each in sent if not each.subject.startswith(RECEIPTS)]


def refunds(of: Organisation, payment_id: UUID) -> list[Refund]:
    return list_refunds(supplier(of), payment_id=payment_id)


def booked(of: Organisation, **changes: Any) -> models.Collection:  # Any: as ask_for_collection
    collection = ask_for_collection(make_actor(of), **changes)
    pay_for(of, collection.id)
    return models.Collection.objects.get(id=collection.id)


def subjects(of: Organisation) -> list[str]:
    """What residents have been told, oldest first."""
    settle()
    return [letter.subject for letter in letters(of)]
