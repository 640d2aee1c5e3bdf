"""Staff and money, in a real browser: a large refund takes two, and a program is told."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Visitor
from tests.journeys.paying import enter_card
from tests.journeys.town import Town

Arrive = Callable[..., Visitor]
TILL = """
INSERT INTO pay_till (id, organisation_id, name, slug, is_live, takes_moto, takes_moto_api,
takes_recurring, takes_telephone_notices, is_open)
SELECT gen_random_uuid(), id, 'Weddings', 'weddings', false, false, false, false, false, true
FROM identity_organisation ORDER BY slug LIMIT 1 RETURNING id
"""
LINK = """
INSERT INTO pay_link (id, organisation_id, till_id, title, details, reference_label, amount_minor,
currency, language, slug, is_open, made_at)
SELECT gen_random_uuid(), organisation_id, id, 'A wedding room', '', '', 15000, 'GBP', 'en',
'wedding-room', true, now() FROM pay_till WHERE slug = 'weddings' RETURNING 1
"""
PAID = "SELECT id FROM pay_payment WHERE service = 'till-weddings' AND state = 'captured'"


@pytest.fixture(scope="module")
def till(town: Town) -> str:
    """The address of a till with a link, at which someone pays £150."""
    (row,) = town.rows(TILL)
    town.rows(LINK)
    return f"/pay/tills/{row[0]}/"


def pay_for_the_room(payer: Visitor) -> None:
    """Without a look at the pages, which test_pay.py has."""
    page = payer.page
    page.goto(payer.town.url + "/pay/link/wedding-room/")
    page.click(".govuk-button")
    page.click(".govuk-button")
    enter_card(payer)
    payer.fill("Email", "payer@example.com")
    page.click("#submit-card-details")
    page.click("#confirm")
    page.wait_for_selector("text=Your payment was successful")


def add_webhook(administrator: Visitor, till: str) -> None:
    """To an address of this machine at which nobody listens."""
    administrator.go(till)
    administrator.press("Add a webhook")
    administrator.press("Add the webhook")
    administrator.sees("There is a problem")
    administrator.fill("Address", "http://127.0.0.1:1/told")
    administrator.fill("What is it for?", "The wedding diary")
    administrator.choose("A payment was captured")
    administrator.press("Add the webhook")
    administrator.sees("The webhook is added.")
    administrator.sees("webhook_")


def test_a_large_refund_takes_two_people_and_a_program_is_told_of_the_payment(
    visitor: Arrive, town: Town, till: str
) -> None:
    administrator = visitor(width=320)
    administrator.be("administrator")
    add_webhook(administrator, till)
    webhook = administrator.page.url
    pay_for_the_room(visitor())
    payment = f"/pay/transactions/{town.rows(PAID)[0][0]}/"

    caseworker = visitor()
    caseworker.be("caseworker")
    caseworker.go(payment)
    caseworker.press("Refund")
    caseworker.choose("All that is left: £150")
    caseworker.fill("Why?", "The boiler broke")
    caseworker.press("Continue")
    caseworker.sees("Above £100 someone else has to approve a refund.")
    caseworker.press("Propose the refund")
    caseworker.sees("The refund waits for someone else to approve it.")
    caseworker.sees("Waits for a second person")

    administrator.go("/pay/approvals/")
    administrator.page.locator("tr", has_text="The boiler broke").get_by_role("link").click()
    administrator.look()
    administrator.choose("Yes, give it")
    administrator.press("Save")
    administrator.sees("The refund is approved and on its way.")

    town.wait_for_rows("SELECT count(*) FROM pay_refund WHERE state = 'requested'")
    caseworker.go(payment)
    caseworker.sees("Given back")
    assert caseworker.page.locator("dd .govuk-tag").first.inner_text() == "Refunded"

    town.wait_for_rows("SELECT count(*) FROM pay_webhookmessage WHERE attempts = 0")
    administrator.go(f"{webhook}?failed=yes")
    administrator.sees("Will be tried again")
