"""Twilio: a small server that answers as Twilio documents, and what Twilio would tell us.

https://www.twilio.com/docs/messaging/api/message-resource
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from townhall.capabilities.notify import models, operations, permissions, queries
from townhall.capabilities.notify.errors import ForgedReceipt, RecipientRefused
from townhall.capabilities.notify.providers.twilio import TwilioTexter
from townhall.capabilities.notify.records import Status, Text
from townhall.capabilities.notify.rules.twilio import sign
from townhall.capabilities.notify.tests.make import (
    BARSET,
    ELSEWHERE,
    NUMBER,
    make_actor,
    make_callback,
    make_key,
    make_number,
    make_text_template,
)
from townhall.capabilities.notify.tests.peers import Peer, listening
from townhall.capabilities.notify.tests.wire import post
from townhall.machinery import providers
from townhall.machinery.errors import NotAllowed, Unavailable
from townhall.machinery.models import RecordedEvent
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db

Answer = Any  # a test client's response
HERE = "https://barset.example"
ACCOUNT, AUTH = "AC0123456789abcdef", "its/token"
URL = f"twilio://{ACCOUNT}:its%2Ftoken@+441632960000"
MESSAGE_ID = UUID(int=9)


@pytest.fixture
def peer() -> Iterator[Peer]:
    with listening() as peer:
        peer.answers = [(201, {}, json.dumps({"sid": "SM1", "status": "queued"}).encode())]
        yield peer


@pytest.fixture
def chosen(settings: Settings, peer: Peer) -> None:
    """An installation that sends with Twilio, and where Twilio reaches it."""
    texter = "townhall.capabilities.notify.providers.twilio.TwilioTexter"
    settings.BASE_URL = HERE
    settings.PROVIDERS = settings.PROVIDERS | {
        "notify.texts": (texter, {"url": URL, "api": peer.url})
    }
    providers.chosen.cache_clear()


def carry(peer: Peer, sender: str = "Barset") -> Status:
    text = Text(message_id=MESSAGE_ID, to="447700900123", sender=sender, body="Helô & ŵ")
    return TwilioTexter(url=URL, api=peer.url).carry(text, organisation_id=BARSET.id)


def signed(url: str, form: Mapping[str, str]) -> str:
    """As Twilio's page on security says, written out again."""
    words = url
    for name, value in sorted(form.items()):
        words += name + value
    digest = hmac.new(AUTH.encode(), words.encode("utf-8"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")


def tell(path: str, form: Mapping[str, str], signature: str | None = None) -> Answer:
    signature = signed(HERE + path, form) if signature is None else signature
    return Client().post(path, dict(form), headers={"X-Twilio-Signature": signature})


def send_text() -> UUID:
    """A text that Twilio has taken."""
    sent = {"phone_number": "07900 900123", "template_id": str(make_text_template().id)}
    answer = post(
        make_key(),
        sent | {"personalisation": {"name": "Ann"}},
        path="/v2/notifications/sms",
    )
    assert answer.status_code == 201, answer.content
    run_tasks()
    return UUID(answer.json()["id"])


def status_path(message_id: UUID) -> str:
    return f"/notify/suppliers/twilio/{message_id}/"


def told(status: str, code: str = "") -> dict[str, str]:
    form = {"MessageSid": "SM1", "MessageStatus": status, "AccountSid": ACCOUNT}
    return form | ({"ErrorCode": code} if code else {})


def status_of(message_id: UUID) -> Status:
    return queries.get_message(make_actor(), message_id).status


def test_a_text_is_handed_over(peer: Peer, settings: Settings) -> None:
    settings.BASE_URL = HERE

    status = carry(peer)

    (asked,) = peer.asked
    basic = base64.b64encode(f"{ACCOUNT}:{AUTH}".encode()).decode()
    assert status == Status.SENDING
    assert asked.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert asked.headers["authorization"] == f"Basic {basic}"
    assert dict(parse_qsl(asked.body.decode())) == {
        "To": "+447700900123",
        "From": "Barset",
        "Body": "Helô & ŵ",
        "StatusCallback": HERE + status_path(MESSAGE_ID),
    }


@pytest.mark.parametrize(
    ("sender", "written"),
    [("447700900500", "+447700900500"), ("60006", "60006"), ("Barset", "Barset")],
)
def test_a_number_is_written_as_twilio_knows_it(peer: Peer, sender: str, written: str) -> None:
    carry(peer, sender=sender)

    assert parse_qs(peer.asked[0].body.decode())["From"] == [written]


def test_without_an_address_of_ours_none_is_given(peer: Peer, settings: Settings) -> None:
    settings.BASE_URL = ""

    carry(peer, sender="")

    asked = parse_qs(peer.asked[0].body.decode())
    assert asked["From"] == ["+441632960000"]
    assert "StatusCallback" not in asked


@pytest.mark.parametrize(
    ("status", "body", "refusal", "says"),
    [
        (400, {"code": 21211, "message": "'To' +447700900123"}, RecipientRefused, "21211"),
        (404, {"code": 20404}, RecipientRefused, "20404"),
        (401, {"code": 20003}, Unavailable, "20003"),
        (429, {"code": 20429}, Unavailable, "20429"),
        (503, None, Unavailable, "503"),
    ],
)
def test_a_no_is_final_or_not(
    peer: Peer, status: int, body: object, refusal: type[Exception], says: str
) -> None:
    peer.answers = [(status, {}, json.dumps(body).encode() if body else b"<html>")]

    with pytest.raises(refusal, match=says) as refused:
        carry(peer)

    assert "447700900123" not in str(refused.value)


def test_twilio_that_is_away_is_asked_again_later() -> None:
    with listening() as peer:
        pass

    with pytest.raises(Unavailable, match="ConnectError"):
        carry(peer)


@pytest.mark.parametrize("url", ["", "twilio://account@+441632960000", "smtp://a:b@c"])
def test_what_is_no_account_is_refused_at_once(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        TwilioTexter(url=url)


def test_the_signature_is_that_of_twilios_own_example() -> None:
    """https://www.twilio.com/docs/usage/security (validating signatures from Twilio)"""
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }

    found = sign("https://mycompany.com/myapp.php?foo=1&bar=2", form, "12345")

    assert found == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        ("delivered", "", Status.DELIVERED),
        ("undelivered", "30003", Status.TEMPORARY_FAILURE),
        ("undelivered", "30008", Status.TEMPORARY_FAILURE),
        ("undelivered", "", Status.TEMPORARY_FAILURE),
        ("undelivered", "30005", Status.PERMANENT_FAILURE),
        ("failed", "30006", Status.PERMANENT_FAILURE),
        ("failed", "21610", Status.PERMANENT_FAILURE),
        ("failed", "30002", Status.TECHNICAL_FAILURE),
        ("queued", "", Status.SENDING),
        ("sent", "", Status.SENDING),
        ("something new", "", Status.SENDING),
    ],
)
@pytest.mark.usefixtures("chosen")
def test_a_receipt_says_what_became_of_a_text(status: str, code: str, expected: Status) -> None:
    make_callback("https://example.com/")
    message_id = send_text()

    answer = tell(status_path(message_id), told(status, code))

    is_end = expected != Status.SENDING
    message = models.Message.objects.get(id=message_id)
    assert (answer.status_code, message.status) == (204, expected)
    assert (message.completed_at is not None) == is_end
    assert models.CallbackDelivery.objects.count() == is_end
    failures = RecordedEvent.objects.filter(name="notify.message_failed")
    assert failures.count() == (is_end and expected != Status.DELIVERED)


@pytest.mark.usefixtures("chosen")
def test_a_receipt_that_comes_twice_or_late_changes_nothing() -> None:
    make_callback("https://example.com/")
    message_id = send_text()
    path = status_path(message_id)
    tell(path, told("delivered"))
    before = models.Message.objects.values().get()

    answers = [tell(path, told(each, "30005")) for each in ("delivered", "failed", "sent")]

    assert [answer.status_code for answer in answers] == [204, 204, 204]
    assert models.Message.objects.values().get() == before
    assert models.CallbackDelivery.objects.count() == 1


@pytest.mark.usefixtures("chosen")
def test_a_receipt_may_be_faster_than_our_own_note() -> None:
    message_id = send_text()
    models.Message.objects.update(status=Status.CREATED, sent_at=None)
    RecordedEvent.objects.all().delete()

    tell(status_path(message_id), told("delivered"))
    operations.mark_sent(make_actor(), message_id)

    assert status_of(message_id) == Status.DELIVERED
    assert models.Message.objects.get().sent_at is not None
    assert RecordedEvent.objects.filter(name="notify.message_sent").count() == 1


@pytest.mark.usefixtures("chosen")
def test_what_is_not_signed_by_twilio_is_refused() -> None:
    message_id = send_text()
    path, form = status_path(message_id), told("delivered")
    good = signed(HERE + path, form)

    forged = [
        tell(path, form, signature=""),
        tell(path, form, signature="ŵ"),
        tell(path, form | {"MessageStatus": "failed"}, signature=good),
        tell(path, form, signature=signed(f"http://testserver{path}", form)),
        tell("/notify/suppliers/twilio/texts/", form, signature=good),
    ]

    assert [answer.status_code for answer in forged] == [403] * 5
    assert forged[0].json()["type"] == "notify.forged_receipt"
    assert status_of(message_id) == Status.SENDING


@pytest.mark.usefixtures("chosen")
def test_a_receipt_finds_its_message_in_any_organisation() -> None:
    """All of an installation's texts have the same address for receipts."""
    message_id = send_text()
    models.Message.objects.update(organisation_id=ELSEWHERE.id)

    answer = tell(status_path(message_id), told("delivered"))

    assert answer.status_code == 204
    assert models.Message.objects.get().status == Status.DELIVERED


@pytest.mark.usefixtures("chosen")
def test_a_receipt_of_an_unknown_message_is_not_found() -> None:
    answer = tell(status_path(uuid4()), told("delivered"))

    assert (answer.status_code, answer.json()["type"]) == (404, "notify.no_such_message")


@pytest.mark.usefixtures("chosen")
def test_a_text_comes_in_and_is_kept_once() -> None:
    make_number()
    path = "/notify/suppliers/twilio/texts/"
    form = {"MessageSid": "SM7", "From": "+447700900123", "To": f"+{NUMBER}", "Body": "YES\0 ŵ"}

    answers = [tell(path, form) for _each in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert b"<Response/>" in answers[0].content
    (text,) = queries.list_texts(make_actor()).rows
    assert (text.to, text.by, text.body) == (NUMBER, "447700900123", "YES ŵ")
    lost = tell(path, form | {"To": "+447700900999"})
    assert (lost.status_code, lost.json()["type"]) == (404, "notify.no_such_number")


@pytest.mark.usefixtures("chosen")
def test_a_text_does_not_come_to_an_organisation_that_was_not_given_the_number() -> None:
    make_number(organisation_id=ELSEWHERE.id)
    form = {"MessageSid": "SM7", "From": "+447700900123", "To": f"+{NUMBER}", "Body": "YES"}

    assert tell("/notify/suppliers/twilio/texts/", form).status_code == 404
    assert not models.ReceivedText.objects.exists()


def test_without_twilio_there_is_nothing_to_tell() -> None:
    answers = [
        tell(status_path(uuid4()), told("delivered")),
        tell("/notify/suppliers/twilio/texts/", {}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["type"] == "notify.no_such_supplier"
    assert Client().get(status_path(uuid4())).status_code == 405


@pytest.mark.usefixtures("chosen")
def test_receipts_need_the_permission_and_the_signature() -> None:
    stranger = make_actor(permissions.SEND)
    said: dict[str, Any] = {"url": HERE, "form": {}, "signature": "x"}

    with pytest.raises(NotAllowed):
        operations.take_twilio_status(stranger, uuid4(), **said)
    with pytest.raises(NotAllowed):
        operations.take_twilio_text(stranger, **said)
    with pytest.raises(ForgedReceipt):
        operations.take_twilio_text(make_actor(), **said)
