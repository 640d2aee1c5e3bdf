"""GOV.UK Pay's API: payments, from their creation to their end."""

from datetime import timedelta
from typing import Any, cast

import pytest
from django.utils import timezone

from townhall.capabilities.pay import models, operations, permissions
from townhall.capabilities.pay.records import CardResult
from townhall.capabilities.pay.tests.make import (
    OTHER_TOWN,
    STAFF,
    TELEPHONE,
    Program,
    actor,
    asking,
    balances,
    make_till,
    pay,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Program:
    return Program(make_till())


def links(answer: Any) -> set[str]:  # Any: a test response
    return set(answer.json()["_links"])


class TestAuthorisation:
    def test_a_key_that_is_none_of_ours_or_was_revoked_is_refused(self, program: Program) -> None:
        key_id = models.ApiKey.objects.get().id
        operations.revoke_key(STAFF, key_id)

        refused = [
            program.get("payments"),
            Program(program.till, "api_test_nonsense").get("payments"),
            program.client.get("/v1/payments"),
            program.client.get("/v1/payments", headers={"Authorization": "Basic abc"}),
        ]

        assert {answer.status_code for answer in refused} == {401}
        assert refused[0].json() == {
            "code": 401,
            "message": "Credentials are required to access this resource.",
        }

    def test_the_use_of_a_key_is_noted_once_a_day(self, program: Program) -> None:
        program.get("payments")

        assert models.ApiKey.objects.get().last_used_on is not None

    def test_too_many_in_a_second_are_refused(self, program: Program) -> None:
        program.create()
        later = timezone.now() + timedelta(hours=1)  # until which nothing is refilled
        models.Allowance.objects.update(remaining=1, counted_at=later)

        answers = [program.create() for _ in "ab"]

        assert [answer.status_code for answer in answers] == [201, 429]
        assert answers[-1].json() == {"code": "P0900", "description": "Too many requests"}
        assert program.get("payments").status_code == 200


class TestCreatePayment:
    def test_it_is_answered_as_gov_uk_pay_does(self, program: Program) -> None:
        answer = program.create(email="someone@example.com", metadata={"ledger": 12})

        body = answer.json()
        assert answer.status_code == 201
        assert answer["Location"] == body["_links"]["self"]["href"]
        assert body["state"] == {"status": "created", "finished": False}
        assert len(body["payment_id"]) == 26
        assert body["metadata"] == {"ledger": 12}
        assert links(answer) == {
            "self",
            "events",
            "refunds",
            "cancel",
            "next_url",
            "next_url_post",
        }

    def test_prefilled_details_and_delayed_capture_are_kept(self, program: Program) -> None:
        answer = program.create(
            delayed_capture=True,
            language="cy",
            prefilled_cardholder_details={
                "cardholder_name": "J. Doe",
                "billing_address": {"line1": "1 Abbey Walk", "country": "GB"},
            },
        )

        body = answer.json()
        assert (body["delayed_capture"], body["language"]) == (True, "cy")
        assert body["card_details"]["cardholder_name"] == "J. Doe"
        assert body["card_details"]["billing_address"]["line1"] == "1 Abbey Walk"

    @pytest.mark.parametrize(
        ("switched_off", "asked", "status", "code"),
        [
            ("is_open", {}, 403, "P0941"),
            ("takes_moto", {"moto": True}, 422, "P0196"),
            (
                "takes_moto_api",
                {"authorisation_mode": "moto_api", "return_url": None},
                422,
                "P0195",
            ),
            ("takes_recurring", {"set_up_agreement": "0" * 26}, 422, "P0942"),
        ],
    )
    def test_what_the_till_does_not_take_is_refused(
        self, switched_off: str, asked: dict[str, Any], status: int, code: str
    ) -> None:
        program = Program(make_till(**cast(Any, {switched_off: False})))

        answer = program.create(**asked)

        assert (answer.status_code, answer.json()["code"]) == (status, code)

    def test_a_currency_that_the_organisation_does_not_take_is_refused(
        self, program: Program
    ) -> None:
        answer = program.create(currency="EUR")

        assert (answer.status_code, answer.json()["field"]) == (422, "currency")

    def test_the_same_under_the_same_key_is_made_once(self, program: Program) -> None:
        first = program.create(once="a-key")

        again = program.create(once="a-key")
        other = program.create(once="a-key", amount=1)
        others = Program(make_till("Another")).create(once="a-key")

        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["payment_id"] == again.json()["payment_id"]
        assert (other.status_code, other.json()["code"]) == (409, "P0191")
        assert others.status_code == 201
        assert models.Payment.objects.count() == 2

    def test_a_refused_request_does_not_use_up_its_key(self, program: Program) -> None:
        refused = program.create(once="a-key", moto=True, currency="EUR")

        assert refused.status_code == 422
        assert program.create(once="a-key").status_code == 201

    @pytest.mark.parametrize("key", ["a key", "a" * 256, "é"])
    def test_a_malformed_key_is_refused(self, program: Program, key: str) -> None:
        answer = program.create(once=key)

        assert answer.status_code == 422
        assert answer.json()["header"] == "Idempotency-Key"


class TestLife:
    def test_a_payment_is_paid_and_its_events_are_told(self, program: Program) -> None:
        payment_id = program.create().json()["payment_id"]

        pay(payment_id)

        answer = program.get(f"payments/{payment_id}")
        events = program.get(f"payments/{payment_id}/events").json()["events"]
        assert answer.json()["state"] == {"status": "success", "finished": True}
        assert answer.json()["card_details"]["last_digits_card_number"]
        assert links(answer) == {"self", "events", "refunds"}
        assert [event["state"]["status"] for event in events] == [
            "created",
            "started",
            "submitted",
            "success",
        ]

    def test_a_declined_card_says_why(self, program: Program) -> None:
        payment_id = program.create().json()["payment_id"]

        pay(payment_id, result=CardResult.DECLINED)

        assert program.get(f"payments/{payment_id}").json()["state"] == {
            "status": "failed",
            "finished": True,
            "code": "P0010",
            "message": "Payment method rejected",
        }

    def test_what_is_authorised_is_captured_when_the_program_says(self, program: Program) -> None:
        payment_id = program.create(delayed_capture=True).json()["payment_id"]
        early = program.post(f"payments/{payment_id}/capture")
        pay(payment_id)
        waiting = program.get(f"payments/{payment_id}")

        taken = program.post(f"payments/{payment_id}/capture", once="capture")
        again = program.post(f"payments/{payment_id}/capture", once="capture")

        assert (early.status_code, early.json()["code"]) == (409, "P1003")
        assert waiting.json()["state"]["status"] == "capturable"
        assert "capture" in links(waiting)
        assert (taken.status_code, again.status_code) == (204, 204)
        assert program.get(f"payments/{payment_id}").json()["state"]["status"] == "success"

    def test_a_payment_is_cancelled_while_that_is_possible(self, program: Program) -> None:
        payment_id = program.create().json()["payment_id"]

        first = program.post(f"payments/{payment_id}/cancel", once="key")
        repeated = program.post(f"payments/{payment_id}/cancel", once="key")
        too_late = program.post(f"payments/{payment_id}/capture")

        assert (first.status_code, repeated.status_code) == (204, 204)
        assert (too_late.status_code, too_late.json()["code"]) == (409, "P1003")
        assert program.get(f"payments/{payment_id}").json()["state"]["code"] == "P0040"

    def test_a_paid_one_is_not_cancelled(self, program: Program) -> None:
        payment_id = program.create().json()["payment_id"]
        pay(payment_id)

        answer = program.post(f"payments/{payment_id}/cancel")

        assert (answer.status_code, answer.json()["code"]) == (400, "P0501")

    @pytest.mark.parametrize(
        ("method", "path", "code"),
        [
            ("get", "", "P0200"),
            ("get", "/events", "P0300"),
            ("post", "/cancel", "P0500"),
            ("post", "/capture", "P1000"),
            ("post", "/refunds", "P0600"),
            ("get", "/refunds", "P0800"),
            ("get", "/refunds/" + "a" * 26, "P0700"),
        ],
    )
    def test_a_payment_of_another_till_is_not_found(
        self, program: Program, method: str, path: str, code: str
    ) -> None:
        payment_id = Program(make_till("Another")).create().json()["payment_id"]
        body = {"amount": 1} if path == "/refunds" and method == "post" else None

        for wanted in (payment_id, "nonsense", "é" * 26):
            ask = getattr(program, method)
            answer = (
                ask(f"payments/{wanted}{path}", body) if body else ask(f"payments/{wanted}{path}")
            )

            assert (answer.status_code, answer.json()["code"]) == (404, code)


class TestRefunds:
    @pytest.fixture
    def paid(self, program: Program) -> str:
        payment_id: str = program.create().json()["payment_id"]
        pay(payment_id)
        return payment_id

    def test_part_is_given_back_and_found(self, program: Program, paid: str) -> None:
        answer = program.post(
            f"payments/{paid}/refunds", {"amount": 500, "refund_amount_available": 2000}
        )

        refund_id = answer.json()["refund_id"]
        assert answer.status_code == 202
        assert answer.json()["status"] == "submitted"
        assert program.get(f"payments/{paid}/refunds/{refund_id}").json() == answer.json()
        assert program.get(f"payments/{paid}/refunds").json()["_embedded"]["refunds"] == [
            answer.json()
        ]
        assert program.get("refunds").json()["results"] == [answer.json()]
        assert program.get(f"payments/{paid}").json()["refund_summary"] == {
            "status": "available",
            "amount_available": 1500,
            "amount_submitted": 500,
        }

    @pytest.mark.parametrize(
        ("asked", "status", "code"),
        [
            ({"amount": 2001}, 400, "P0603"),
            ({"amount": 1, "refund_amount_available": 1999}, 412, "P0604"),
            ({}, 400, "P0601"),
            ({"amount": 0}, 422, "P0602"),
            ({"amount": "1"}, 400, "P0602"),
        ],
    )
    def test_what_cannot_be_given_back_is_refused(
        self, program: Program, paid: str, asked: dict[str, Any], status: int, code: str
    ) -> None:
        answer = program.post(f"payments/{paid}/refunds", asked)

        assert (answer.status_code, answer.json()["code"]) == (status, code)

    def test_under_the_same_key_it_is_given_back_once(self, program: Program, paid: str) -> None:
        answers = [
            program.post(f"payments/{paid}/refunds", {"amount": 500}, once="key") for _ in "ab"
        ]

        assert [answer.status_code for answer in answers] == [202, 200]
        assert answers[0].json() == answers[1].json()
        assert models.Refund.objects.count() == 1

    def test_what_is_not_paid_cannot_be_given_back(self, program: Program) -> None:
        payment_id = program.create().json()["payment_id"]

        answer = program.post(f"payments/{payment_id}/refunds", {"amount": 1})

        assert answer.json() == {
            "code": "P0603",
            "description": (
                "The payment is not available for refund. Payment refund status: pending"
            ),
        }


class TestTelephone:
    def test_it_is_booked_once(self, program: Program) -> None:
        answers = [program.post("payment_notification", TELEPHONE) for _ in "ab"]

        body = answers[0].json()
        assert [answer.status_code for answer in answers] == [201, 200]
        assert answers[1].json() == body
        assert body["state"]["status"] == "success"
        assert body["created_date"] == "2018-02-21T16:04:25.000Z"
        assert body["card_details"]["card_brand"] == "Mastercard"
        assert body["refund_summary"]["status"] == "unavailable"
        assert balances() == {
            ("processor", "telephone"): 12000,
            ("takings", "till-parking-desk"): -12000,
        }

    def test_one_that_failed_is_kept_and_brings_nothing(self, program: Program) -> None:
        outcome = {
            "status": "failed",
            "code": "P0010",
            "supplemental": {"error_code": "E1", "error_message": "No"},
        }

        body = program.post("payment_notification", TELEPHONE | {"payment_outcome": outcome}).json()

        assert body["state"]["code"] == "P0010"
        assert body["payment_outcome"] == outcome
        assert balances() == {}

    def test_it_cannot_be_refunded_here(self, program: Program) -> None:
        payment_id = program.post("payment_notification", TELEPHONE).json()["payment_id"]

        answer = program.post(f"payments/{payment_id}/refunds", {"amount": 1})

        assert (answer.status_code, answer.json()["code"]) == (400, "P0603")

    def test_a_till_that_is_not_told_refuses(self) -> None:
        program = Program(make_till(takes_telephone_notices=False))

        answer = program.post("payment_notification", TELEPHONE)

        assert (answer.status_code, answer.json()["code"]) == (403, "P0930")


class TestOtherAddresses:
    def test_what_is_not_there_is_answered_in_json(self, program: Program) -> None:
        assert program.get("nothing/here").json() == {"code": 404, "message": "HTTP 404 Not Found"}
        assert program.get("auth").status_code == 405
        assert program.client.get("/healthcheck").json() == {"ping": {"healthy": True}}
        assert program.client.get("/request-denied").json()["code"] == "P0920"

    def test_another_organisation_has_no_part_in_it(self, program: Program) -> None:
        theirs = actor(permissions.MANAGE, organisation_id=OTHER_TOWN)
        elsewhere = make_till(organisation_id=OTHER_TOWN)
        key = operations.make_key(theirs, elsewhere.id, name="theirs")

        assert Program(elsewhere, key).create().status_code == 401
        assert program.post("payments", asking()).status_code == 201
