"""The numbers that GOV.UK Notify takes, and its words for those that it does not."""

import pytest

from townhall.capabilities.notify.errors import NotAPhoneNumber
from townhall.capabilities.notify.rules.phones import (
    SIMULATED_PHONES,
    SMOKE_PHONES,
    clean_phone,
    write_phone,
)

DOUBT = "Number is not valid – double check the phone number you entered"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("07900900123", "447900900123"),
        ("7900900123", "447900900123"),
        ("447900900123", "447900900123"),
        ("0044 7900 900-123", "447900900123"),
        ("+44 (0)7900 900 123", "447900900123"),
        ("\u200b\t+44 (0)7900\u00a0900\u2011123\ufeff \r\n", "447900900123"),
        ("0+44(0)7900900123", "447900900123"),
        ("+07900900123", "447900900123"),
        ("000007900900123", "447900900123"),
        ("04407900900123", "447900900123"),
        ("07700 900 999", "447700900999"),  # a story's
        ("07700900000", "447700900000"),
        ("07044123456", "447044123456"),  # a personal number
        ("+447797292290", "447797292290"),  # Jersey
        ("07624 412345", "447624412345"),  # Isle of Man
    ],
)
def test_a_uk_mobile_number_is_known_however_it_is_written(typed: str, number: str) -> None:
    phone = clean_phone(typed, abroad=False)

    assert (phone.number, phone.typed, phone.is_abroad, phone.prefix) == (
        number,
        typed,
        False,
        "44",
    )


@pytest.mark.parametrize(
    ("typed", "number", "prefix"),
    [
        ("+1 202-555-0104", "12025550104", "1"),
        ("1-202-555-0104", "12025550104", "1"),
        ("0012025550104", "12025550104", "1"),
        ("1664 491 3789", "16644913789", "1"),  # Montserrat
        ("33(0)1 12345678", "33112345678", "33"),
        ("+7 (8) (495) 123-45-67", "74951234567", "7"),
        ("20-12-1234-1234", "201212341234", "20"),
        ("+682 50 123", "68250123", "682"),
        ("+39 06 1234 5678", "390612345678", "39"),  # Italy keeps its zero
        ("+04915161123456", "4915161123456", "49"),
    ],
)
def test_a_number_abroad_needs_leave(typed: str, number: str, prefix: str) -> None:
    phone = clean_phone(typed, abroad=True)

    assert (phone.number, phone.is_abroad, phone.prefix) == (number, True, prefix)
    with pytest.raises(NotAPhoneNumber, match=r"^Not a UK mobile number$"):
        clean_phone(typed, abroad=False)


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("", "Not enough digits"),
        (" + 00 ", "Not enough digits"),
        ("++", "Not enough digits"),
        ("12345", "Not enough digits"),
        ("0790090012", DOUBT),
        ("004479009001", DOUBT),
        ("079009001234", "Too many digits"),  # not +7 900 900 12 34
        ("+44 (0)7900 900 123 45", "Too many digits"),
        ("+12345 12345 12345 6", "Too many digits"),
        ("079OO900123", "Must not contain letters or symbols"),
        ("07900 900123.", "Must not contain letters or symbols"),
        ("٠٧٩٠٠٩٠٠١٢٣", "Must not contain letters or symbols"),
        ("0600 123 4567", DOUBT),  # Ofcom has given these to nobody
        ("0900 123 4567", DOUBT),  # dear
        ("07640 123456", DOUBT),  # a pager
        ("0033877123456", DOUBT),
        ("0117 496 0860", "Not a UK mobile number"),
        ("+44 20 7946 0991", "Not a UK mobile number"),
        ("030 1234 5678", "Not a UK mobile number"),
        ("+870 773 111 632", "Not a valid country prefix"),  # a ship
    ],
)
def test_other_numbers_are_refused_in_notifys_words(typed: str, complaint: str) -> None:
    with pytest.raises(NotAPhoneNumber) as refusal:
        clean_phone(typed, abroad=True)

    assert str(refusal.value) == complaint


def test_the_numbers_that_pretend_are_in_the_form_that_numbers_get() -> None:
    for number in [*SMOKE_PHONES, *SIMULATED_PHONES]:
        assert clean_phone(f"0{number[2:]}", abroad=False).number == number


@pytest.mark.parametrize(
    ("number", "written"),
    [("447900900123", "07900 900123"), ("12025550104", "+1 202-555-0104")],
)
def test_a_number_is_shown_as_people_write_it(number: str, written: str) -> None:
    assert write_phone(number) == written
