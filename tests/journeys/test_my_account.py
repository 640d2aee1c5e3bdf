"""Someone sees what is held of them, corrects it, takes a copy, and goes; in a real browser."""

import re
import time
from collections.abc import Callable
from pathlib import Path

from tests.journeys.conftest import Visitor
from tests.journeys.town import MailServer, text_of

Arrive = Callable[..., Visitor]
SIGN_IN_CODE, ADDRESS_CODE = re.compile(r"\b\d{4}-\d{4}\b"), re.compile(r"\b\d{8}\b")
ERASE = (
    "from townhall.capabilities.identity.operations import erase_whom_it_is_time_for as due; "
    "due.later()"
)


def code_for(mail: MailServer, email: str, subject: str, pattern: re.Pattern[str]) -> str:
    found = pattern.search(text_of(mail.wait_for(email, subject)))
    assert found
    return found[0]


def sign_up(person: Visitor, mail: MailServer, email: str) -> None:
    person.go("/accounts/sign-in/?next=/account/")
    person.fill("Email address", email)
    person.press("Send me a code")
    person.fill("Code", code_for(mail, email, "Your code to sign in", SIGN_IN_CODE))
    person.press("Sign in")
    person.fill("Full name", "Uma Underhill")
    person.press("Make my account")


def correct(person: Visitor, mail: MailServer, old: str, new: str) -> None:
    person.go("/account/held/")
    person.press("Correct your name, phone number or language")
    person.fill("Full name", "")
    person.press("Save")
    person.sees("Enter your name")
    person.fill("Full name", "Uma Upton")
    person.press("Save")
    person.sees("Your details have been changed.")
    person.press("Change your email address")
    person.fill("New email address", new)
    person.press("Send the code")
    person.fill("Code", code_for(mail, new, "Your code", ADDRESS_CODE))
    person.press("Continue")
    person.sees("Your email address has been changed.")
    mail.wait_for(old, "Your email address has changed")

    with person.page.expect_download() as taken:
        person.page.get_by_role("link", name="A page to read (HTML)").click()
    copy = Path(taken.value.path()).read_text()
    assert "Uma Upton" in copy
    assert new in copy


def test_a_resident_corrects_takes_a_copy_and_leaves(visitor: Arrive, mail: MailServer) -> None:
    person, number = visitor(width=320), time.time_ns()
    old, new = f"uma{number}@resident.example", f"uma{number}@elsewhere.example"
    sign_up(person, mail, old)
    correct(person, mail, old, new)

    person.go("/account/")
    person.press("Delete my account")
    person.sees("What we have to keep")
    person.press("Delete my account")
    person.sees("Your account will be deleted")
    mail.wait_for(new, "We will delete your account")
    person.press("Keep my account")
    person.sees("You have kept your account.")
    person.press("Delete my account")
    person.press("Delete my account")
    person.town.rows(
        "UPDATE identity_erasure SET due_at = now() FROM identity_person AS person "
        f"WHERE person_id = person.id AND person.email = '{new}' RETURNING 1"
    )
    person.town.manage("shell", "-c", ERASE)
    person.town.wait_for_rows(
        "SELECT (SELECT count(*) FROM identity_person WHERE name = 'Uma Upton') + "
        "(SELECT count(*) FROM machinery_recordedevent WHERE facts ? 'reached_at')"
    )

    person.go("/account/")
    person.sees("Sign in")
    letters = f"SELECT 1 FROM notify_message WHERE \"to\" = '{new}'"
    assert person.town.rows(letters) == []
