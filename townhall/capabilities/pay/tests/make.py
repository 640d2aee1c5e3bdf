"""Payments, and what the processor says of them, for the tests of this capability."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from townhall.capabilities.pay import models, operations, permissions, records
from townhall.capabilities.pay.providers import SANDBOX
from townhall.capabilities.pay.queries import get_payment
from townhall.capabilities.pay.records import CardResult, DisputeState, Mode, Telling, Word
from townhall.capabilities.pay.rules.cards import CARDS
from townhall.capabilities.pay.rules.identifiers import read_id
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.models import RecordedEvent
from townhall.machinery.money import Money
from townhall.machinery.organisations import Organisation
from townhall.machinery.queue import run_waiting
from townhall.machinery.wording import Wording

TOWN = UUID(int=1)
OTHER_TOWN = UUID(int=2)
TWENTY_POUNDS = Money(2000)
RETURN_URL = "http://testserver/done/"
NOTICE_URL = "http://testserver/api/v1/pay/notices"
TELEPHONE = {
    "amount": 12000,
    "reference": "MRPC12345",
    "description": "New passport application",
    "created_date": "2018-02-21T16:04:25Z",
    "authorised_date": "2018-02-21T16:05:33Z",
    "processor_id": "183f2j8923j8",
    "provider_id": "17498-8412u9-1273891239",
    "auth_code": "auth12345",
    "payment_outcome": {"status": "success"},
    "card_type": "master-card",
    "name_on_card": "J Doe",
    "email_address": "j.doe@example.com",
    "card_expiry": "02/19",
    "last_four_digits": "1234",
    "first_six_digits": "654321",
    "telephone_number": "01632 960001",
}  # what a program tells of a payment that was taken there


def actor(*may: Permission, organisation_id: UUID = TOWN) -> Actor:
    return Actor("test", frozenset(may), organisation_id)


SERVICE = actor(permissions.START, permissions.READ, permissions.REFUND)
PROCESSOR = actor(permissions.RECORD)
CARDHOLDER = actor(permissions.USE_SANDBOX)
PAYER = actor(permissions.PAY)
STAFF = actor(permissions.MANAGE)


def make_payment(**changes: Any) -> records.Payment:  # Any: an argument of start_payment
    about: dict[str, Any] = {
        "service": "parking",
        "subject_id": uuid4(),
        "person_id": uuid4(),
        "amount": TWENTY_POUNDS,
        "reference": "PRK-1234",
        "description": "A parking permit",
        "expires_at": timezone.now() + timedelta(minutes=30),
    }
    return operations.start_payment(SERVICE, **(about | changes))


def open_checkout(payment: records.Payment, *, notice_url: str = NOTICE_URL) -> str:
    """Begin at the sandbox; its reference."""
    return operations.open_at_processor(
        PAYER, payment.id, processor=SANDBOX, return_url=RETURN_URL, notice_url=notice_url
    ).reference


def make_card(result: CardResult = CardResult.PAYS) -> records.Card:
    number = next(number for number, what in CARDS.items() if what == result)
    return records.Card(number=number, code="123", expires="10/35", name="A Resident")


def authorise(
    payment: records.Payment,
    *,
    result: CardResult = CardResult.PAYS,
    telling: Telling = Telling.AT_ONCE,
) -> records.Payment:
    """Enter the card of that result on the card page."""
    reference = open_checkout(payment)
    if telling != Telling.AT_ONCE:
        operations.set_telling(CARDHOLDER, reference, telling=telling)
    return operations.pay_by_card(PAYER, payment.id, card=make_card(result), email="")[0]


def make_paid_payment(
    *, result: CardResult = CardResult.PAYS, amount: Money = TWENTY_POUNDS, **changes: Any
) -> records.Payment:
    """A payment that the sandbox has taken, and of which we know."""
    payment = make_payment(amount=amount, **changes)
    authorise(payment, result=result)
    operations.confirm_payment(PAYER, payment.id)
    settle()
    return get_payment(SERVICE, payment.id)


def settle() -> None:
    """What is queued happens; the sandbox's own notices do not."""
    run_waiting(dropped=(operations.tell_outcome.name, operations.tell_dispute.name))


def make_notice(reference: str, **changes: Any) -> records.ProcessorNotice:  # Any: of an Outcome
    """The processor's word that a checkout was paid, unless `changes` say otherwise."""
    name = changes.pop("id", str(uuid4()))
    about: dict[str, Any] = {"reference": reference, "word": Word.CAPTURED, "amount": TWENTY_POUNDS}
    return records.ProcessorNotice(id=name, about=records.Outcome(**(about | changes)))


def record(notice: records.ProcessorNotice) -> records.Notice:
    return operations.record_notice(PROCESSOR, processor=SANDBOX, notice=notice, body="{}")


def balances(organisation_id: UUID = TOWN) -> dict[tuple[str, str], int]:
    """What each account that has moved stands at, in minor units, by its purpose and detail."""
    found = {}
    for account in models.Account.objects.filter(organisation_id=organisation_id):
        if minor := models.Posting.balance_of(account).minor:
            found[account.purpose, account.detail] = minor
    return found


def let_expire(payment: records.Payment) -> None:
    """Turn the clock to after a payment's time."""
    past = timezone.now() - timedelta(minutes=1)
    models.Payment.objects.filter(id=payment.id).update(expires_at=past)
    models.SandboxCheckout.objects.filter(payment_id=payment.id).update(expires_at=past)


def events(name: str) -> list[dict[str, Any]]:  # Any: the facts of any event
    """The facts of every event of that name, oldest first."""
    found = RecordedEvent.objects.filter(name=name).order_by("happened_at")
    return list(found.values_list("facts", flat=True))


def organisation() -> Organisation:
    return Organisation(
        id=TOWN,
        slug="town",
        name=Wording("Test Town"),
        colour="#1d70b8",
        logo_url="",
        contact=Wording("Call us"),
    )


def organisation_for(request: HttpRequest) -> Organisation:
    return organisation()


def every_organisation() -> list[Organisation]:
    return [organisation()]


def who_asks(request: HttpRequest) -> Actor:
    return actor()


class Post:
    """One request that the test's own server was sent."""

    def __init__(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        self.path, self.body, self.headers = path, body, headers


@contextmanager
def listening(*, answers: int = 204) -> Iterator[tuple[str, list[Post]]]:
    """A real HTTP server on this machine: its address, and what has been posted to it."""
    posts: list[Post] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # http.server's own name
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posts.append(Post(self.path, body, dict(self.headers)))
            self.send_response(answers)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            return

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Listener)) as address:
        yield f"{address}/notices", posts


@contextmanager
def serving() -> Iterator[str]:
    """This installation on a port of its own, as the settings are now: its address."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, *arguments: object) -> None:
            return

    application = get_wsgi_application()
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    with _running(server) as address:
        yield address


@contextmanager
def _running(server: HTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_till(
    name: str = "Parking desk", *, organisation_id: UUID = TOWN, **changes: bool
) -> records.Till:
    """A test till with everything switched on, unless `changes` say otherwise."""
    staff = actor(permissions.MANAGE, organisation_id=organisation_id)
    till = operations.add_till(staff, name=name, is_live=changes.pop("is_live", False))
    switches = {
        "takes_moto": True,
        "takes_moto_api": True,
        "takes_recurring": True,
        "takes_telephone_notices": True,
        "is_open": True,
    }
    return operations.change_till(staff, till.id, **(switches | changes))


class Program:
    """A program with a key of its own till, as GOV.UK Pay's API is called."""

    def __init__(self, till: records.Till, key: str = "") -> None:
        self.till, self.client = till, Client()
        self.key = key or operations.make_key(STAFF, till.id, name="test")

    def get(self, path: str, **query: Any) -> Any:  # Any: Django's test response has no type
        headers = {"Authorization": f"Bearer {self.key}"}
        return self.client.get(f"/v1/{path}", query, headers=headers)

    def post(self, path: str, body: Any = None, *, once: str = "") -> Any:  # Any: JSON
        headers = {"Authorization": f"Bearer {self.key}"}
        headers |= {"Idempotency-Key": once} if once else {}
        sent = "" if body is None else json.dumps(body)
        return self.client.post(
            f"/v1/{path}", sent, content_type="application/json", headers=headers
        )

    def create(self, *, once: str = "", **changes: Any) -> Any:  # Any: JSON
        return self.post("payments", asking(**changes), once=once)


def asking(**changes: Any) -> dict[str, Any]:  # Any: JSON
    """What creates a payment; None takes a field away."""
    body = {
        "amount": 2000,
        "reference": "PRK-1234",
        "description": "A parking permit",
        "return_url": "https://parking.example/done",
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


def pay(payment_id: str, *, result: CardResult = CardResult.PAYS) -> None:
    """Enter a card on the page of a program's payment, and confirm it."""
    found = read_id(payment_id)
    assert found
    operations.pay_in_sandbox(
        actor(permissions.USE_SANDBOX), found, result=result, notice_url=NOTICE_URL
    )


def dispute(payment_id: str, *, state: DisputeState = DisputeState.NEEDS_RESPONSE) -> None:
    """The payer's bank tells of a dispute of a program's payment."""
    payment = models.Payment.objects.get(id=str(read_id(payment_id)))
    about = records.DisputeNotice(
        reference=f"dispute-{payment.id}",
        payment_reference=payment.processor_reference,
        state=state,
        amount=payment.amount,
        fee=Money(1500),
        reason="fraudulent",
    )
    record(records.ProcessorNotice(id=f"{about.reference}/{state}", about=about))


def program_actor() -> Actor:
    return actor(permissions.START, permissions.READ, permissions.REFUND)


def again_under(agreement_id: str) -> records.NewPayment:
    """What a program asks for under an agreement."""
    return records.NewPayment(
        amount=TWENTY_POUNDS,
        reference="CT-22",
        description="Council tax",
        mode=Mode.AGREEMENT,
        agreement_id=read_id(agreement_id),
    )
