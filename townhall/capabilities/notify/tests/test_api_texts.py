"""Texts on GOV.UK Notify's wire: what is answered, and what refused."""

from uuid import UUID, uuid4

import pytest
from pytest_django.fixtures import Settings

from townhall.capabilities.notify import models
from townhall.capabilities.notify.providers import printers, texters
from townhall.capabilities.notify.records import Channel, KeyType
from townhall.capabilities.notify.tests.channels import (
    SMS,
    make,
    set_to,
    text,
)
from townhall.capabilities.notify.tests.make import SENDER, make_guest, make_key, make_limits
from townhall.capabilities.notify.tests.wire import body, get, post, refused
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


def test_a_text_is_answered_with_its_sender_and_arrives() -> None:
    key = make_key()
    sender = models.Sender.objects.get(name=SENDER)
    models.Origin.objects.create(
        sender=sender, channel=Channel.SMS, words="Barset", is_default=True
    )

    answer = post(key, text(reference="r"), path=SMS)
    run_tasks()

    assert answer.status_code == 201
    assert answer.json()["content"] == {"body": "Hello Ann", "from_number": "Barset"}
    read = get(key, f"/v2/notifications/{answer.json()['id']}").json()
    assert (read["phone_number"], read["email_address"]) == ("447700900123", None)
    assert (read["status"], read["type"], read["subject"]) == ("delivered", "sms", None)
    assert models.SandboxMessage.objects.get().sent_by == "Barset"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"phone_number": ...}, "phone_number is a required property"),
        ({"phone_number": 5}, "phone_number 5 is not of type string"),
        ({"phone_number": "0770"}, "phone_number Not enough digits"),
        ({"sms_sender_id": "x"}, "sms_sender_id is not a valid UUID"),
        (
            {"email_address": "a@example.com"},
            "Additional properties are not allowed (email_address was unexpected)",
        ),
    ],
)
def test_a_misshapen_text_is_told_why(changes: dict[str, object], message: str) -> None:
    refused(post(make_key(), text(**changes), path=SMS), 400, "ValidationError", message)


def test_a_text_may_not_be_too_long_or_empty() -> None:
    key, template = make_key(), make(Channel.SMS, "((words))")
    for words, message in (
        (
            "x" * 919,
            "Your message is too long. Text messages cannot be longer than 918 characters. "
            "Your message is 919 characters long.",
        ),
        (" ", "Your message is empty."),
    ):
        asked = text(template_id=str(template.id), personalisation={"words": words})
        refused(post(key, asked, path=SMS), 400, "BadRequestError", message)


def test_a_template_of_one_channel_does_not_go_by_another() -> None:
    key, template = make_key(), make(Channel.SMS)
    asked = body(template_id=str(template.id))

    says = "sms template is not suitable for email notification"
    refused(post(key, asked), 400, "BadRequestError", says)


def test_texts_go_abroad_only_where_the_organisation_says_so() -> None:
    key, asked = make_key(), text(phone_number="+33 6 12 34 56 78")

    says = "Cannot send to international mobile numbers"
    refused(post(key, asked, path=SMS), 400, "BadRequestError", says)
    set_to("abroad", True)
    assert post(key, asked, path=SMS).status_code == 201


def test_a_landline_of_the_uk_is_refused_when_it_would_be_sent_to() -> None:
    key, landline = make_key(), text(phone_number="020 7946 0001")

    refused(post(key, landline, path=SMS), 400, "InvalidPhoneError", "Not a UK mobile number")
    says = "phone_number Not enough digits"
    refused(post(key, landline | {"phone_number": "020"}, path=SMS), 400, "ValidationError", says)


def test_a_team_key_reaches_only_the_numbers_of_its_team_and_guests() -> None:
    key, asked = make_key(KeyType.TEAM), text()

    says = "Can’t send to this recipient using a team-only API key"
    refused(post(key, asked, path=SMS), 400, "BadRequestError", says)
    make_guest(UUID(key.text[-73:-37]), phone="07700 900 123")
    assert post(key, asked, path=SMS).status_code == 201


def test_a_sender_that_is_not_there_is_named() -> None:
    key, unknown = make_key(), str(uuid4())
    sender_id = key.text[-73:-37]

    answer = post(key, text(sms_sender_id=unknown), path=SMS)

    says = f"sms_sender_id {unknown} does not exist in database for service id {sender_id}"
    refused(answer, 400, "BadRequestError", says)


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("07700900003", "temporary-failure"),
        ("07700900002", "permanent-failure"),
        ("07700900004", "delivered"),
    ],
)
def test_with_a_test_key_the_number_decides(number: str, status: str) -> None:
    key = make_key(KeyType.TEST)
    sent = post(key, text(phone_number=number), path=SMS).json()

    run_tasks()

    assert get(key, f"/v2/notifications/{sent['id']}").json()["status"] == status
    assert not models.SandboxMessage.objects.exists()


def test_a_smoke_number_is_answered_and_forgotten() -> None:
    key = make_key()

    sent = post(key, text(phone_number="07700900111"), path=SMS).json()

    refused(get(key, f"/v2/notifications/{sent['id']}"), 404, "NoResultFound", "No result found")


def test_a_days_limit_holds_and_test_keys_use_none_of_it() -> None:
    asked = text()
    test_key, key = make_key(KeyType.TEST, name="test"), make_key()
    make_limits(UUID(key.text[-73:-37]), sms=1)

    assert post(test_key, asked, path=SMS).status_code == 201
    assert post(key, asked, path=SMS).status_code == 201
    says = "Exceeded send limits (sms: 1) for today"
    refused(post(key, asked, path=SMS), 429, "TooManyRequestsError", says)
    refused(post(test_key, asked, path=SMS), 429, "TooManyRequestsError", says)
    assert models.Message.objects.count() == 2


def test_without_a_supplier_of_texts_the_check_says_so(settings: Settings) -> None:
    settings.DEMO = False

    assert "TOWNHALL_TEXTS" in texters()[0].check()
    assert "TOWNHALL_LETTERS" in printers()[0].check()
