"""GOV.UK Notify's wire, byte by byte where its clients look."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.notify import models, operations
from townhall.capabilities.notify.records import KeyType, NewKey, Status
from townhall.capabilities.notify.tests.make import (
    VALUES,
    make_actor,
    make_key,
    make_template,
    send,
)
from townhall.capabilities.notify.tests.wire import EMAIL, bearer, body, get, post, refused
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


def test_an_email_is_taken_in() -> None:
    key, template = make_key(), make_template()

    answer = post(key, body(reference="r-1", scheduled_for=None))

    message = models.Message.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": str(message.id),
        "reference": "r-1",
        "content": {
            "body": "Dear Ann\n\nWe collect: \n\n* a sofa\n* a bed",
            "subject": "Collection on Monday",
            "from_email": "noreply@barset.example",
            "one_click_unsubscribe_url": None,
        },
        "sanitised_content": {},
        "uri": f"http://testserver/v2/notifications/{message.id}",
        "template": {
            "id": str(template.id),
            "version": 1,
            "uri": f"http://testserver/services/{message.sender_id}/templates/{template.id}",
        },
        "scheduled_for": None,
    }


def test_a_message_is_read_with_every_key() -> None:
    key, template = make_key(), make_template()
    sent = post(key, body()).json()
    run_tasks()

    answer = get(key, f"/v2/notifications/{sent['id']}")

    found = answer.json()
    assert answer.status_code == 200
    for name in ("created_at", "sent_at"):
        moment = datetime.strptime(found.pop(name), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        assert abs(moment - datetime.now(UTC)) < timedelta(minutes=1)
    assert found == {
        "id": sent["id"],
        "reference": None,
        "email_address": "ann@example.com",
        "phone_number": None,
        "line_1": None,
        "line_2": None,
        "line_3": None,
        "line_4": None,
        "line_5": None,
        "line_6": None,
        "postcode": None,
        "postage": None,
        "type": "email",
        "status": "sending",
        "template": {
            "id": str(template.id),
            "version": 1,
            "uri": f"http://testserver/v2/template/{template.id}/version/1",
        },
        "body": sent["content"]["body"],
        "subject": sent["content"]["subject"],
        "completed_at": None,
        "created_by_name": None,
        "scheduled_for": None,
        "one_click_unsubscribe_url": None,
        "cost_in_pounds": 0.0,
        "is_cost_data_ready": True,
        "cost_details": {},
    }


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        ("", "Unauthorized: authentication token must be provided"),
        ("Basic abc", "Unauthorized: authentication bearer scheme must be used"),
    ],
)
def test_without_a_token_it_is_401(authorization: str, message: str) -> None:
    answer = post(make_key(), body(), Authorization=authorization)

    refused(answer, 401, "AuthError", message)


def test_with_a_bad_token_it_is_403() -> None:
    key = make_key()
    wrong = NewKey(id=key.id, name="x", key_type=key.key_type, text=key.text[:-36] + str(uuid4()))

    refused(post(wrong, body()), 403, "AuthError", "Invalid token: API key not found")
    refused(get(wrong, f"{EMAIL}"), 403, "AuthError", "Invalid token: API key not found")


def test_the_scheme_is_read_in_any_case() -> None:
    key = make_key()

    answer = post(key, body(), Authorization=bearer(key).replace("Bearer", "bEARER"))

    assert answer.status_code == 201


def test_what_the_template_lacks_is_named() -> None:
    answer = post(make_key(), body(personalisation={"day": "x"}))

    refused(answer, 400, "BadRequestError", "Missing personalisation: name, items")


def test_an_unknown_template_is_a_bad_request() -> None:
    answer = post(make_key(), body(template_id=str(uuid4())))

    refused(answer, 400, "BadRequestError", "Template not found")


def test_complaints_stay_english_whatever_the_browser_reads() -> None:
    headers = {"Accept-Language": "cy"}

    answer = post(make_key(), body(personalisation={}), **headers)

    refused(answer, 400, "BadRequestError", "Missing personalisation: day, name, items")


def test_what_is_not_set_up_is_refused() -> None:
    key = make_key()
    reply_to, service = str(uuid4()), key.text[-73:-37]

    with_reply_to = post(key, body(email_reply_to_id=reply_to))

    refused(
        with_reply_to,
        400,
        "BadRequestError",
        f"email_reply_to_id {reply_to} does not exist in database for service id {service}",
    )


def test_a_message_that_is_too_long_is_refused() -> None:
    values = VALUES | {"name": "ŵ" * 1_000_000}
    raw = json.dumps(body(personalisation=values), ensure_ascii=False).encode()

    answer = post(make_key(), raw)

    refused(
        answer,
        400,
        "BadRequestError",
        "Your message is too long. Emails cannot be longer than 2000000 bytes. "
        "Your message is 2000037 bytes.",
    )


def test_a_team_key_and_a_hasty_key_are_refused() -> None:
    team, live = make_key(KeyType.TEAM, name="team"), make_key()
    post(live, body())
    models.Allowance.objects.filter(key_type="live").update(remaining=-1000)

    refused(
        post(team, body()),
        400,
        "BadRequestError",
        "Can’t send to this recipient using a team-only API key",
    )
    refused(
        post(live, body()),
        429,
        "RateLimitError",
        "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds",
    )


def test_sanitised_values_are_told() -> None:
    values = VALUES | {"name": "Ann https://bad.example"}

    answer = post(make_key(), body(personalisation=values, sanitise_content_for=["NAME"]))

    assert answer.json()["sanitised_content"] == {"name": "Ann"}
    assert "bad.example" not in answer.json()["content"]["body"]


def test_an_unsubscribe_address_is_kept() -> None:
    url = "https://a.example/u?x=1"
    key = make_key()

    sent = post(key, body(one_click_unsubscribe_url=url)).json()

    assert sent["content"]["one_click_unsubscribe_url"] == url
    found = get(key, f"/v2/notifications/{sent['id']}").json()
    assert found["one_click_unsubscribe_url"] == url


def test_what_is_not_there_is_not_found() -> None:
    key = make_key()
    sent = post(key, body(email_address="simulate-delivered@notifications.service.gov.uk"))
    smoke, of_a_service = UUID(sent.json()["id"]), send().id

    for missing in (uuid4(), smoke, of_a_service):
        answer = get(key, f"/v2/notifications/{missing}")
        refused(answer, 404, "NoResultFound", "No result found")


@pytest.mark.parametrize("wrong", ["0", "1234-badly-formatted-id-7890", "email"])
def test_an_id_that_is_none_is_misshapen(wrong: str) -> None:
    answer = get(make_key(), f"/v2/notifications/{wrong}")

    refused(answer, 400, "ValidationError", "notification_id is not a valid UUID")


def test_a_wiped_message_is_not_found() -> None:
    key = make_key()
    sent = post(key, body()).json()
    models.Message.objects.update(
        status=Status.SENDING, created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )

    operations.wipe_messages(make_actor())

    answer = get(key, f"/v2/notifications/{sent['id']}")
    refused(answer, 404, "NoResultFound", "No result found")


@pytest.mark.parametrize("path", ["/v2/nothing", "/v2/notifications/fax"])
def test_other_addresses_answer_in_the_other_shape(path: str) -> None:
    answer = post(make_key(), {}, path=path)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["result"] == "error"


def test_other_methods_are_not_allowed() -> None:
    answer = Client().delete(EMAIL)

    assert answer.status_code == 405
    assert answer.json() == {
        "result": "error",
        "message": "The method is not allowed for the requested URL.",
    }


def test_a_send_costs_few_statements(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("townhall.machinery.tasks.RING_SECONDS", 60)  # what is asked once in a
    monkeypatch.setattr("townhall.machinery.http.ORGANISATION_SECONDS", 60)  # while: not here
    key, data = make_key(), body()
    post(key, data)

    # keys; allowance, wording, the day's count, message, task, audit, and the transaction's two
    with django_assert_num_queries(3):
        assert post(key, data).status_code == 201
