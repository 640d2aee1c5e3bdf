"""Payment links: made by staff, used by anyone."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from townhall.capabilities.pay import models, operations, permissions, queries, records
from townhall.capabilities.pay.errors import NameTaken, NoSuchLink, NoSuchTill
from townhall.capabilities.pay.tests import make
from townhall.capabilities.pay.tests.test_card_page import DETAILS
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db

STAFF = make.actor(permissions.MANAGE)
ABOUT: dict[str, Any] = {  # Any: the arguments of add_link
    "title": "Pay an invoice",
    "details": "Have the invoice at hand.",
    "reference_label": "Invoice number",
    "amount": None,
    "language": "en",
}


def make_link(**changes: Any) -> records.Link:  # Any: an argument of add_link
    till = operations.add_till(STAFF, name="Finance", is_live=False)
    return operations.add_link(STAFF, till.id, **(ABOUT | changes))


def start(link: records.Link, **changes: Any) -> records.Payment:  # Any: as above
    about: dict[str, Any] = {"reference": "INV-1", "amount": Money(5050), "home": "http://here"}
    return operations.start_link_payment(make.PAYER, link.slug, **(about | changes))


def test_a_payment_of_a_link_is_of_its_till_and_lasts_90_minutes() -> None:
    link = make_link()

    payment = start(link)

    assert (payment.till_id, payment.service, payment.is_live) == (
        link.till_id,
        "till-finance",
        False,
    )
    assert (payment.source, payment.reference) == (records.Source.LINK, "INV-1")
    assert payment.amount == Money(5050)
    assert payment.return_url == f"http://here/pay/link/{link.slug}/done/{payment.id}/"
    left = payment.expires_at - timezone.now()
    assert timedelta(minutes=89) < left <= timedelta(minutes=90)


def test_a_fixed_sum_cannot_be_changed_and_a_reference_is_made() -> None:
    link = make_link(amount=Money(1200), reference_label="")

    payments = [start(link, amount=Money(1)) for _twice in range(2)]

    assert [payment.amount for payment in payments] == [Money(1200)] * 2
    assert len({payment.reference for payment in payments}) == 2
    assert len(payments[0].reference) == 10


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": ""},
        {"reference": "4444 3333 2222 1111"},
        {"reference": "<b>"},
        {"reference": "x" * 256},
        {"amount": None},
        {"amount": Money(0)},
        {"amount": Money(10_000_001)},
    ],
)
def test_nonsense_begins_no_payment(changes: dict[str, Any]) -> None:  # Any: as above
    link = make_link()

    with pytest.raises(Invalid):
        start(link, **changes)

    assert not models.Payment.objects.exists()


def test_a_closed_link_or_till_takes_nothing() -> None:
    link = make_link()

    models.Till.objects.update(is_open=False)
    with pytest.raises(NoSuchLink):
        start(link)
    models.Till.objects.update(is_open=True)
    for _twice in range(2):
        assert not operations.close_link(STAFF, link.id).is_open
    with pytest.raises(NoSuchLink):
        start(link)


def test_links_are_of_one_organisation_and_only_for_who_may_manage_them() -> None:
    link = make_link(slug="invoices")
    other = make.actor(permissions.MANAGE, organisation_id=make.OTHER_TOWN)

    with pytest.raises(NameTaken):
        operations.add_link(STAFF, link.till_id, **ABOUT, slug="invoices")
    with pytest.raises(NoSuchTill):
        operations.add_link(other, link.till_id, **ABOUT)
    with pytest.raises(NoSuchLink):
        operations.change_link(other, link.id, **ABOUT)
    with pytest.raises(NoSuchLink):
        operations.close_link(other, link.id)
    assert queries.list_links(other).rows == []
    for call in (
        lambda: operations.add_link(make.PAYER, link.till_id, **ABOUT),
        lambda: operations.change_link(make.PAYER, link.id, **ABOUT),
        lambda: operations.close_link(make.PAYER, link.id),
        lambda: queries.get_link(make.PAYER, link.id),
        lambda: operations.start_link_payment(
            STAFF, link.slug, reference="1", amount=None, home=""
        ),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_a_changed_link_says_so_to_who_comes_next() -> None:
    link = make_link()

    changed = operations.change_link(
        STAFF, link.id, **(ABOUT | {"title": "Pay a fine", "amount": Money(6000)})
    )

    assert queries.get_open_link(make.PAYER, link.slug) == changed
    assert start(link).amount == Money(6000)


def test_anyone_pays_by_a_link(client: Client) -> None:
    link = make_link()
    url = f"/pay/link/{link.slug}/"

    assert f'href="{url}reference/"' in client.get(url).content.decode()
    assert client.get(url + "check/")["Location"] == url + "reference/"
    wrong = client.post(url + "reference/", {"payment-reference": "4444333322221111"})
    assert (wrong.status_code, "looks like a card number" in wrong.content.decode()) == (422, True)
    to_amount = client.post(url + "reference/", {"payment-reference": "INV-7"})
    assert to_amount["Location"] == url + "amount/"
    assert client.post(url + "amount/", {"payment-amount": "much"}).status_code == 422
    to_check = client.post(url + "amount/", {"payment-amount": "£1,050.50"})
    check = client.get(to_check["Location"]).content.decode()
    assert "INV-7" in check
    assert "£1,050.50" in check
    card = client.get(client.post(url + "check/")["Location"])["Location"]
    client.get(card)
    client.post(card, DETAILS)
    done = client.post(card + "confirm/")["Location"].removeprefix("http://testserver")

    assert "Your payment was successful" in client.get(done).content.decode()
    assert Client().get(done).status_code == 404
    assert client.get(url + "check/")["Location"] == url + "reference/"  # to pay something else


def test_who_did_not_pay_may_begin_again(client: Client) -> None:
    link = make_link(reference_label="", amount=Money(500))
    url = f"/pay/link/{link.slug}/"

    assert f'href="{url}check/"' in client.get(url).content.decode()
    assert client.get(url + "reference/")["Location"] == url
    assert client.get(url + "amount/")["Location"] == url
    card = client.get(client.post(url + "check/")["Location"])["Location"]
    page = client.post(card + "cancel/", follow=True).content.decode()
    done = f"{url}done/{models.Payment.objects.get().id}/"

    assert done in page
    assert client.get(done)["Location"] == url


@pytest.mark.parametrize(
    ("typed", "minor"), [("50.50", 5050), ("£50.50", 5050), ("1,000", 100_000), (" 7 ", 700)]
)
def test_sums_are_read_as_people_write_them(client: Client, typed: str, minor: int) -> None:
    link = make_link(reference_label="")

    client.post(f"/pay/link/{link.slug}/amount/", {"payment-amount": typed})
    client.post(f"/pay/link/{link.slug}/check/")

    assert models.Payment.objects.get().amount_minor == minor
