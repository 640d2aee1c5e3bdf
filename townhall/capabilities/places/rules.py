"""How postcodes, property numbers and addresses are written, and in what order one walks them."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from townhall.capabilities.places.records import Address
from townhall.machinery.errors import Invalid

# The shapes of a UK postcode. Its second half never has the letters C, I, K, M, O and V.
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")
_UPRN = re.compile(r"0*([1-9][0-9]{0,11})")
_HOUSE_NUMBER = re.compile(r"[0-9]+[A-Za-z]?([-/][0-9]+[A-Za-z]?)?")
_NUMBER = re.compile(r"[0-9]+")
_BETWEEN = re.compile(r"[\s.-]")


def normalised_postcode(text: str) -> str:
    """The postcode as it is written on an envelope: "AA3 1AB". Raises Invalid."""
    found = _POSTCODE.fullmatch(_BETWEEN.sub("", text).upper())
    if found is None:
        message = _("Enter a full UK postcode, like AA3 1AB.")
        raise Invalid(message, fields={"postcode": message})
    return f"{found[1]} {found[2]}"


def normalised_uprn(text: str) -> str:
    """The property number without leading noughts. Raises Invalid unless it has 1 to 12 digits."""
    found = _UPRN.fullmatch(text.strip())
    if found is None:
        message = _("A UPRN is a number of up to 12 digits.")
        raise Invalid(message, fields={"uprn": message})
    return found[1]


def first_line(house: str, street: str) -> str:
    """House and street on one line: "12A High Street", "Rose Cottage, High Street"."""
    last_part = house.rpartition(",")[2].strip()
    between = " " if _HOUSE_NUMBER.fullmatch(last_part) else ", "
    return between.join(part for part in (house, street) if part)


def walking_place(house: str) -> str:
    """Text that sorts houses of a street as one walks: by the building, then the flat in it.

    Numbers go before names, 2 before 10, and all flats of 12 between 12 and 12A.
    """
    from_building_to_flat = reversed([part.strip() for part in house.casefold().split(",")])
    return _NUMBER.sub(lambda number: number[0].zfill(6), ", ".join(from_building_to_flat))


def in_walking_order(addresses: Iterable[Address]) -> list[Address]:
    return sorted(addresses, key=lambda each: (each.street.casefold(), each.house, each.uprn))
