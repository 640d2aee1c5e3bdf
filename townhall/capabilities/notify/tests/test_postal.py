"""The table of what GOV.UK Notify takes for an address, and what it says to the rest."""

import pytest

from townhall.capabilities.notify.errors import NotAPostalAddress
from townhall.capabilities.notify.rules.countries import find_country
from townhall.capabilities.notify.rules.postal import find_postcode, read_address

COUNT_3 = "Address must be at least 3 lines"
COUNT_7 = "Address must be no more than 7 lines"
POSTCODE = "Must be a real UK postcode"
POSTCODE_OR_COUNTRY = "Last line of address must be a real UK postcode or another country"
STARTS = (
    "Address lines must not start with any of the following characters: @ ( ) = [ ] ” \\ / , < >"
)


@pytest.mark.parametrize(
    ("typed", "lines", "postcode", "zone"),
    [
        ("A/1 High St/sw1a1aa", "A/1 High St/SW1A 1AA", "SW1A 1AA", "united-kingdom"),
        ("A/1 High  St  ./, ,/B, C,/S W1 A 1 AA,,", "A/1 High St./B, C/SW1A 1AA", "SW1A 1AA", ""),
        ("A/\u200b/1 St\u00a0John/Cardiff/cf10 1ep/Wales", "A/1 St John/Cardiff/CF10 1EP", "", ""),
        ("A/B/N1 1AA/England/United Kingdom", "A/B/N1 1AA", "N1 1AA", "united-kingdom"),
        ("1/2/3/4/5/6/N1 1AA/Scotland", "1/2/3/4/5/6/N1 1AA", "", ""),
        ("A/B/JE2 3AB/Jersey", "A/B/JE2 3AB", "JE2 3AB", "united-kingdom"),
        ("A/Wales/CF10 1EP", "A/Wales/CF10 1EP", "", ""),
        ("A/1 Straße/Deutschland", "A/1 Straße/Germany", "", "europe"),
        ("A/1 Rue/cote d'ivoire", "A/1 Rue/Ivory Coast", "", "rest-of-world"),
        ("A/N1 1AA/Ireland", "A/N1 1AA/Ireland", "", "europe"),
        ("Mx A/BFPO/BFPO 12/bf1 1aa", "Mx A/BF1 1AA/BFPO 12", "BF1 1AA", "united-kingdom"),
        ("Mx A/Unit 1/bfpo c/o 12", "Mx A/Unit 1/BFPO 12", "", "united-kingdom"),
        ("Mx A/Unit 1/BFPO 12/England", "Mx A/Unit 1/BFPO 12", "", "united-kingdom"),
        ("Mx A/Unit 1/BFPO/BF1 1AA", "Mx A/Unit 1/BFPO/BF1 1AA", "BF1 1AA", ""),
    ],
)
def test_an_address_is_tidied(typed: str, lines: str, postcode: str, zone: str) -> None:
    typed = typed.replace("c/o", "c|o").replace("/", "\n").replace("c|o", "c/o")

    address = read_address(typed, abroad=True)

    assert address.lines == tuple(lines.split("/"))
    assert not postcode or address.postcode == postcode
    assert not zone or address.zone == zone
    assert address.is_bfpo == ("BFPO" in lines)


@pytest.mark.parametrize(
    "values",
    [
        {"address_line_1": "A", "address_line_3": "B", "address_line_4": None, "postcode": "N11AA"},
        {"address_line_1": "A", "address_line_3": "B", "address_line_4": "N11AA", "name": "C"},
        {"address_line_2": "A", "address_line_5": "B", "address_line_7": "N11AA", "postcode": "x"},
        {"address line 1": "A", "ADDRESS-LINE-2": "B", "addressLine7": "n1  1aa"},
        {"address_line_1": "A\nB", "Post Code": "N1 1AA"},
    ],
)
def test_an_address_is_read_from_personalisation(values: dict[str, object]) -> None:
    assert read_address(values, abroad=False).lines == ("A", "B", "N1 1AA")


def test_a_number_may_stand_for_a_line() -> None:
    values = {"address_line_1": 12, "address_line_2": "High St", "postcode": "N1 1AA"}

    assert read_address(values, abroad=False).lines[0] == "12"


@pytest.mark.parametrize(
    ("typed", "abroad", "words", "fault"),
    [
        ("", False, COUNT_3, "address-is-empty"),
        (" /\u200b/,,", False, COUNT_3, "address-is-empty"),
        ("A/N1 1AA", False, COUNT_3, "not-enough-address-lines"),
        ("A/B/United Kingdom", False, COUNT_3, "not-enough-address-lines"),
        ("1/2/3/4/5/6/7/N1 1AA", False, COUNT_7, "too-many-address-lines"),
        ("1/2/3/4/5/6/7/France", True, COUNT_7, "too-many-address-lines"),
        ("A/B/C", False, POSTCODE, "not-a-real-uk-postcode"),
        ("A/B/C", True, POSTCODE_OR_COUNTRY, "not-a-real-uk-postcode-or-country"),
        ("A/B/Cardiff CF10 1EP", False, POSTCODE, "not-a-real-uk-postcode"),
        ("A/B/St Peter Port/Guernsey", True, POSTCODE_OR_COUNTRY, ""),
        ("A/B/France", False, POSTCODE, "cant-send-international-letters"),
        ("A/B/BFPO 1/France", True, "The last line of a BFPO address must not be a country.", ""),
        ("A/[B/N1 1AA", False, STARTS, "invalid-char-in-address"),
        ("~A/B/N1 1AA", False, STARTS, "invalid-char-in-address"),
        ("A/nfa,/N1 1AA", False, "Must be a real address", "no-fixed-abode-address"),
        ("A, No Fixed Abode/B/N1 1AA", False, "Must be a real address", "no-fixed-abode-address"),
        ("NFA/Berlin/Germany", True, "Must be a real address", "no-fixed-abode-address"),
    ],
)
def test_what_cannot_be_posted_to(typed: str, abroad: bool, words: str, fault: str) -> None:
    with pytest.raises(NotAPostalAddress) as refusal:
        read_address(typed.replace("/", "\n"), abroad=abroad)

    assert str(refusal.value) == words
    assert not fault or refusal.value.fault == fault


@pytest.mark.parametrize("typed", ["A/NFA Road/N1 1AA", "A (B)/C@D/N1 1AA"])
def test_what_only_looks_wrong(typed: str) -> None:
    assert read_address(typed.replace("/", "\n"), abroad=False).postcode == "N1 1AA"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("so14\u00a06wb", "SO14 6WB"),
        ("Se16 3eF", "SE16 3EF"),
        ("w1a1hq", "W1A 1HQ"),
        ("GY1 1AA", "GY1 1AA"),
        ("IM1 1AA", "IM1 1AA"),
        ("N5", ""),
        ("SO144 6WB", ""),
        ("SO14 6WBA", ""),
        ("NF1 1AA", ""),  # no such area
        ("N1 1AC", ""),  # C, I, K, M, O and V end no postcode
        ("N1 1AA\n", "N1 1AA"),
        ("N\u0661 1AA", ""),
    ],
)
def test_a_postcode_is_real_in_its_shape_and_area(typed: str, printed: str) -> None:
    assert find_postcode(typed) == printed


@pytest.mark.parametrize(
    ("line", "name", "zone"),
    [
        ("united states of america", "United States", "rest-of-world"),
        ("U.S.A.", "United States", "rest-of-world"),
        ("Gambia", "The Gambia", "rest-of-world"),
        ("the Netherlands", "Netherlands", "europe"),
        ("Yr Almaen", "Germany", "europe"),
        ("Ffrainc", "France", "europe"),
        ("Saint Lucia", "St Lucia", "rest-of-world"),
        ("Bosnia & Herzegovina", "Bosnia and Herzegovina", "europe"),
        ("CURACAO", "Curaçao", "rest-of-world"),
        ("Tenerife", "Canary Islands", "europe"),
        ("Guinea Bissau", "Guinea-Bissau", "rest-of-world"),
        ("Cymru", "United Kingdom", "united-kingdom"),
        ("Isle of Man", "Isle of Man", "united-kingdom"),
    ],
)
def test_a_country_goes_by_many_names(line: str, name: str, zone: str) -> None:
    country = find_country(line)

    assert country is not None
    assert (country.name, country.zone) == (name, zone)


@pytest.mark.parametrize("line", ["", " ", "Cardiff", "Antarctica", "European Union", "The"])
def test_what_is_no_country(line: str) -> None:
    assert find_country(line) is None
