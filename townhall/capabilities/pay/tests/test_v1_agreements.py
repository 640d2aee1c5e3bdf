"""GOV.UK Pay's API: agreements, recurring payments, cards by the API, disputes and searches."""

from typing import Any

import pytest

from townhall.capabilities.pay import models, operations
from townhall.capabilities.pay.operations import take_again
from townhall.capabilities.pay.records import CardResult, DisputeState, Mode
from townhall.capabilities.pay.rules.identifiers import read_id
from townhall.capabilities.pay.tests.make import (
    TOWN,
    Program,
    again_under,
    dispute,
    make_card,
    make_till,
    pay,
    program_actor,
)

pytestmark = pytest.mark.django_db
AGREEMENT = {"reference": "CT-22", "description": "Council tax", "user_identifier": "user-1"}


@pytest.fixture
def program() -> Program:
    return Program(make_till())


def agree(program: Program, *, result: CardResult = CardResult.PAYS) -> str:
    """An agreement that a first payment has set up."""
    agreement_id: str = program.post("agreements", AGREEMENT).json()["agreement_id"]
    payment_id = program.create(set_up_agreement=agreement_id).json()["payment_id"]
    pay(payment_id, result=result)
    return agreement_id


def recur(program: Program, agreement_id: str, *, once: str = "") -> Any:  # Any: a test response
    return program.create(
        once=once,
        authorisation_mode="agreement",
        agreement_id=agreement_id,
        agreement_payment_type="recurring",
        return_url=None,
    )


class TestAgreements:
    def test_one_is_made_set_up_found_and_cancelled(self, program: Program) -> None:
        made = program.post("agreements", AGREEMENT, once="key")
        again = program.post("agreements", AGREEMENT, once="key")
        agreement_id = made.json()["agreement_id"]
        early = program.post(f"agreements/{agreement_id}/cancel")
        pay(program.create(set_up_agreement=agreement_id).json()["payment_id"])
        active = program.get(f"agreements/{agreement_id}").json()
        found = program.get("agreements", status="active", reference="ct-22").json()
        cancelled = program.post(f"agreements/{agreement_id}/cancel", once="cancel")
        repeated = program.post(f"agreements/{agreement_id}/cancel", once="cancel")

        assert (made.status_code, again.status_code) == (201, 200)
        assert made.json() == again.json()
        assert (early.status_code, early.json()["code"]) == (400, "P2501")
        assert active["payment_instrument"]["card_details"]["last_digits_card_number"] == "4242"
        assert found["results"] == [active]
        assert (cancelled.status_code, repeated.status_code) == (204, 204)
        assert program.get(f"agreements/{agreement_id}").json()["status"] == "cancelled"

    def test_one_of_another_till_is_not_found(self, program: Program) -> None:
        theirs = agree(Program(make_till("Another")))

        assert program.get(f"agreements/{theirs}").json()["code"] == "P2200"
        assert program.post(f"agreements/{theirs}/cancel").json()["code"] == "P2500"
        assert program.create(set_up_agreement=theirs).json()["code"] == "P0103"
        assert recur(program, theirs).json()["field"] == "agreement_id"

    def test_a_till_without_recurring_payments_makes_none(self) -> None:
        answer = Program(make_till(takes_recurring=False)).post("agreements", AGREEMENT)

        assert (answer.status_code, answer.json()["code"]) == (422, "P0942")


class TestRecurring:
    def test_the_money_is_taken_at_once_and_once(self, program: Program) -> None:
        agreement_id = agree(program)

        answer = recur(program, agreement_id, once="january")
        again = recur(program, agreement_id, once="january")

        assert (answer.status_code, again.status_code) == (201, 200)
        assert answer.json()["state"] == {"status": "success", "finished": True}
        assert answer.json()["agreement_payment_type"] == "recurring"
        assert "next_url" not in answer.json()["_links"]
        assert models.Payment.objects.filter(mode=Mode.AGREEMENT).count() == 1
        found = program.get("payments", agreement_id=agreement_id).json()
        assert found["total"] == 2

    def test_a_card_that_takes_no_more_declines(self, program: Program) -> None:
        agreement_id = agree(program, result=CardResult.PAYS_BUT_NOT_AGAIN)

        assert recur(program, agreement_id).json()["state"]["code"] == "P0010"

    def test_an_agreement_that_is_not_active_is_refused(self, program: Program) -> None:
        agreement_id = program.post("agreements", AGREEMENT).json()["agreement_id"]

        answer = recur(program, agreement_id)

        assert (answer.status_code, answer.json()["code"]) == (400, "P0102")

    def test_one_whose_process_died_is_taken_by_the_task(self, program: Program) -> None:
        agreement_id = agree(program)
        asked = operations.create_payment(
            program_actor(),
            till=program.till,
            asked=again_under(agreement_id),
        )[0]

        for _ in "ab":
            take_again(payment_id=asked.id, organisation_id=TOWN)

        payment = models.Payment.objects.get(id=asked.id)
        assert payment.state == "captured"
        assert payment.steps.count() == 4


class TestMotoApi:
    @pytest.fixture
    def created(self, program: Program) -> Any:
        return program.create(authorisation_mode="moto_api", return_url=None).json()

    def send(self, program: Program, created: Any, result: CardResult, *, once: str = "") -> Any:
        card = make_card(result)
        return program.post(
            "auth",
            {
                "one_time_token": created["_links"]["auth_url_post"]["params"]["one_time_token"],
                "card_number": card.number,
                "cvc": card.code,
                "expiry_date": card.expires,
                "cardholder_name": card.name,
            },
            once=once,
        )

    def test_a_card_pays_once(self, program: Program, created: Any) -> None:
        paid = self.send(program, created, CardResult.PAYS, once="key")
        again = self.send(program, created, CardResult.PAYS, once="key")
        used = self.send(program, created, CardResult.PAYS)

        assert (paid.status_code, again.status_code) == (204, 204)
        assert (used.status_code, used.json()["code"]) == (400, "P1212")
        payment = program.get(f"payments/{created['payment_id']}").json()
        assert payment["state"]["status"] == "success"
        assert "auth_url_post" not in payment["_links"]

    @pytest.mark.parametrize(
        ("result", "status", "code"),
        [
            (CardResult.DECLINED, 402, "P0010"),
            (CardResult.CHALLENGED, 402, "P0010"),
            (CardResult.ERROR, 500, "P0050"),
        ],
    )
    def test_a_card_that_does_not_pay_says_so(
        self, program: Program, created: Any, result: CardResult, status: int, code: str
    ) -> None:
        answer = self.send(program, created, result)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert program.get(f"payments/{created['payment_id']}").json()["state"]["finished"]

    def test_a_payment_on_the_page_takes_no_card_here(self, program: Program) -> None:
        token = models.Payment.objects.get(
            id=str(read_id(program.create().json()["payment_id"]))
        ).token
        strange = {"_links": {"auth_url_post": {"params": {"one_time_token": token}}}}

        answer = self.send(program, strange, CardResult.PAYS)

        assert (answer.status_code, answer.json()["code"]) == (400, "P1211")

    def test_its_token_opens_no_page(self, program: Program, created: Any) -> None:
        token = created["_links"]["auth_url_post"]["params"]["one_time_token"]

        program.client.get(f"/pay/secure/{token}")

        assert self.send(program, created, CardResult.PAYS).status_code == 204

    def test_delayed_capture_waits(self, program: Program) -> None:
        made = program.create(
            authorisation_mode="moto_api", return_url=None, delayed_capture=True
        ).json()

        assert self.send(program, made, CardResult.PAYS).status_code == 204
        state = program.get(f"payments/{made['payment_id']}").json()["state"]
        assert state["status"] == "capturable"


class TestDisputes:
    def test_they_are_found_and_stop_refunds(self, program: Program) -> None:
        payment_id = program.create().json()["payment_id"]
        pay(payment_id, result=CardResult.DISPUTED_AND_LOST)
        dispute(payment_id)

        found = program.get("disputes", status=DisputeState.NEEDS_RESPONSE).json()
        refund = program.post(f"payments/{payment_id}/refunds", {"amount": 1})

        assert found["results"][0]["payment_id"] == payment_id
        assert found["results"][0]["reason"] == "fraudulent"
        assert program.get("disputes", status="won").json()["total"] == 0
        assert refund.json() == {
            "code": "P0603",
            "description": "The payment is disputed and cannot be refunded",
        }


class TestSearch:
    def test_it_is_narrowed_by_what_is_given(self, program: Program) -> None:
        paid = program.create(reference="One", email="ann@example.com").json()["payment_id"]
        program.create(reference="Two")
        pay(paid)

        for asked in (
            {"reference": "one"},
            {"email": "ann@"},
            {"state": "success"},
            {"cardholder_name": "resident"},
            {"card_brand": "visa"},
            {"last_digits_card_number": "4242", "first_digits_card_number": "424242"},
        ):
            results = program.get("payments", **asked).json()["results"]
            assert [each["payment_id"] for each in results] == [paid], asked
        assert program.get("payments", from_date="2999-01-01T00:00:00Z").json()["total"] == 0
        assert program.get("payments", agreement_id="nonsense").json()["total"] == 0
        assert program.get("transactions").json()["total"] == 2

    def test_its_pages_lead_to_one_another(self, program: Program) -> None:
        for _ in range(3):
            program.create()

        page = program.get("payments", display_size=1, page=2, reference="PRK-1234").json()
        beyond = program.get("payments", display_size=1, page=4)

        assert (page["total"], page["count"], page["page"]) == (3, 1, 2)
        assert page["_links"]["next_page"]["href"] == (
            "http://testserver/v1/payments?reference=PRK-1234&display_size=1&page=3"
        )
        assert set(page["_links"]) == {
            "self",
            "first_page",
            "last_page",
            "prev_page",
            "next_page",
        }
        assert (beyond.status_code, beyond.json()["code"]) == (404, "P0402")

    @pytest.mark.parametrize(
        ("path", "asked", "code"),
        [
            ("payments", {"state": "capturable"}, "P0401"),
            ("payments", {"from_date": "2020-01-01"}, "P0401"),
            ("payments", {"to_settled_date": "2020-02-30"}, "P0401"),
            ("payments", {"display_size": "501"}, "P0401"),
            ("payments", {"page": "0"}, "P0401"),
            ("payments", {"page": "9" * 40}, "P0401"),
            ("payments", {"first_digits_card_number": "12345"}, "P0401"),
            ("payments", {"reference": "x" * 256}, "P0401"),
            ("disputes", {"status": "open"}, "P0401"),
            ("refunds", {"display_size": "-1"}, "P1101"),
            ("agreements", {"status": "done"}, "P2401"),
        ],
    )
    def test_what_makes_no_sense_is_named(
        self, program: Program, path: str, asked: dict[str, str], code: str
    ) -> None:
        answer = program.get(path, **asked)

        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert next(iter(asked)) in answer.json()["description"]

    def test_however_many_are_found_it_takes_as_many_statements(
        self, program: Program, django_assert_num_queries: Any
    ) -> None:
        for _ in range(3):
            program.create()
        program.get("payments")

        with django_assert_num_queries(5):  # the key, its allowance, count, page, the audit
            program.get("payments")
