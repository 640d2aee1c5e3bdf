"""The payer's pages through HTTP: from the link to the end, and whatever may be pressed twice."""

from typing import Any

import pytest
from django.test import Client

from townhall.capabilities.pay import operations, queries, records
from townhall.capabilities.pay.records import State
from townhall.capabilities.pay.tests import make

pytestmark = pytest.mark.django_db

DETAILS = {
    "card-no": "4444 3333 2222 1111",
    "expiry-month": "10",
    "expiry-year": "49",
    "cardholder-name": "A Resident",
    "cvc": "123",
    "address-country": "GB",
    "address-line-1": "1 Abbey Walk",
    "address-line-2": "",
    "address-city": "Test Town",
    "address-postcode": "AA1 1AA",
    "email": "a.resident@example.com",
}
BACK_AT_SERVICE = "https://service.example/done"


def come(client: Client, **changes: Any) -> records.Payment:  # Any: an argument of start_payment
    """Follow a payment's link to the page where the card is entered."""
    payment = make.make_payment(**changes)
    link = operations.open_checkout(
        make.SERVICE, payment.id, return_url=BACK_AT_SERVICE, language="en"
    )
    here = client.get(link.replace("https://service.example", ""))
    assert here["Location"] == f"/pay/card/{payment.id}/"
    return payment


def state_of(payment: records.Payment) -> State:
    return queries.get_payment(make.SERVICE, payment.id).state


def test_a_card_is_entered_and_confirmed_and_the_payer_goes_back(client: Client) -> None:
    payment = come(client)
    url = f"/pay/card/{payment.id}/"

    page = client.get(url).content.decode()
    assert "<title>Enter card details</title>" in page
    sent = client.post(url, DETAILS)
    assert (sent.status_code, sent["Location"]) == (302, url)
    confirm = client.get(url)["Location"]
    assert "ending 1111" in client.get(confirm).content.decode()
    done = client.post(confirm)

    assert done["Location"] == BACK_AT_SERVICE
    assert state_of(payment) == State.CAPTURED
