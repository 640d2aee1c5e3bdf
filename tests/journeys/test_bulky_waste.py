"""Four people and one collection, in a real browser, with real mail: the first service whole."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor
from tests.journeys.paying import enter_card
from tests.journeys.town import MailServer, Town, code_in, text_of

Arrive = Callable[..., Visitor]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cf500f0003860180345a9d2a0000000049454e44ae426082"
)


def answer_everything(resident: Visitor, *, email: str, start: str = "/bulky-waste/") -> None:
    """From the start page to the page that says what to pay."""
    resident.go(start)
    resident.press("Start now" if start == "/bulky-waste/" else "Book for someone on the phone")
    resident.fill("postcode", "aa11aa")
    resident.press("Continue")
    resident.choose("3 Abbey Walk")
    resident.press("Continue")
    resident.fill("Sofa", "1")
    resident.fill("Mattress", "2")
    resident.press("Continue")
    resident.page.locator("input[type=radio]:enabled").first.check()
    resident.press("Continue")
    resident.page.locator("input[type=text]").first.fill("Ada Adeyemi")
    resident.press("Continue")
    resident.page.locator("input[type=email]").first.fill(email)
    resident.press("Continue")
    resident.page.locator("input[type=tel]").first.fill("07700 900777")
    resident.press("Continue")
    resident.sees("£39")
    resident.press("Accept and continue to payment")


def pay_by_card(
    resident: Visitor, *, button: str = "Continue", number: str = "4242424242424242"
) -> None:
    """Through the card page, and past the page to confirm if the card is good."""
    resident.press("Continue to payment")
    enter_card(resident, number=number)
    resident.press(button)
    if resident.page.locator("#confirm").count():
        resident.press("Confirm payment")


def wait_until_booked(resident: Visitor) -> str:
    """Press on until the page says so; the reference."""
    for _ in range(40):
        if "Collection booked" in resident.page.inner_text("h1"):
            break
        resident.page.wait_for_timeout(500)
        resident.page.reload()
    resident.sees("Collection booked")
    resident.look()
    return resident.page.locator(".govuk-panel__body strong").inner_text()


def sign_in_by_code(person: Visitor, mail: MailServer, email: str) -> None:
    person.go("/account/requests/")
    before = len(mail.taken)
    person.page.locator("input[type=email]").first.fill(email)
    person.press("Send me a code")
    person.look()
    letter = mail.wait_for(email, "code")
    assert len(mail.taken) > before
    person.page.locator("main input[type=text]").first.fill(code_in(letter))
    person.page.locator("main button[type=submit]").first.click()
    person.page.wait_for_load_state()
    person.look()


def calendar_of(letter: EmailMessage) -> Calendar:
    attached = [
        part for part in letter.iter_attachments() if part.get_filename() == "collection.ics"
    ]
    assert attached, "the email has a calendar file"
    return Calendar.from_ical(attached[0].get_content())


def test_a_resident_books_pays_and_sees_it_all(
    visitor: Arrive, mail: MailServer, town: Town
) -> None:
    email = "ada.adeyemi@resident.example"
    resident = visitor(width=320)

    answer_everything(resident, email=email)
    resident.sees("We keep your place until")
    pay_by_card(resident)
    reference = wait_until_booked(resident)

    letter = mail.wait_for(email, "is booked for")
    assert reference in text_of(letter)
    assert "3 Abbey Walk" in text_of(letter)
    event = calendar_of(letter).walk("VEVENT")[0]
    assert str(event["location"]).startswith("3 Abbey Walk")

    resident.go("/account/")
    sign_in_by_code(resident, mail, email)
    resident.sees(reference)
    resident.page.get_by_role("link", name=reference).first.click()
    resident.look()
    resident.press("Change the day")
    resident.page.locator("input[type=radio]").last.check()
    resident.press("Change the day")
    resident.sees("We have changed the day")
    moved = mail.wait_for(email, "is now on")
    assert calendar_of(moved).walk("VEVENT")[0]["sequence"] == 1

    resident.press("Cancel the collection")
    resident.sees("We will refund £39")
    resident.press("Cancel the collection")
    resident.sees("Your collection is cancelled")
    assert "£39" in text_of(mail.wait_for(email, "is cancelled"))

    caseworker = visitor()
    caseworker.be("caseworker")
    caseworker.go("/cases/")
    caseworker.page.locator("tr", has_text=reference).get_by_role("link").first.click()
    caseworker.look()
    caseworker.choose("Refund the resident")
    caseworker.press("Close this case")
    caseworker.sees("Closed")
    mail.wait_for(email, "We are refunding £39")
    town.wait_for_rows("SELECT count(*) FROM pay_refund WHERE state <> 'succeeded'")

    resident.go("/account/who-looked/")
    resident.sees("Caseworker")


def test_the_crew_records_visits_on_a_phone(visitor: Arrive, mail: MailServer, town: Town) -> None:
    email = "bo.begum@resident.example"
    resident = visitor()
    answer_everything(resident, email=email)
    pay_by_card(resident)
    reference = wait_until_booked(resident)
    # the crew comes on the day: make it today
    town.rows(
        "UPDATE bulky_waste_collection SET collects_on = current_date "
        f"WHERE reference = '{reference}' RETURNING 1"
    )

    crew = visitor(width=320)
    crew.be("crew")
    crew.go("/bulky-waste/round/")
    crew.page.get_by_role("link", name="3 Abbey Walk").first.click()
    crew.look()
    crew.choose("Wrong items")
    crew.press("Record the visit")
    crew.sees("Say what was there instead")
    crew.choose("Wrong items")
    crew.fill("Note", "A piano")
    crew.page.locator("input[type=file]").set_input_files(
        {"name": "door.png", "mimeType": "image/png", "buffer": PNG}
    )
    crew.press("Record the visit")
    crew.sees("Recorded")
    assert "A piano" in text_of(mail.wait_for(email, "We could not collect"))

    caseworker = visitor()
    caseworker.be("caseworker")
    caseworker.go("/cases/")
    caseworker.page.locator("tr", has_text=reference).get_by_role("link").first.click()
    caseworker.look()
    caseworker.page.locator('a[href^="/bulky-waste/collections/"]').first.click()
    caseworker.look()
    caseworker.sees("A piano")
    expect(caseworker.page.locator("img.town-photo")).to_be_visible()
    caseworker.press("Book another day")
    caseworker.page.locator("input[type=radio]").first.check()
    caseworker.press("Change the day")
    caseworker.sees("Booked for the new day")
    mail.wait_for(email, "is now on")


def test_staff_book_for_someone_on_the_phone_without_email(visitor: Arrive) -> None:
    caseworker = visitor()
    caseworker.be("caseworker")
    answer_everything(caseworker, email="", start="/bulky-waste/find/")
    pay_by_card(caseworker)
    reference = wait_until_booked(caseworker)

    caseworker.go("/bulky-waste/find/")
    caseworker.fill("Reference", reference)
    caseworker.press("Find")
    caseworker.sees("Ada Adeyemi")


def test_a_declined_card_may_be_tried_again(visitor: Arrive, mail: MailServer) -> None:
    resident = visitor(scripts=True)
    answer_everything(resident, email="cy.clarke@resident.example")
    pay_by_card(resident, number="4000000000000002")
    resident.press("Go back to try the payment again")
    for _ in range(20):
        if "did not go through" in resident.page.inner_text("body"):
            break
        resident.page.wait_for_timeout(500)
        resident.page.reload()
    resident.press("Try again")
    resident.sees("Your last payment did not go through")
    pay_by_card(resident)
    wait_until_booked(resident)


def test_money_that_comes_too_late_is_nobodys_until_staff_give_it_back(
    visitor: Arrive, mail: MailServer, town: Town
) -> None:
    email = "di.davies@resident.example"
    resident = visitor()
    answer_everything(resident, email=email)
    pay_by_card(resident, button="Let the processor answer too late")
    resident.look()
    # the time to pay passes, and the processor has said nothing
    town.rows(
        "UPDATE pay_payment SET expires_at = now() WHERE subject_id = (SELECT id FROM "
        f"bulky_waste_collection WHERE email = '{email}') RETURNING 1"
    )
    town.wait_for_rows("SELECT 1 - count(*) FROM cases_case WHERE kind = 'unexpected-money'")

    caseworker = visitor()
    caseworker.be("caseworker")
    caseworker.go("/cases/")
    caseworker.sees("Money came that nobody waited for")
    row = caseworker.page.locator("tr", has_text="Money came that nobody waited for")
    row.get_by_role("link").first.click()
    caseworker.look()
    caseworker.choose("Give the money back")
    caseworker.press("Close this case")
    caseworker.sees("Closed")
    town.wait_for_rows(
        "SELECT 1 - count(*) FROM pay_refund WHERE notice_id IS NOT NULL AND state = 'succeeded'"
    )
    assert town.rows(
        "SELECT coalesce(sum(minor), 0) FROM pay_posting JOIN pay_account a ON a.id = account_id "
        "WHERE a.purpose = 'unexpected'"
    ) == [(0,)]


def _collection_id(town: Town, email: str) -> object:
    return town.rows(f"SELECT id FROM bulky_waste_collection WHERE email = '{email}'")[0][0]


def test_the_administrator_sets_prices_and_words_without_code(visitor: Arrive) -> None:
    administrator = visitor()
    administrator.be("administrator")
    administrator.go("/administration/settings/bulky-waste/most_items/")
    administrator.page.locator("main input[type=text]").first.fill("4")
    administrator.page.locator("main button[type=submit]").first.click()
    administrator.page.wait_for_load_state()
    administrator.look()

    resident = visitor()
    resident.go("/bulky-waste/")
    resident.sees("up to 4 items")
    administrator.go("/bulky-waste/figures/")
    expect(administrator.page.locator(".town-chart canvas").first).to_be_visible()


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_whole_journey_works_without_scripts(visitor: Arrive, language: str) -> None:
    """What someone on an old phone does; axe cannot run there, so pages are only used."""
    resident = visitor(width=320, scripts=False)
    page = resident.page
    page.goto(resident.town.url + "/bulky-waste/")
    if language == "cy":
        page.get_by_role("button", name="Cymraeg").click()
        assert page.locator("html").get_attribute("lang") == "cy"
    page.locator("a.govuk-button--start").click()
    for selector, value in (("#id_postcode", "AA1 1AA"),):
        page.locator(selector).fill(value)
        page.locator("main button[type=submit]").last.click()
    page.locator("input[type=radio]").first.check()
    page.locator("main button[type=submit]").last.click()
    assert "/items/" in page.url
