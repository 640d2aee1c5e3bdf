"""Proving who one is, in a real browser: online with made-up evidence, and at the counter."""

import struct
import zlib
from collections.abc import Callable

from playwright.sync_api import FilePayload

from tests.journeys.conftest import Visitor
from townhall.capabilities.identity.records import Kind
from townhall.capabilities.identity.rules.sandbox_people import PEOPLE, QUESTIONS, Known

Arrive = Callable[..., Visitor]
ADA, DEV = PEOPLE[0], PEOPLE[3]


def photograph() -> bytes:
    """A grey picture, made here: nobody's document."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    rows = b"".join(b"\0" + bytes([128]) * 64 for _row in range(48))
    size = struct.pack(">IIBBBBB", 64, 48, 8, 0, 0, 0, 0)
    signature = b"\x89PNG\r\n\x1a\n"
    parts = (chunk(b"IHDR", size), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return signature + b"".join(parts)


def fill_date(person: Visitor, field: str, day: int, month: int, year: int) -> None:
    for part, value in (("day", day), ("month", month), ("year", year)):
        person.page.fill(f"#id_{field}_{part}", str(value))


def tell_who(person: Visitor) -> None:
    person.fill("First and middle names", "Ada")
    person.fill("Last name", "Penrose")
    fill_date(person, "birth_date", 12, 3, 1985)


def send_passport(person: Visitor, known: Known, *, picture: bool) -> None:
    """From the choice of evidence to sending it off."""
    born, passport = known.claim.birth_date, known.documents[Kind.PASSPORT]
    person.choose("UK passport")
    person.press("Continue")
    person.fill("First and middle names", known.claim.given_names)
    person.fill("Last name", known.claim.family_name)
    fill_date(person, "birth_date", born.day, born.month, born.year)
    person.press("Continue")
    person.fill("Passport number", passport.number)
    fill_date(person, "expires_on", 31, 1, 2044)
    person.press("Continue")
    if picture:
        taken = FilePayload(name="passport.png", mimeType="image/png", buffer=photograph())
        person.page.set_input_files("#id_picture", files=taken)
    person.press("Continue")
    person.fill("Building and street", known.address.lines[0])
    person.fill("Town or city", known.address.town)
    person.fill("Postcode", known.address.postcode)
    fill_date(person, "since", 1, 6, 2015)
    person.press("Continue")
    person.sees("Check your answers")
    person.press("Accept and send")


def test_a_resident_proves_who_they_are_to_p2_in_the_sandbox(visitor: Arrive) -> None:
    """On a phone; the first try fails and says what else would do."""
    person = visitor(width=375)
    person.be("resident")
    person.go("/identity/prove/?level=P2&next=/bulky-waste/")
    person.press("Start now")
    person.press("Continue")
    person.sees("Choose at least one")
    send_passport(person, DEV, picture=False)
    person.sees("You have not proved who you are yet")
    person.sees("UK passport, shown in person")
    person.press("Try again")
    person.press("Start now")
    send_passport(person, ADA, picture=True)
    for question in QUESTIONS:
        right = dict(question.choices)[ADA.answers[question.id]]
        person.choose(right.en)
        person.press("Continue")

    person.sees("You have proved who you are")
    person.sees("medium confidence")
    person.press("Continue")
    assert person.page.url.endswith("/bulky-waste/")
    person.go("/identity/proofs/")
    person.sees("Ada Penrose")
    person.press("Remove medium confidence (P2)")
    person.press("Remove it")
    person.sees("You have not proved who you are")


def test_staff_prove_at_the_counter_who_someone_is(visitor: Arrive) -> None:
    person, clerk = visitor(width=320), visitor()
    person.be("resident")
    person.go("/identity/prove/?level=P3&next=/account/")
    person.press("Prove who you are in person")
    person.press("Get a reference")
    reference = person.page.inner_text(".govuk-panel strong")

    clerk.be("caseworker")
    clerk.go("/administration/")
    clerk.press("Prove who someone is")
    clerk.fill("Reference", reference.lower())
    clerk.press("Continue")
    clerk.choose("UK passport")
    clerk.press("Continue")
    tell_who(clerk)
    clerk.fill("Passport number", "500000001")
    fill_date(clerk, "expires-passport", 31, 1, 2044)
    clerk.fill("Building and street", "1 Mill Lane")
    clerk.fill("Town or city", "Newtown")
    clerk.fill("Postcode", "ZZ1 1AA")
    clerk.choose("The names and date of birth above")
    clerk.choose("It looks and feels genuine")
    clerk.choose("I looked at it under ultraviolet light")
    clerk.choose("The photo on it")
    clerk.choose("Have what I have checked counted")
    clerk.press("Record this")
    clerk.sees("There is a problem")
    clerk.fill("Reason", "Passport in order")
    clerk.press("Record this")
    clerk.sees("They have proved who they are, to high confidence (P3)")

    person.go("/identity/proofs/")
    person.press("Remove high confidence (P3)")
    person.press("Remove it")
    person.sees("You have not proved who you are")
