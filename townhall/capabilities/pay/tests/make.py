"""Payments, and what the processor says of them, for the tests of this capability."""

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
from django.utils import timezone

from townhall.capabilities.pay import models, operations, permissions, records
from townhall.capabilities.pay.providers import SANDBOX
from townhall.capabilities.pay.queries import get_payment
from townhall.capabilities.pay.records import CardResult, Telling, Word
from townhall.capabilities.pay.rules.cards import CARDS
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


def actor(*may: Permission, organisation_id: UUID = TOWN) -> Actor:
    return Actor("test", frozenset(may), organisation_id)


SERVICE = actor(permissions.START, permissions.READ, permissions.REFUND)
PROCESSOR = actor(permissions.RECORD)
CARDHOLDER = actor(permissions.USE_SANDBOX)
PAYER = actor(permissions.PAY)


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
