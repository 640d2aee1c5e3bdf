"""A request repeated with its Idempotency-Key sends once."""

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from townhall.capabilities.notify import models
from townhall.capabilities.notify.records import KeyType
from townhall.capabilities.notify.tests.channels import (
    LETTER,
    SMS,
    letter,
    ready_letter,
    text,
)
from townhall.capabilities.notify.tests.make import make_key
from townhall.capabilities.notify.tests.wire import body, post, refused
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", [SMS, LETTER])
def test_the_same_key_for_the_same_request_sends_once(path: str) -> None:
    key, asked = make_key(), text() if path == SMS else letter()
    given = {"Idempotency-Key": "order-7"}

    first = post(key, asked, path=path, **given)
    again = post(key, asked, path=path, **given)
    other = post(key, asked | {"reference": "other"}, path=path, **given)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    says = "This Idempotency-Key was used for a different request"
    refused(other, 409, "ConflictError", says)
    run_tasks()
    assert models.Message.objects.count() == models.SandboxMessage.objects.count() == 1


def test_an_email_repeated_with_its_key_says_again_what_was_made_harmless() -> None:
    key = make_key()
    values = {"day": "www.x.example", "name": "Ann", "items": "a"}
    asked = body(personalisation=values, sanitise_content_for=["day"])

    first, again = (post(key, asked, **{"Idempotency-Key": "e"}).json() for _time in range(2))

    assert first == again
    assert first["sanitised_content"]


def test_a_ready_letter_repeated_with_its_key_is_taken_once() -> None:
    key, coded = make_key(), base64.b64encode(ready_letter()).decode()
    asked = {"reference": "r", "content": coded}

    ids = {post(key, asked, path=LETTER, **{"Idempotency-Key": "p"}).json()["id"] for _ in "12"}

    assert len(ids) == models.Paper.objects.count() == 1


def test_an_idempotency_key_of_nonsense_is_refused() -> None:
    answer = post(make_key(), text(), path=SMS, **{"Idempotency-Key": "a b"})

    says = "Idempotency-Key must be 1 to 255 letters, digits, hyphens or underscores"
    refused(answer, 400, "ValidationError", says)


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_with_one_key_at_the_same_moment_one_sends() -> None:
    key, asked = make_key(), text()

    def ask(_number: int) -> tuple[int, str]:
        try:
            answer = post(key, asked, path=SMS, **{"Idempotency-Key": "race"})
            return answer.status_code, answer.json().get("id", "")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as askers:
        answers = set(askers.map(ask, range(24)))

    assert {status for status, _id in answers} <= {201, 409}
    assert len({sent for status, sent in answers if status == 201}) == 1
    assert models.Message.objects.count() == 1


def test_what_a_test_key_pretended_to_send_a_live_key_sends() -> None:
    asked, given = text(), {"Idempotency-Key": "order-7"}
    test_key, live_key = make_key(KeyType.TEST, name="test"), make_key()

    ids = {post(key, asked, path=SMS, **given).json()["id"] for key in (test_key, live_key)}
    run_tasks()

    assert len(ids) == 2
    assert models.SandboxMessage.objects.count() == 1
