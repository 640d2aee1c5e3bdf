"""The payer's pages through HTTP: from the link to the end, and whatever may be pressed twice."""

from typing import Any

import pytest
from django.test import Client

from townhall.capabilities.pay import models, operations, queries, records
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
    client.get(here["Location"])
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


def test_the_link_opens_the_page_once(client: Client) -> None:
    payment = make.make_payment()

    assert client.get(f"/pay/secure/{payment.token}").status_code == 302
    again = client.get(f"/pay/secure/{payment.token}")

    assert again.status_code == 404
    assert "Your payment session has expired" in again.content.decode()


def test_a_program_may_send_people_by_a_form_of_its_own_site() -> None:
    payment = make.make_payment()
    strict = Client(enforce_csrf_checks=True)

    sent = strict.post("/pay/secure", {"chargeTokenId": payment.token})

    assert (sent.status_code, sent["Location"]) == (303, f"/pay/secure/{payment.token}")
    assert not sent.cookies
    assert strict.get(sent["Location"])["Location"] == f"/pay/card/{payment.id}/"
    for wrong in ("", "a/b", "\0"):
        answer = strict.post("/pay/secure", {"chargeTokenId": wrong}, follow=True)
        assert answer.status_code in (400, 404)


@pytest.mark.parametrize("page", ["", "way/", "confirm/", "back/", "cancel/"])
def test_who_did_not_come_by_the_link_sees_nothing(client: Client, page: str) -> None:
    payment = make.make_payment()
    url = f"/pay/card/{payment.id}/{page}"

    answer = client.post(url) if page == "cancel/" else client.get(url)

    assert answer.status_code == 404
    assert payment.reference not in answer.content.decode()


def test_what_is_wrong_is_said_and_no_card_is_shown_again(client: Client) -> None:
    payment = come(client)
    wrong = DETAILS | {"card-no": "4444 3333 2222 1112", "cvc": "987", "email": "nobody"}

    page = client.post(f"/pay/card/{payment.id}/", wrong)

    words = page.content.decode()
    assert page.status_code == 422
    assert '<a href="#card-no">' in words
    assert '<a href="#email">' in words
    assert 'value="A Resident"' in words
    assert "1112" not in words
    assert "987" not in words
    assert state_of(payment) == State.STARTED


def test_known_details_are_filled_in(client: Client) -> None:
    address = {"line1": "7 Abbey Walk", "city": "Test Town", "postcode": "AA1 1AA", "country": "FR"}
    payment = come(client, email="a.resident@example.com")
    models.Payment.objects.filter(id=payment.id).update(
        prefilled={"name": "Bo Begum", "address": address}
    )

    page = client.get(f"/pay/card/{payment.id}/").content.decode()

    for value in ("Bo Begum", "7 Abbey Walk", "AA1 1AA", "a.resident@example.com"):
        assert f'value="{value}"' in page
    assert '<option value="FR" selected>France' in page


def test_staff_who_type_for_someone_on_the_telephone_do_not_show_the_card(client: Client) -> None:
    payment = come(client)
    models.Payment.objects.filter(id=payment.id).update(moto=True, source=records.Source.AGENT)

    page = client.get(f"/pay/card/{payment.id}/").content.decode()
    sent = client.post(f"/pay/card/{payment.id}/", DETAILS | {"email": ""})

    assert page.count('type="password"') == 2
    assert sent.status_code == 302


@pytest.mark.parametrize(
    ("number", "state", "title"),
    [
        ("4000000000000002", State.DECLINED, "Your payment has been declined"),
        ("4000000000000069", State.DECLINED, "Your payment has been declined"),
        ("4000000000000127", State.DECLINED, "Your payment has been declined"),
        ("4000000000000119", State.ERRORED, "There was a problem with your payment"),
    ],
)
def test_a_card_that_is_refused_ends_on_a_page_that_leads_back(
    client: Client, number: str, state: State, title: str
) -> None:
    payment = come(client)
    url = f"/pay/card/{payment.id}/"

    page = client.post(url, DETAILS | {"card-no": number}, follow=True).content.decode()

    assert f"<title>{title}</title>" in page
    assert f'href="{BACK_AT_SERVICE}"' in page
    assert state_of(payment) == state


@pytest.mark.parametrize(
    ("answer", "after", "state"),
    [("yes", "confirm/", State.SUBMITTED), ("no", "", State.DECLINED)],
)
def test_the_bank_asks_who_it_is(client: Client, answer: str, after: str, state: State) -> None:
    payment = come(client)
    url = f"/pay/card/{payment.id}/"

    bank = client.post(url, DETAILS | {"card-no": "4000002500003155"})["Location"]
    assert bank.startswith("/pay/sandbox/bank/")
    waiting = client.get(url, follow=True).content.decode()
    assert bank in waiting  # for who has closed the bank's page
    assert Client().get(bank).status_code == 404
    came = client.post(bank, {"answer": answer}, follow=True)

    assert came.redirect_chain[-1][0] == url + after
    assert state_of(payment) == state
    assert client.post(bank, {"answer": "yes"}).status_code == 302  # once more changes nothing
    assert state_of(payment) == state


def test_sending_twice_asks_the_card_once_and_shows_where_it_is(client: Client) -> None:
    payment = come(client)
    url = f"/pay/card/{payment.id}/"

    client.post(url, DETAILS)
    again = client.post(url, DETAILS | {"card-no": "4000000000000002"}, follow=True)
    assert again.redirect_chain[-1][0] == url + "confirm/"
    client.post(url + "confirm/")
    twice = client.post(url + "confirm/")

    assert twice["Location"] == BACK_AT_SERVICE
    assert client.get(url + "confirm/", follow=True).redirect_chain == [(url, 302)]
    assert "Your payment was successful" in client.get(url).content.decode()
    assert make.balances()[records.Purpose.PROCESSOR, "sandbox"] == payment.amount.minor


def test_a_slow_processor_is_waited_for(client: Client) -> None:
    payment = come(client)
    url = f"/pay/card/{payment.id}/"

    page = client.post(url, DETAILS | {"telling": "slow"}, follow=True).content.decode()
    assert f'href="{url}back/" data-go-on' in page
    assert "Do not pay again" in page
    again = client.get(url + "back/")
    assert (again.status_code, "Do not pay again" in again.content.decode()) == (200, True)
    models.SandboxCheckout.objects.update(tells_at=payment.created_at)
    came = client.get(url + "back/", follow=True)

    assert came.redirect_chain[-1][0] == url + "confirm/"


@pytest.mark.parametrize("after_card", [False, True])
def test_the_payer_may_cancel(client: Client, after_card: bool) -> None:
    payment = come(client)
    url = f"/pay/card/{payment.id}/"
    if after_card:
        client.post(url, DETAILS)

    page = client.post(url + "cancel/", follow=True).content.decode()

    assert "<title>Your payment has been cancelled</title>" in page
    assert state_of(payment) == State.ABANDONED


def test_nothing_is_taken_after_the_time_or_after_the_service_has_cancelled(
    client: Client,
) -> None:
    late, cancelled = come(client), come(client)
    make.let_expire(late)
    operations.cancel_payment(make.SERVICE, cancelled.id)

    for payment, title in (
        (late, "Your payment session has expired"),
        (cancelled, "Your payment was cancelled"),
    ):
        url = f"/pay/card/{payment.id}/"
        for answer in (client.get(url), client.post(url, DETAILS, follow=True)):
            assert f"<title>{title}</title>" in answer.content.decode()
        client.post(url + "confirm/")
        assert state_of(payment) != State.CAPTURED


def test_the_pages_are_in_the_language_that_the_payment_was_asked_for_in(client: Client) -> None:
    payment = make.make_payment()
    operations.open_checkout(make.SERVICE, payment.id, return_url=BACK_AT_SERVICE, language="cy")

    page = client.get(f"/pay/secure/{payment.token}", follow=True)

    assert '<html lang="cy"' in page.content.decode()
    assert page["Content-Language"] == "cy"


def test_a_payment_without_a_service_to_go_back_to_ends_here(client: Client) -> None:
    payment = make.make_payment()
    url = client.get(f"/pay/secure/{payment.token}")["Location"]
    client.get(url)
    client.post(url, DETAILS)

    page = client.post(url + "confirm/", follow=True).content.decode()

    assert "Your payment was successful" in page
    assert payment.reference in page
