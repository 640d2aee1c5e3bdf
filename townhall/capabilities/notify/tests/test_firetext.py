"""FireText: what it is asked, and what it tells us. https://www.firetext.co.uk/docs"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from townhall.capabilities.notify import models, operations, permissions, queries
from townhall.capabilities.notify.errors import ForgedReceipt, RecipientRefused
from townhall.capabilities.notify.providers.firetext import FiretextTexter
from townhall.capabilities.notify.records import Status, Text
from townhall.capabilities.notify.rules.firetext import read_receipt
from townhall.capabilities.notify.tests.channels import SMS, text
from townhall.capabilities.notify.tests.doubles import Firetext, standing_in
from townhall.capabilities.notify.tests.make import (
    BARSET,
    NUMBER,
    make_actor,
    make_callback,
    make_key,
    make_number,
)
from townhall.capabilities.notify.tests.wire import post
from townhall.machinery import providers
from townhall.machinery.errors import NotAllowed
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db

Answer = Any  # a test client's response
HERE = "https://barset.example"
SECRET = FiretextTexter(Firetext.SETTING).secret
TEXTS = f"/notify/suppliers/firetext/{SECRET}/texts/"
RECEIPTS = f"/notify/suppliers/firetext/{SECRET}/receipts/"
CAME_IN = {
    "source": "447700900123",
    "destination": NUMBER,
    "message": "YES\0 ŵ",
    "time": "2026-11-23 09:00:00",
}


@pytest.fixture
def firetext(settings: Settings) -> Iterator[Firetext]:
    """An installation that sends with FireText, and where FireText reaches it."""
    settings.BASE_URL = HERE
    with standing_in(Firetext) as double:
        assert isinstance(double, Firetext)
        texter = "townhall.capabilities.notify.providers.firetext.FiretextTexter"
        options = {"url": Firetext.SETTING, "api": double.url}
        settings.PROVIDERS = settings.PROVIDERS | {"notify.texts": (texter, options)}
        providers.chosen.cache_clear()
        yield double


def send() -> UUID:
    """A text that FireText has taken."""
    answer = post(make_key(), text(), path=SMS)
    assert answer.status_code == 201, answer.content
    run_tasks()
    return UUID(answer.json()["id"])


def tell(path: str, form: Mapping[str, str]) -> Answer:
    return Client().post(path, dict(form))


def test_a_text_is_handed_over(firetext: Firetext) -> None:
    message_id = send()

    assert firetext.taken == [
        {
            "apiKey": Firetext.KEY,
            "from": "Barset",
            "to": "447700900123",
            "message": "Hello Ann",
            "reference": str(message_id),
            "receipt": HERE + RECEIPTS,
        }
    ]
    assert Firetext.KEY not in firetext.peer.asked[0].path


def test_a_name_of_its_own_stands_before_the_usual_one(firetext: Firetext) -> None:
    texter = FiretextTexter(Firetext.SETTING, api=firetext.url)
    words = Text(message_id=uuid4(), to="447700900123", sender="Bins", body="Out")
    nameless = Text(message_id=uuid4(), to="447700900123", sender="B", body="Out")

    texter.carry(words, organisation_id=BARSET.id)

    assert firetext.taken[0]["from"] == "Bins"
    with pytest.raises(RecipientRefused, match="3"):
        texter.carry(nameless, organisation_id=BARSET.id)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        ("0", "000", Status.DELIVERED),
        ("0", "", Status.DELIVERED),
        ("1", "101", Status.PERMANENT_FAILURE),
        ("1", "201", Status.PERMANENT_FAILURE),
        ("1", "401", Status.PERMANENT_FAILURE),
        ("1", "", Status.PERMANENT_FAILURE),
        ("1", "102", Status.TEMPORARY_FAILURE),
        ("1", "900", Status.TEMPORARY_FAILURE),
        ("1", "000", Status.TEMPORARY_FAILURE),
        ("2", "", None),
        ("", "", None),
        ("9", "101", None),
    ],
)
def test_what_a_receipt_means(status: str, code: str, expected: Status | None) -> None:
    receipt = read_receipt(Firetext.receipt("x", status, code))

    assert (receipt and receipt.status) == expected


def test_a_receipt_says_what_became_of_a_text(firetext: Firetext) -> None:
    make_callback("https://example.com/")
    message_id = send()
    statuses = ["2", "1", "0", "1"]

    answers = [tell(RECEIPTS, firetext.receipt(str(message_id), each)) for each in statuses]

    assert [answer.status_code for answer in answers] == [204] * 4
    assert models.Message.objects.get().status == Status.PERMANENT_FAILURE
    assert models.CallbackDelivery.objects.count() == 1


@pytest.mark.usefixtures("firetext")
@pytest.mark.parametrize("reference", ["", "x", str(UUID(int=9))])
def test_a_receipt_of_no_message_is_not_found(reference: str) -> None:
    answer = tell(RECEIPTS, Firetext.receipt(reference, "0"))

    assert (answer.status_code, answer.json()["type"]) == (404, "notify.no_such_message")


@pytest.mark.usefixtures("firetext")
def test_a_text_comes_in_and_is_kept_once() -> None:
    make_number()

    answers = [tell(TEXTS, CAME_IN) for _each in range(2)]
    tell(TEXTS, CAME_IN | {"time": "2026-11-23 09:00:01"})

    assert [answer.status_code for answer in answers] == [204, 204]
    newest, _first = queries.list_texts(make_actor()).rows
    assert (newest.to, newest.by, newest.body) == (NUMBER, "447700900123", "YES ŵ")
    lost = tell(TEXTS, CAME_IN | {"destination": "447700900999"})
    assert (lost.status_code, lost.json()["type"]) == (404, "notify.no_such_number")
    assert tell(TEXTS, {"destination": NUMBER}).status_code == 204  # empty, and still a text


@pytest.mark.usefixtures("firetext")
@pytest.mark.parametrize("secret", ["x", "ŵ", SECRET.upper(), "0" * 32])
def test_only_firetext_knows_where_we_listen(secret: str) -> None:
    answers = [tell(path.replace(SECRET, secret), CAME_IN) for path in (TEXTS, RECEIPTS)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json()["type"] == "notify.forged_receipt"


def test_without_firetext_there_is_nothing_to_tell() -> None:
    answers = [tell(path, CAME_IN) for path in (TEXTS, RECEIPTS)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["type"] == "notify.no_such_supplier"


@pytest.mark.usefixtures("firetext")
def test_receipts_need_the_permission_and_the_secret() -> None:
    stranger = make_actor(permissions.SEND)

    with pytest.raises(NotAllowed):
        operations.take_firetext_receipt(stranger, secret=SECRET, form={})
    with pytest.raises(NotAllowed):
        operations.take_firetext_text(stranger, secret=SECRET, form={})
    with pytest.raises(ForgedReceipt):
        operations.take_firetext_text(make_actor(), secret="x", form={})
