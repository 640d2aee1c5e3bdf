"""Someone lets a carer use a service for them; the carer does, and it ends."""

from collections.abc import Callable
from datetime import date, timedelta

from tests.journeys.conftest import Visitor
from tests.journeys.town import MailServer, Town, code_in, text_of

CARER = "sam.smith@resident.example"


def test_a_carer_acts_for_someone_until_one_of_them_ends_it(
    visitor: Callable[..., Visitor], town: Town, mail: MailServer
) -> None:
    resident, carer = visitor(width=320), visitor()
    resident.be("resident")
    resident.go("/account/")
    resident.press("Acting for someone")
    resident.press("Let someone act for you")
    resident.press("Ask them")
    resident.sees("Choose at least one service")
    resident.fill("Their email address", CARER)
    resident.choose("Bulky waste collection")
    until = date.today() + timedelta(days=30)  # noqa: DTZ011  # as people count days
    for part, value in (("Day", until.day), ("Month", until.month), ("Year", until.year)):
        resident.fill(part, str(value))
    resident.press("Ask them")
    resident.sees("We are sending them an email.")
    resident.sees("Has not said yes yet")

    letter = text_of(mail.wait_for(CARER, "asks you to act for them"))
    assert "Bulky waste collection" in letter
    carer.go("/identity/acting/")
    carer.fill("Email address", CARER)
    carer.press("Send me a code")
    carer.fill("Code", code_in(mail.wait_for(CARER, "Your code to sign in")))
    carer.press("Sign in")
    carer.fill("Full name", "Sam Smith")
    carer.press("Make my account")
    carer.go("/identity/acting/")
    carer.press("Say yes")
    carer.press("Act for Megan Rees")
    carer.sees("You are acting for")
    carer.go("/bulky-waste/book/postcode/")
    carer.sees("You are acting for")
    assert carer.page.goto(f"{town.url}/account/").status == 403  # type: ignore[union-attr]  # a page came

    resident.go("/identity/acting/")
    resident.sees("Sam Smith")
    resident.press("End it (Sam Smith)")
    resident.sees("It has ended.")
    carer.page.goto(f"{town.url}/bulky-waste/book/postcode/")
    carer.sees("You may no longer act for them")
    carer.press("Go on as yourself")
    assert "You are acting for" not in carer.page.inner_text("body")
    resident.go("/account/who-looked/")
    resident.sees("Began to act for you")
