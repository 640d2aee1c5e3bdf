"""Where a letter can be posted to: an address of three to seven lines, as GOV.UK Notify reads it.

https://www.notifications.service.gov.uk/using-notify/address-format
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from townhall.capabilities.notify.errors import NotAPostalAddress
from townhall.capabilities.notify.rules.countries import UNITED_KINGDOM, Country, find_country

FEWEST_LINES = 3
MOST_LINES = 7

# The letters that begin a postcode, of Royal Mail's areas, the islands, the forces and PO boxes.
_AREAS = (
    "AB|AL|B|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|"
    "DT|DY|E|EC|EH|EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|"
    "LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|"
    "SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_POSTCODE = re.compile(rf"(?:{_AREAS})\d[\dA-Z]?\d[ABD-HJLNP-UW-Z]{{2}}", re.ASCII)
_BFPO = re.compile(r"bfpo(?: ?c/o)?(?: ?(?P<number>\d+))?", re.IGNORECASE)
_NO_FIXED_ABODE = re.compile(r"\bno fixed (?:abode|address)|^nfa$", re.IGNORECASE | re.MULTILINE)
_FORBIDDEN_STARTS = tuple('@()=[]"”\\/,<>~')
_UNSEEN = dict.fromkeys(map(ord, "\u180e\u200b\u200c\u200d\u2060\ufeff"))
_SPACE_BEFORE_MARK = re.compile(r"\s+([,.])")
_IGNORED_IN_KEYS = str.maketrans("", "", " -_")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """`lines` go on the envelope. The last is the postcode, the BFPO number or another country."""

    lines: tuple[str, ...]
    postcode: str  # "SW1A 1AA"; "" abroad
    zone: str  # "united-kingdom", "europe" or "rest-of-world"
    is_bfpo: bool  # to the British forces


def read_address(values: Mapping[str, object] | str, *, abroad: bool) -> PostalAddress:
    """The address in a letter's personalisation, or in lines of text. Raises NotAPostalAddress.

    Of personalisation these count: address_line_1 to address_line_6, then address_line_7 or else
    postcode. `abroad` says whether the letter may leave the United Kingdom.
    """
    typed = values if isinstance(values, str) else _lines_of(values)
    lines, number = _without_bfpo(_tidied(typed))
    lines, country = _without_country(lines)
    zone = country.zone if country else UNITED_KINGDOM
    postcode = find_postcode(lines[-1]) if lines and zone == UNITED_KINGDOM else ""
    written = [*lines[:-1], postcode] if postcode else [*lines]
    if number:
        written.append(f"BFPO {number}")
    if country and zone != UNITED_KINGDOM:
        written.append(country.name)
    _check_count(written)
    _check_end(country=country, postcode=postcode, number=number, abroad=abroad)
    _check_lines(written)
    is_bfpo = bool(number) or postcode.startswith("BF")
    return PostalAddress(lines=tuple(written), postcode=postcode, zone=zone, is_bfpo=is_bfpo)


def find_postcode(line: str) -> str:
    """A line's postcode as it is printed, if the line is nothing else; or ""."""
    closed = "".join(line.split()).upper()
    return f"{closed[:-3]} {closed[-3:]}" if _POSTCODE.fullmatch(closed) else ""


def _lines_of(values: Mapping[str, object]) -> str:
    known = {name.translate(_IGNORED_IN_KEYS).lower(): value for name, value in values.items()}
    last = "addressline7" if "addressline7" in known else "postcode"
    names = [*(f"addressline{number}" for number in range(1, MOST_LINES)), last]
    return "\n".join(str(known.get(name) or "") for name in names)


def _tidied(typed: str) -> list[str]:
    printable = unicodedata.normalize("NFC", typed.translate(_UNSEEN))
    lines = (" ".join(line.split()).rstrip(" ,") for line in printable.splitlines())
    return [_SPACE_BEFORE_MARK.sub(r"\1", line) for line in lines if line]


def _without_bfpo(lines: Sequence[str]) -> tuple[list[str], int]:
    """The lines without those that only say BFPO, and its number; 0 if none has a number."""
    matches = [_BFPO.fullmatch(line) for line in lines]
    numbers = [int(match["number"]) for match in matches if match and match["number"]]
    if not numbers:
        return list(lines), 0
    others = [line for line, match in zip(lines, matches, strict=True) if match is None]
    return others, numbers[0]


def _without_country(lines: Sequence[str]) -> tuple[list[str], Country | None]:
    """One other country is taken from the end, or any number of names for ours."""
    country = find_country(lines[-1]) if lines else None
    if country is None or country.zone != UNITED_KINGDOM:
        return list(lines[:-1] if country else lines), country
    rest = list(lines)
    while rest and (named := find_country(rest[-1])) and named.zone == UNITED_KINGDOM:
        rest.pop()
    return rest, country


def _check_count(lines: Sequence[str]) -> None:
    if not lines:
        _refuse(f"Address must be at least {FEWEST_LINES} lines", "address-is-empty")
    if len(lines) < FEWEST_LINES:
        _refuse(f"Address must be at least {FEWEST_LINES} lines", "not-enough-address-lines")
    if len(lines) > MOST_LINES:
        _refuse(f"Address must be no more than {MOST_LINES} lines", "too-many-address-lines")


def _check_end(*, country: Country | None, postcode: str, number: int, abroad: bool) -> None:
    is_foreign = country is not None and country.zone != UNITED_KINGDOM
    if number and is_foreign:
        words = "The last line of a BFPO address must not be a country."
        _refuse(words, "has-country-for-bfpo-address")
    if postcode or number or (abroad and is_foreign):
        return
    if abroad:
        words = "Last line of address must be a real UK postcode or another country"
        _refuse(words, "not-a-real-uk-postcode-or-country")
    fault = "cant-send-international-letters" if is_foreign else "not-a-real-uk-postcode"
    _refuse("Must be a real UK postcode", fault)


def _check_lines(lines: Sequence[str]) -> None:
    if any(line.startswith(_FORBIDDEN_STARTS) for line in lines):
        words = (
            "Address lines must not start with any of the following characters: "
            "@ ( ) = [ ] ” \\ / , < >"
        )
        _refuse(words, "invalid-char-in-address")
    if _NO_FIXED_ABODE.search("\n".join(lines)):
        _refuse("Must be a real address", "no-fixed-abode-address")


def _refuse(words: str, fault: str) -> NoReturn:
    """In GOV.UK Notify's own words, which its clients read; they are not translated."""
    raise NotAPostalAddress(words, fault=fault)
