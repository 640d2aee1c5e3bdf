"""Our document of /v1/ and what is answered there agree, whatever is asked.

`make test` asks a little of each address; TOWNHALL_TEST_SIZE=200, as `make bench` has it, much.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, cast

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks

from townhall.capabilities.pay.api.openapi import document
from townhall.capabilities.pay.records import CardResult
from townhall.capabilities.pay.tests.conftest import one_town
from townhall.capabilities.pay.tests.make import Program, dispute, make_card, make_till, pay

Case = schemathesis.Case[Any]  # Any: of whatever document
SIZE = int(os.environ.get("TOWNHALL_TEST_SIZE", "16"))
EXAMPLES = max(4, SIZE // 2)  # of each address
TILLS = 6  # by turns, so that none is asked too often
load_all_checks()
CHECKED: Any = CHECKS.get_by_names(  # Any: what schemathesis checks with
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
    ]
)
in_one_town = one_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_one_town")]


@contextmanager
def one_connection() -> Iterator[None]:
    """That of the test, for the application in it too, as Django's own test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Busy:
    """A till with something of everything."""

    def __init__(self, number: int) -> None:
        self.program = Program(make_till(f"Till {number}"))
        self.payment_id = self.pay(CardResult.PAYS)
        sent = self.program.post(f"payments/{self.payment_id}/refunds", {"amount": 5})
        self.refund_id = sent.json()["refund_id"]
        agreed = self.program.post("agreements", {"reference": "a", "description": "b"}).json()
        self.agreement_id = agreed["agreement_id"]
        self.pay(CardResult.PAYS, set_up_agreement=self.agreement_id)
        dispute(self.pay(CardResult.PAYS))
        self.program.create(prefilled_cardholder_details={"cardholder_name": "J. Doe"})

    def pay(self, result: CardResult, **changes: Any) -> str:  # Any: JSON
        payment_id: str = self.program.create(**changes).json()["payment_id"]
        pay(payment_id, result=result)
        return payment_id

    def token(self) -> str:
        """Of a payment that waits for a card from a program."""
        made = self.program.create(authorisation_mode="moto_api", return_url=None).json()
        token: str = made["_links"]["auth_url_post"]["params"]["one_time_token"]
        return token

    def things(self) -> dict[str, str]:
        return {
            "payment_id": self.payment_id,
            "refund_id": self.refund_id,
            "agreement_id": self.agreement_id,
        }


def test_whatever_is_asked_is_answered_as_the_document_says() -> None:
    busy = [Busy(number) for number in range(TILLS)]
    turns = count()
    schema = schemathesis.openapi.from_dict(document())
    schema.app = get_wsgi_application()

    def ask(case: Case) -> None:
        turn = next(turns)
        town = busy[turn % TILLS]
        if turn % 2 and case.path_parameters:
            case.path_parameters = {**case.path_parameters, **_known(case, town)}
        key = {"Authorization": f"Bearer {town.program.key}"}
        with one_connection():
            case.call_and_validate(base_url="http://testserver", headers=key, checks=CHECKED)

    for each in schema.get_all_operations():
        _try(cast(Any, each).ok(), ask)


def test_a_card_from_a_program_is_answered_as_the_document_says() -> None:
    busy = Busy(1)
    schema = schemathesis.openapi.from_dict(document())
    schema.app = get_wsgi_application()
    for result in (CardResult.PAYS, CardResult.DECLINED):
        card = make_card(result)
        case = schema["/v1/auth"]["POST"].Case(
            media_type="application/json",
            body={
                "one_time_token": busy.token(),
                "card_number": card.number,
                "cvc": card.code,
                "expiry_date": card.expires,
                "cardholder_name": card.name,
            },
        )
        with one_connection():
            case.call_and_validate(base_url="http://testserver", checks=CHECKED)


def _known(case: Case, town: Busy) -> dict[str, str]:
    return {name: known for name, known in town.things().items() if name in case.path_parameters}


def _try(operation: Any, ask: Any) -> None:  # Any: of schemathesis
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=SIZE < 100,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def tried(case: Case) -> None:
        ask(case)

    tried()
