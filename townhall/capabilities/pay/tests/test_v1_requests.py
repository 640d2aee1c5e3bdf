"""What the API takes and what it says of the rest. Rules only: no database."""

import json
from typing import Any

import pytest
from django.test import RequestFactory

from townhall.capabilities.pay.api.bodies import read_body, read_once
from townhall.capabilities.pay.api.requests import (
    read_agreement,
    read_card,
    read_payment,
    read_refund,
    read_telephone,
)
from townhall.capabilities.pay.api.wire import Unfit
from townhall.capabilities.pay.records import Mode, Source, State
from townhall.capabilities.pay.tests.make import TELEPHONE, asking
from townhall.machinery.money import Money

MISSING = "Missing mandatory attribute: "
LONG = "Must be less than or equal to 255 characters length"
MODES = "Must be one of web, moto_api, agreement"
CARD = {
    "one_time_token": "token",
    "card_number": "4242424242424242",
    "cvc": "123",
    "expiry_date": "11/30",
    "cardholder_name": "J. Doe",
}


@pytest.mark.parametrize(
    ("changes", "status", "code", "field", "says"),
    [
        ({"amount": None}, 400, "P0101", "amount", f"{MISSING}amount"),
        ({"amount": "1"}, 400, "P0102", "amount", "Must be a valid numeric format"),
        ({"amount": 1.5}, 400, "P0102", "amount", "Must be a valid numeric format"),
        ({"amount": True}, 400, "P0102", "amount", "Must be a valid numeric format"),
        ({"amount": 0}, 422, "P0102", "amount", "Must be greater than or equal to 1"),
        ({"amount": -1}, 422, "P0102", "amount", "Must be greater than or equal to 1"),
        (
            {"amount": 10_000_001},
            422,
            "P0102",
            "amount",
            "Must be less than or equal to 10000000",
        ),
        ({"amount": 10**30}, 422, "P0102", "amount", "Must be less than or equal to 10000000"),
        ({"reference": None}, 400, "P0101", "reference", f"{MISSING}reference"),
        ({"reference": " "}, 400, "P0101", "reference", f"{MISSING}reference"),
        ({"reference": 1}, 400, "P0102", "reference", "Must be a valid string format"),
        ({"reference": "a<b"}, 400, "P0102", "reference", "Must be a valid string format"),
        ({"reference": "x" * 256}, 422, "P0102", "reference", LONG),
        ({"description": None}, 400, "P0101", "description", f"{MISSING}description"),
        ({"description": "a|b"}, 400, "P0102", "description", "Must be a valid string format"),
        ({"description": "x" * 256}, 422, "P0102", "description", LONG),
        ({"return_url": None}, 400, "P0101", "return_url", f"{MISSING}return_url"),
        ({"return_url": "ftp://a.b"}, 422, "P0102", "return_url", "Must be a valid URL format"),
        ({"return_url": "https://"}, 422, "P0102", "return_url", "Must be a valid URL format"),
        ({"return_url": "https://[a"}, 422, "P0102", "return_url", "Must be a valid URL format"),
        ({"return_url": 1}, 400, "P0102", "return_url", "Must be a valid URL format"),
        (
            {"return_url": "https://a.b/" + "x" * 2000},
            422,
            "P0102",
            "return_url",
            "Must be less than or equal to 2000 characters length",
        ),
        ({"language": "fr"}, 422, "P0102", "language", 'Must be "en" or "cy"'),
        ({"language": ["en"]}, 422, "P0102", "language", 'Must be "en" or "cy"'),
        ({"delayed_capture": "true"}, 400, "P0102", "delayed_capture", "Must be true or false"),
        ({"moto": 1}, 400, "P0102", "moto", "Must be true or false"),
        ({"email": 1}, 400, "P0102", "email", "Field must be a string"),
        (
            {"email": "x" * 255},
            422,
            "P0102",
            "email",
            "Must be less than or equal to 254 characters length",
        ),
        ({"authorisation_mode": "external"}, 422, "P0102", "authorisation_mode", MODES),
        ({"authorisation_mode": {}}, 422, "P0102", "authorisation_mode", MODES),
        (
            {"authorisation_mode": "moto_api"},
            400,
            "P0104",
            "return_url",
            "Unexpected attribute: return_url",
        ),
        (
            {"authorisation_mode": "agreement", "return_url": None, "email": "a@b.c"},
            400,
            "P0104",
            "email",
            "Unexpected attribute: email",
        ),
        (
            {"authorisation_mode": "agreement", "return_url": None},
            400,
            "P0101",
            "agreement_id",
            f"{MISSING}agreement_id",
        ),
        ({"agreement_id": "0" * 26}, 400, "P0104", "agreement_id", "Unexpected attribute"),
        ({"agreement_payment_type": "recurring"}, 400, "P0104", "agreement_payment_type", ""),
        (
            {"set_up_agreement": "x" * 26},
            400,
            "P0103",
            "set_up_agreement",
            "Agreement ID does not exist",
        ),
        ({"set_up_agreement": "x"}, 422, "P0102", "set_up_agreement", "length must be 26"),
        ({"currency": "XXX"}, 422, "P0102", "currency", "ISO 4217"),
        ({"currency": 826}, 422, "P0102", "currency", "ISO 4217"),
        ({"metadata": []}, 422, "P0102", "metadata", "Must be an object of JSON key-value pairs"),
        ({"metadata": {"a": {}}}, 422, "P0102", "metadata", "String, Boolean or Number"),
        ({"metadata": {"a": None}}, 422, "P0102", "metadata", "Must not have null values"),
        ({"metadata": {"": 1}}, 422, "P0102", "metadata", "between 1 and 30"),
        ({"metadata": {"x" * 31: 1}}, 422, "P0102", "metadata", "between 1 and 30"),
        ({"metadata": {"a": "x" * 101}}, 422, "P0102", "metadata", "no greater than 100"),
        ({"metadata": {"a": 1, "A": 2}}, 422, "P0102", "metadata", "unique"),
        (
            {"metadata": {str(each): 1 for each in range(16)}},
            422,
            "P0102",
            "metadata",
            "more than 15",
        ),
        ({"internal": {"source": "CARD_API"}}, 422, "P0102", "source", "Accepted values"),
        (
            {"prefilled_cardholder_details": {"cardholder_name": 1}},
            400,
            "P0102",
            "cardholder_name",
            "Field must be a string",
        ),
        (
            {"prefilled_cardholder_details": {"billing_address": {"country": "GBR"}}},
            422,
            "P0102",
            "country",
            "2 characters",
        ),
        (
            {"prefilled_cardholder_details": {"billing_address": {"postcode": "x" * 26}}},
            422,
            "P0102",
            "postcode",
            "25 characters",
        ),
    ],
)
def test_the_first_fault_of_a_payment_is_told(
    changes: dict[str, Any], status: int, code: str, field: str, says: str
) -> None:
    with pytest.raises(Unfit) as refused:
        read_payment(asking(**changes), is_live=False)

    body = refused.value.body
    assert (refused.value.status, body["code"], body["field"]) == (status, code, field)
    assert says in body["description"]


def test_metadata_of_nothing_is_told_apart_from_none() -> None:
    with pytest.raises(Unfit, match="Value must not be null"):
        read_payment(asking() | {"metadata": None}, is_live=False)


def test_a_payment_is_read_with_all_that_it_may_have() -> None:
    asked = read_payment(
        asking(
            currency="JPY",
            moto=True,
            metadata={"a": 1.5, "b": False},
            set_up_agreement="0" * 26,
            agreement_payment_type="instalment",
            internal={"source": "CARD_AGENT_INITIATED_MOTO"},
            something_else={"is": "let pass"},
        ),
        is_live=True,
    )

    assert asked.amount == Money(2000, "JPY")
    assert asked.agreement_id is not None
    assert (asked.mode, asked.sets_up_agreement) == (Mode.WEB, True)
    assert (asked.source, asked.agreement_kind) == (Source.AGENT, "instalment")
    assert asked.metadata == {"a": 1.5, "b": False}


def test_only_live_tills_need_https() -> None:
    body = asking(return_url="http://localhost:3000/done?a=b")

    assert read_payment(body, is_live=False).return_url == body["return_url"]
    with pytest.raises(Unfit, match="valid URL"):
        read_payment(body, is_live=True)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "P0601"),
        ({"amount": "1"}, 400, "P0602"),
        ({"amount": 0}, 422, "P0602"),
        ({"amount": 10_000_001}, 422, "P0602"),
        ({"amount": 1, "refund_amount_available": "1"}, 400, "P0602"),
    ],
)
def test_refunds(body: dict[str, Any], status: int, code: str) -> None:
    with pytest.raises(Unfit) as refused:
        read_refund(body)

    assert (refused.value.status, refused.value.body["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"description": "a"}, 400, "P2101"),
        ({"reference": "a", "description": ""}, 400, "P2101"),
        ({"reference": "a", "description": 1}, 400, "P2102"),
        ({"reference": "x" * 256, "description": "a"}, 422, "P2102"),
        ({"reference": "a", "description": "a", "user_identifier": "x" * 256}, 422, "P2102"),
    ],
)
def test_agreements(body: dict[str, Any], status: int, code: str) -> None:
    with pytest.raises(Unfit) as refused:
        read_agreement(body)

    assert (refused.value.status, refused.value.body["code"]) == (status, code)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"one_time_token": None}, 422, "P0101"),
        ({"card_number": "42"}, 422, "P0102"),
        ({"card_number": "4242abcd42424242"}, 422, "P0102"),
        ({"card_number": "4242424242424243"}, 402, "P0010"),
        ({"card_number": "6759649826438453"}, 402, "P0010"),
        ({"cvc": "12"}, 422, "P0102"),
        ({"cvc": "abc"}, 422, "P0102"),
        ({"expiry_date": "13/30"}, 422, "P0102"),
        ({"cardholder_name": "x" * 256}, 422, "P0102"),
        ({"cardholder_name": 1}, 422, "P0102"),
    ],
)
def test_cards(changes: dict[str, Any], status: int, code: str) -> None:
    with pytest.raises(Unfit) as refused:
        read_card(CARD | changes)

    assert (refused.value.status, refused.value.body["code"]) == (status, code)
    assert "4242" not in refused.value.body["description"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"payment_outcome": None}, "payment_outcome"),
        ({"payment_outcome": "success"}, "payment_outcome"),
        ({"payment_outcome": {"status": "failed"}}, "payment_outcome"),
        ({"payment_outcome": {"status": "success", "supplemental": 1}}, "payment_outcome"),
        ({"payment_outcome": {"status": []}}, "payment_outcome"),
        ({"card_type": "gold"}, "card_type"),
        ({"first_six_digits": "12345"}, "first_six_digits"),
        ({"last_four_digits": "١٢٣٤"}, "last_four_digits"),
        ({"created_date": "yesterday"}, "created_date"),
        ({"authorised_date": "2018-02-21T16:04:25"}, "authorised_date"),
        ({"card_expiry": "2/19"}, "card_expiry"),
        ({"provider_id": None}, "provider_id"),
        ({"processor_id": "x" * 256}, "processor_id"),
    ],
)
def test_payments_on_the_telephone(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Unfit) as refused:
        read_telephone(TELEPHONE | changes)

    assert refused.value.body["field"] == field


def test_a_payment_on_the_telephone_may_have_failed() -> None:
    failed = {"status": "failed", "code": "P0050", "supplemental": None}

    told = read_telephone(TELEPHONE | {"payment_outcome": failed})

    assert told.became == State.ERRORED


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{", 400),
        (b'{"a": NaN}', 400),
        (b'{"a": 1e999}', 400),
        (b'{"a": ' + b"9" * 5000 + b"}", 400),
        (b'{"a": "\\u0000"}', 400),
        (b'{"a\\u0000": 1}', 400),
        (b'{"a": ["\\ud800"]}', 400),
        (b'{"a": "\xff"}', 400),
        (b"[" * 50_000, 400),
        (b'{"a": "' + b"x" * 70_000 + b'"}', 413),
    ],
)
def test_what_is_no_json_that_can_be_kept_is_refused(body: bytes, status: int) -> None:
    request = RequestFactory().post("/v1/payments", body, content_type="application/json")

    with pytest.raises(Unfit) as refused:
        read_body(request, "P0197")

    assert (refused.value.status, refused.value.body["code"]) == (status, "P0197")


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x"])
def test_other_content_is_refused(content_type: str) -> None:
    request = RequestFactory().post("/v1/payments", b"{}", content_type=content_type)

    with pytest.raises(Unfit) as refused:
        read_body(request, "P0197")

    assert refused.value.status == 415


def test_no_digest_tells_of_a_card() -> None:
    def digest(**changes: str) -> str:
        body = json.dumps(CARD | changes)
        request = RequestFactory().post(
            "/v1/auth", body, content_type="application/json", headers={"Idempotency-Key": "k"}
        )
        once = read_once(request, "card_number", "cvc")
        assert once
        return once.digest

    assert digest() == digest(card_number="4000000000000002", cvc="999")
    assert digest() != digest(one_time_token="other")
