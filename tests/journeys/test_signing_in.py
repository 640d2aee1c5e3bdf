"""Signing in, in a real browser: with a passkey, with a lost phone, and out everywhere."""

import re
import time
from collections.abc import Callable

import pytest

from tests.journeys.conftest import Visitor
from tests.journeys.town import MailServer, Town, text_of

Arrive = Callable[..., Visitor]
CODE = re.compile(r"\b\d{4}-\d{4}\b")
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
WAITED = "UPDATE identity_recovery SET asked_at = now() - interval '3 days' RETURNING 1"


def with_phone(person: Visitor) -> None:
    """Let their browser have passkeys, as Chromium's tools for developers can."""
    cdp = person.page.context.new_cdp_session(person.page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})


def go(person: Visitor, path: str) -> None:
    """By a name, as passkeys are for names and not for addresses of the network."""
    person.go(person.town.url.replace("127.0.0.1", "localhost") + path)


def ask_for_code(person: Visitor, mail: MailServer, email: str) -> None:
    mail.taken.clear()
    person.fill("Email address", email)
    person.press("Send me a code")
    found = CODE.search(text_of(mail.wait_for(email, "Your code to sign in")))
    assert found
    person.fill("Code", found[0])
    person.press("Sign in")


def recovery_code(person: Visitor) -> str:
    return person.page.locator("li code").first.inner_text()


@pytest.fixture
def owner(visitor: Arrive, mail: MailServer) -> Visitor:
    """Somebody new, who has made an account with a code and added a passkey."""
    person = visitor(width=320)
    with_phone(person)
    go(person, "/accounts/sign-in/")
    assert not person.page.get_by_text("Your device did not do it").is_visible()
    ask_for_code(person, mail, f"ivy{time.time_ns()}@resident.example")
    person.sees("What is your name?")
    person.fill("Full name", "Ivy Ito")
    person.press("Make my account")
    go(person, "/accounts/passkeys/add/")
    person.fill("Name", "My phone")
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="Make the passkey").click()
    person.look()
    person.sees("Your recovery codes")
    return person


def email_of(owner: Visitor) -> str:
    go(owner, "/accounts/")
    found = re.search(r"ivy\d+@resident\.example", owner.page.inner_text("body"))
    assert found
    return found[0]


def test_a_passkey_signs_somebody_in_and_they_sign_out_everywhere(
    owner: Visitor, visitor: Arrive, mail: MailServer
) -> None:
    code = recovery_code(owner)
    owner.press("I have kept them")
    owner.sees("My phone")
    email = email_of(owner)
    owner.press("Sign out")

    go(owner, "/accounts/sign-in/?next=/accounts/")
    with owner.page.expect_navigation():
        owner.page.get_by_role("button", name="Sign in with a passkey").click()
    owner.sees("How you sign in")
    owner.sees("Used last on")

    library = visitor(scripts=False)
    library.page.goto(owner.page.url.replace("/accounts/", "/accounts/sign-in/"))
    ask_without_looking(library, mail, email)
    library.page.fill("[name=code]", code)
    library.page.get_by_role("button", name="Continue").click()
    library.page.get_by_role("button", name="Do not trust it").click()
    library.sees("Ivy Ito")

    go(owner, "/accounts/devices/")
    owner.sees("This device")
    assert owner.page.locator(".govuk-summary-card").count() == 2
    owner.press("Sign out everywhere")
    owner.sees("Sign in")
    library.page.reload()
    assert "Ivy Ito" not in library.page.inner_text("body")


def ask_without_looking(person: Visitor, mail: MailServer, email: str) -> None:
    """Without scripts axe cannot look either."""
    mail.taken.clear()
    person.page.fill("[name=email]", email)
    person.page.get_by_role("button", name="Send me a code").click()
    found = CODE.search(text_of(mail.wait_for(email, "Your code to sign in")))
    assert found
    person.page.fill("[name=code]", found[0])
    person.page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_resident_who_has_lost_phone_and_codes_waits_and_comes_back_in(
    owner: Visitor, visitor: Arrive, mail: MailServer, town: Town
) -> None:
    email = email_of(owner)
    elsewhere = visitor(width=320)
    go(elsewhere, "/accounts/sign-in/")
    ask_for_code(elsewhere, mail, email)
    elsewhere.sees("Prove that it is you")
    elsewhere.page.get_by_text("If you do not have your phone").click()
    elsewhere.press("I have no recovery code either")
    elsewhere.press("Ask to be let in")
    elsewhere.sees("You can sign in without your second factor from")
    told = text_of(mail.wait_for(email, "without your second factor"))
    assert "/accounts/stop/" in told

    town.rows(WAITED)
    elsewhere.page.reload()
    elsewhere.press("Take them away and sign in")

    elsewhere.sees("Ivy Ito")
    mail.wait_for(email, "has changed")
    owner.page.reload()
    assert "Ivy Ito" not in owner.page.inner_text("body")
