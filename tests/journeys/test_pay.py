"""Paying at a payment link, in a real browser: it goes well, or not, or not at once."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Visitor
from tests.journeys.paying import enter_card
from tests.journeys.town import Town

Arrive = Callable[..., Visitor]
FORM = ".charge-new__content > #card-details-wrap > #card-details"


TILL = """
INSERT INTO pay_till (id, organisation_id, name, slug, is_live, takes_moto, takes_moto_api,
takes_recurring, takes_telephone_notices, is_open)
SELECT gen_random_uuid(), id, 'Journeys', 'journeys', false, false, false, false, false, true
FROM identity_organisation ORDER BY slug LIMIT 1 RETURNING 1
"""
LINK = """
INSERT INTO pay_link (id, organisation_id, till_id, title, details, reference_label, amount_minor,
currency, language, slug, is_open, made_at)
SELECT gen_random_uuid(), organisation_id, id, 'A library fine', '', '', 300, 'GBP', '{0}',
'fines-{0}', true, now() FROM pay_till WHERE slug = 'journeys' RETURNING 1
"""


@pytest.fixture(scope="module")
def till(town: Town) -> str:
    """The name of a till with two links, to pay £3 in English and in Welsh."""
    town.rows(TILL)
    for language in ("en", "cy"):
        town.rows(LINK.format(language))
    return "Journeys"


@pytest.fixture
def fine(till: str) -> str:
    return "/pay/link/fines-en/"


@pytest.fixture
def welsh_fine(till: str) -> str:
    return "/pay/link/fines-cy/"


def make_link(visitor: Arrive, till: str) -> str:
    """What an administrator does; the link's address."""
    staff = visitor()
    staff.be("administrator")
    staff.go("/pay/links/")
    staff.press("Make a payment link")
    staff.choose(till)
    staff.fill("What is it for?", "A library fine")
    staff.choose("English")
    staff.press("Save")
    staff.sees("The payment link is made.")
    assert staff.page.evaluate("document.querySelector('main img').naturalWidth") > 0
    return str(staff.page.locator("dd a").first.get_attribute("href"))


def proceed(payer: Visitor, link: str) -> None:
    """To the card page of a link of a fixed sum."""
    payer.go(link)
    payer.press("Continue")
    payer.press("Proceed to payment")
    assert payer.page.title() == "Enter card details"


def test_what_govuk_pays_smoke_tests_press_is_there(visitor: Arrive, till: str) -> None:
    """Its selectors and titles, word for word: alphagov/pay-smoke-tests."""
    link = make_link(visitor, till)
    payer = visitor()
    page = payer.page
    page.goto(link)

    page.click(".govuk-button")
    page.type("#payment-amount", "50.50")
    page.click(".govuk-button")
    page.click(".govuk-button")
    assert page.title() == "Enter card details"
    payer.look()
    _type_as_the_smoke_tests_do(page)
    page.click(f"{FORM} #submit-card-details")
    page.wait_for_selector(".govuk-grid-row > #main-content #confirm")
    assert page.title() == "Confirm your payment"
    payer.look()
    payer.sees("smoke@example.com")
    page.click(".govuk-grid-row > #main-content #confirm")
    page.wait_for_load_state()

    payer.sees("Your payment was successful")
    payer.sees("£50.50")
    payer.look()


def _type_as_the_smoke_tests_do(page: Page) -> None:
    page.type(f"{FORM} #card-no", "4242424242424242")
    page.type("#card-details #expiry-month", str(date.today().month))  # noqa: DTZ011  # as they do
    page.type("#card-details #expiry-year", str(date.today().year + 1)[-2:])  # noqa: DTZ011
    page.type(f"{FORM} #cardholder-name", "Test User")
    page.type(f"{FORM} #cvc", "737")
    page.type(f"{FORM} #address-line-1", "1 Main Street")
    page.type(f"{FORM} #address-line-2", "Main Village")
    page.type(f"{FORM} #address-city", "London")
    page.type(f"{FORM} #address-postcode", "AB1A 1AB")
    page.type("#card-details-wrap > #card-details #email", "smoke@example.com")


def test_a_payer_is_declined_goes_away_comes_back_and_pays(visitor: Arrive, fine: str) -> None:
    payer = visitor(width=320)

    proceed(payer, fine)
    payer.press("Continue")
    payer.sees("There is a problem")
    enter_card(payer, number="4000000000000002")
    payer.fill("Email", "payer@example.com")
    payer.press("Continue")
    assert payer.page.title() == "Your payment has been declined"
    payer.press("Go back to try the payment again")
    payer.press("Continue")
    payer.press("Proceed to payment")
    here = payer.page.url
    payer.go("/")
    payer.go(here)
    payer.press("Cancel payment")
    assert payer.page.title() == "Your payment has been cancelled"

    proceed(payer, fine)
    enter_card(payer, number="4000002500003155")
    payer.fill("Email", "payer@example.com")
    payer.press("Continue")
    payer.sees("Is this you?")
    payer.press("Yes, this is me")
    payer.press("Confirm payment")
    payer.sees("Your payment was successful")
    payer.page.go_back()
    payer.page.wait_for_load_state()
    assert payer.page.locator("#confirm").count() == 0
    payer.sees("Your payment was successful")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_payer_waits_and_comes_to_confirm(
    visitor: Arrive, town: Town, fine: str, scripts: bool
) -> None:
    """With scripts the page goes on by itself; without them its link is pressed."""
    page = visitor(scripts=scripts).page
    page.goto(town.url + fine)
    page.click(".govuk-button")
    page.click(".govuk-button")
    _type_as_the_smoke_tests_do(page)

    page.click("text=Let the processor answer slowly")
    assert "Do not pay again" in page.inner_text("main")
    for _again in range(40):
        if scripts or page.locator("#confirm").count():
            break
        page.wait_for_timeout(500)
        page.click("text=Look again now")
    page.click("#confirm")

    page.wait_for_selector("text=Your payment was successful")


def test_the_pages_are_in_welsh_for_a_welsh_link(visitor: Arrive, welsh_fine: str) -> None:
    payer = visitor()

    payer.go(welsh_fine)
    payer.press("Parhau")
    payer.page.locator("main button").click()
    payer.page.wait_for_load_state()

    payer.look()
    assert payer.page.locator("html").get_attribute("lang") == "cy"
    assert payer.page.title() == "Rhowch fanylion y cerdyn"
    _type_as_the_smoke_tests_do(payer.page)
    payer.page.click("#submit-card-details")
    payer.page.click("#confirm")
    payer.page.wait_for_load_state()
    payer.look()
    payer.sees("Roedd eich taliad yn llwyddiannus")
