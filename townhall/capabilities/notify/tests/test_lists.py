"""Lists that programs send: what is wrong with which row, in every channel."""

import pytest

from townhall.capabilities.notify import models
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.tests.bulk import BULK, HEADER, people, send
from townhall.capabilities.notify.tests.channels import ADDRESS, make
from townhall.capabilities.notify.tests.make import (
    make_key,
)
from townhall.capabilities.notify.tests.wire import post, refused
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rows": ...}, ["rows or csv is a required property, and only one of them"]),
        ({"csv": "a"}, ["rows or csv is a required property, and only one of them"]),
        ({"rows": "a"}, ["rows must be a list of lists, the first of them the column headings"]),
        (
            {"rows": [["a"], [{}]]},
            ["rows must hold only texts, numbers, booleans, nulls and lists of these"],
        ),
        ({"name": ""}, ["name must be 1 to 255 characters"]),
        ({"template_id": "x"}, ["template_id is not a valid UUID"]),
        ({"template_id": ...}, ["template_id is a required property"]),
        ({"more": 1}, ["Additional properties are not allowed (more was unexpected)"]),
        (
            {"scheduled_for": "2999-01-01T00:00:00"},
            ["scheduled_for datetime can only be 7 days in the future"],
        ),
        (
            {"rows": [["name", "day"], ["Ann", "Monday"]]},
            [
                "email address: The list has no column of this name",
                "items: The list has no column of this name",
            ],
        ),
        (
            {"rows": [HEADER, *people(1), ["x", "", "Monday", "a"], [], ["", None, 1, ["a", "b"]]]},
            [
                "row 3 email address: Not a valid email address",
                "row 3 name: Missing",
                "row 5 email address: Missing",
                "row 5 name: Missing",
            ],
        ),
    ],
)
def test_a_list_with_faults_is_refused_whole(changes: dict[str, object], says: list[str]) -> None:
    answer = send(None, **changes)

    refused(answer, 400, "ValidationError", *says)
    assert not models.Batch.objects.exists()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (b"[", "Invalid JSON supplied in POST data"),
        (b'{"name": NaN}', "Invalid JSON supplied in POST data"),
        (b'{"name": "\\u0000"}', "Invalid JSON supplied in POST data"),
        (b'{"name": "\\ud800"}', "Invalid JSON supplied in POST data"),
        (b'"' + b"x" * 50_000_000 + b'"', "Request is too large"),
    ],
)
def test_a_body_that_is_no_json_is_refused(sent: bytes, says: str) -> None:
    refused(post(make_key(), sent, path=BULK), 400, "BadRequestError", says)


def test_lists_that_are_too_long_or_empty_are_refused() -> None:
    key, too_long = make_key(), [HEADER, *[["x"]] * 100_001]

    for rows, says in (
        (too_long, "The list can have 100,000 rows. It has 100,001"),
        ([HEADER, ["", None]], "The list has no rows below its column headings"),
        ([], "The list has no rows below its column headings"),
    ):
        refused(send(key, rows=rows), 400, "BadRequestError", says)


def test_only_the_first_hundred_faults_are_told() -> None:
    answer = send(rows=[HEADER, *[["x", "Ann", "Monday", "a"]] * 150])

    messages = [each["message"] for each in answer.json()["errors"]]
    assert len(messages) == 101
    assert messages[-1] == "50 more faults are not listed"


def test_a_list_comes_as_csv_too_and_a_repeated_column_is_a_list() -> None:
    written = "Email-Address;NAME;day;items;items;left out\r\nann@example.com;Ann;Monday;a;b;x\r\n"

    send(rows=..., csv=written)
    run_tasks()

    message = models.Message.objects.get()
    assert message.personalisation == {"day": "Monday", "name": "Ann", "items": ["a", "b"]}
    assert "* a\n* b" in message.body


@pytest.mark.parametrize(
    ("channel", "header", "row", "to"),
    [
        (Channel.SMS, ["phone number", "name"], ["+44 7700 900123", "Ann"], "447700900123"),
        (
            Channel.LETTER,
            [*ADDRESS, "name"],
            [*ADDRESS.values(), "Ann"],
            "Ann Arbour\n1 Abbey Walk\nSW1A 1AA",
        ),
    ],
)
def test_texts_and_letters_go_to_lists_as_well(
    channel: Channel, header: list[str], row: list[str], to: str
) -> None:
    template = make(channel)

    send(template_id=str(template.id), rows=[header, row])
    run_tasks()

    message = models.Message.objects.get()
    assert (message.to, message.channel) == (to, channel)
    assert models.SandboxMessage.objects.get().to == to
    assert message.units == 1


@pytest.mark.parametrize(
    ("channel", "header", "row", "says"),
    [
        (Channel.SMS, ["phone number", "name"], ["020 7946 0001", "A"], "Not a UK mobile number"),
        (Channel.SMS, ["phone number", "name"], ["07700900123", "A" * 913], "too long"),
        (Channel.LETTER, ["postcode", "name"], ["SW1A 1AA", "A"], "must be at least 3 lines"),
    ],
)
def test_faults_of_texts_and_letters(
    channel: Channel, header: list[str], row: list[str], says: str
) -> None:
    answer = send(template_id=str(make(channel).id), rows=[header, row])

    assert answer.status_code == 400
    assert says in answer.json()["errors"][0]["message"]


def test_a_text_that_says_nothing_is_found_before_it_is_sent() -> None:
    template = make(Channel.SMS, "((gone??x))")

    answer = send(
        template_id=str(template.id), rows=[["phone number", "gone"], ["07700900123", "no"]]
    )

    refused(answer, 400, "ValidationError", "row 2: The message is empty")
