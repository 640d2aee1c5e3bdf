"""Requests that GOV.UK Notify's wire does not take: each is told why, and none is a 500."""

import json

import pytest
from django.test import Client

from townhall.capabilities.notify import models
from townhall.capabilities.notify.tests.make import VALUES, make_key, make_template
from townhall.capabilities.notify.tests.wire import EMAIL, bearer, body, post, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({"email_address": ...}, ["email_address is a required property"]),
        (
            {"template_id": ..., "template": "x", "to": 1},
            [
                "template_id is a required property",
                "Additional properties are not allowed (template, to were unexpected)",
            ],
        ),
        ({"x": 1}, ["Additional properties are not allowed (x was unexpected)"]),
        ({"email_address": "ann"}, ["email_address Not a valid email address"]),
        ({"email_address": 5}, ["email_address 5 is not of type string"]),
        ({"email_address": None}, ["email_address None is not of type string"]),
        ({"template_id": "x"}, ["template_id is not a valid UUID"]),
        ({"template_id": 5}, ["template_id is not a valid UUID"]),
        ({"template_id": ["x"]}, ["template_id is not a valid UUID"]),
        ({"personalisation": "x"}, ["personalisation should contain key value pairs"]),
        ({"personalisation": None}, ["personalisation should contain key value pairs"]),
        ({"reference": 5}, ["reference 5 is not of type string"]),
        ({"reference": "x" * 1001}, [f"reference {'x' * 1001} is too long"]),
        ({"scheduled_for": 5}, ["scheduled_for 5 is not of type string, null"]),
        ({"scheduled_for": "2020-01-01"}, ["scheduled_for datetime can not be in the past"]),
        (
            {"scheduled_for": "2999-01-01T00:00:00Z"},
            ["scheduled_for datetime can only be 24 hours in the future"],
        ),
        (
            {"scheduled_for": "soon"},
            [
                "scheduled_for datetime format is invalid. It must be a valid ISO8601 date time "
                "format, https://en.wikipedia.org/wiki/ISO_8601"
            ],
        ),
        ({"email_reply_to_id": "x"}, ["email_reply_to_id is not a valid UUID"]),
        (
            {"one_click_unsubscribe_url": "http://a.example"},
            ["one_click_unsubscribe_url is not a valid https url"],
        ),
        (
            {"one_click_unsubscribe_url": "https://a.example\r\nBcc: x@example.com"},
            ["one_click_unsubscribe_url is not a valid https url"],
        ),
        ({"sanitise_content_for": "x"}, ["sanitise_content_for x is not of type array, null"]),
        ({"sanitise_content_for": [5]}, ["sanitise_content_for 5 is not of type string"]),
    ],
)
def test_a_misshapen_request_is_told_everything(
    changes: dict[str, object], messages: list[str]
) -> None:
    refused(post(make_key(), body(**changes)), 400, "ValidationError", *messages)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"reference": "\\u0000"}',
        b'{"reference": "\\ud800"}',
        b'{"personalisation": {"a": NaN}}',
        b'{"personalisation": {"a": 1e999}}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"personalisation": ' + b'{"a":' * 990 + b"1" + b"}" * 991,
        b'{"personalisation": {"a": ' + b"[" * 930 + b"]" * 930 + b"}}",
        '{"reference": "a"}'.encode("utf-16"),
        b'{"reference": "\xed\xa0\x80"}',  # half a character, as UTF-8 may not say it
    ],
)
@pytest.mark.parametrize("path", ["notifications/email", "notifications/bulk"])
def test_what_is_no_usable_json_is_refused(raw: bytes, path: str) -> None:
    answer = post(make_key(), raw, path=f"/v2/{path}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["error"] in ("BadRequestError", "ValidationError")


def test_json_can_have_a_hundred_levels() -> None:
    key, template = make_key(), make_template()
    says = "JSON supplied in POST data can have 100 levels at most"

    for levels, path in ((98, EMAIL), (99, EMAIL), (99, f"/v2/template/{template.id}/preview")):
        deep = json.loads("[" * levels + "]" * levels)
        values = VALUES | {"not asked for": deep}
        asked = body(personalisation=values) if path == EMAIL else {"personalisation": values}
        answer = post(key, asked, path=path)
        if levels == 98:
            assert answer.status_code == 201
        else:
            refused(answer, 400, "BadRequestError", says)


@pytest.mark.parametrize("raw", ["[]", "null", '""', "0"])
def test_empty_json_lacks_everything(raw: str) -> None:
    required = ("email_address is a required property", "template_id is a required property")

    refused(post(make_key(), raw), 400, "ValidationError", *required)


@pytest.mark.parametrize(("raw", "shown"), [("[1]", "[1]"), ('"abc"', "abc"), ("true", "True")])
def test_json_that_is_no_object_is_refused(raw: str, shown: str) -> None:
    message = f"{shown} is not of type object"

    refused(post(make_key(), raw), 400, "ValidationError", message)


def test_a_huge_request_is_refused() -> None:
    answer = post(make_key(), body(personalisation={"x": "y" * 10 * 1024**2}))

    refused(answer, 413, "BadRequestError", "Request is too large. It can be 10MB at most")


def test_a_request_larger_than_a_form_may_be_is_taken_if_all_of_it_is() -> None:
    values = VALUES | {"not asked for": "y" * 9_000_000}

    assert post(make_key(), body(personalisation=values)).status_code == 201


@pytest.mark.parametrize(
    "path", ["notifications/email", "notifications/sms", "notifications/letter"]
)
def test_a_form_is_no_json(path: str) -> None:
    key = make_key()

    answer = Client().post(f"/v2/{path}", {"a": "b"}, headers={"Authorization": bearer(key)})

    refused(answer, 400, "BadRequestError", "Invalid JSON supplied in POST data")


@pytest.mark.parametrize(
    "value", [10**30, -(10**25), 0.1, True, {"a": [1, {"b": None}]}, "\U0001f600 \u2028 \ufdd0"]
)
def test_values_are_kept_as_they_came(value: object) -> None:
    answer = post(make_key(), body(personalisation={**VALUES, "more": value}))

    assert answer.status_code == 201
    assert models.Message.objects.get().personalisation["more"] == value
