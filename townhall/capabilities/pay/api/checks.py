"""What each value in a request has to be, in GOV.UK Pay's words."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from townhall.capabilities.pay.api.wire import invalid, missing
from townhall.machinery.money import Money, is_currency

Json = Any  # whatever JSON holds
Body = Mapping[str, Json]

MOST_MINOR = 10_000_000
LONGEST = 255
LONGEST_URL = 2000
LONGEST_EMAIL = 254
NOT_ALLOWED = frozenset("<>|")  # in references and descriptions
STRING = "Must be a valid string format"
MOST_METADATA, LONGEST_NAME, LONGEST_VALUE = 15, 30, 100


def read_amount(body: Body, *, code: str = "P0102", absent: str = "P0101") -> int:
    """In minor units."""
    value = body.get("amount")
    if value is None:
        raise missing("amount", absent)
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid("amount", "Must be a valid numeric format", code, status=400)
    if value < 1:
        raise invalid("amount", "Must be greater than or equal to 1", code)
    if value > MOST_MINOR:
        raise invalid("amount", f"Must be less than or equal to {MOST_MINOR}", code)
    return value


def read_money(body: Body) -> Money:
    """In the currency that is named, which GOV.UK Pay has not; pounds where none is."""
    minor = read_amount(body)
    currency = body.get("currency", "GBP")
    if not isinstance(currency, str) or not is_currency(currency):
        raise invalid("currency", "Must be an ISO 4217 currency code")
    return Money(minor, currency)


def read_words(
    body: Body,
    field: str,
    *,
    longest: int = LONGEST,
    code: str = "P0102",
    absent: str = "P0101",
) -> str:
    """A text that must be there and say something."""
    value = body.get(field)
    if value is None:
        raise missing(field, absent)
    if not isinstance(value, str):
        raise invalid(field, STRING, code, status=400)
    if not value.strip():
        raise missing(field, absent)
    if not NOT_ALLOWED.isdisjoint(value):
        raise invalid(field, STRING, code, status=400)
    _check_length(field, value, longest, code)
    return value


def read_optional(
    body: Body, field: str, *, longest: int = LONGEST, says: str = "Field must be a string"
) -> str:
    """A text that may be missing, or null: "" then."""
    value = body.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise invalid(field, says, status=400)
    _check_length(field, value, longest, "P0102")
    return value


def read_flag(body: Body, field: str) -> bool:
    value = body.get(field, False)
    if not isinstance(value, bool):
        raise invalid(field, "Must be true or false", status=400 if value is not None else 422)
    return value


def read_choice(body: Body, field: str, choices: tuple[str, ...], says: str) -> str:
    """One of several words, if it is there; else ""."""
    if field not in body:
        return ""
    value = body[field]
    if value not in choices or not isinstance(value, str):
        raise invalid(field, says)
    return value


def read_return_url(body: Body, *, is_live: bool) -> str:
    url = read_optional(body, "return_url", longest=LONGEST_URL, says="Must be a valid URL format")
    if url and not is_return_url(url, is_live=is_live):
        raise invalid("return_url", "Must be a valid URL format")
    return url


def is_return_url(url: str, *, is_live: bool) -> bool:
    """Whether a payer can be sent there: by https, or in tests by http."""
    try:
        parts = urlsplit(url)
        _port = parts.port  # which raises, if it is none
    except ValueError:
        return False
    schemes = ("https",) if is_live else ("https", "http")
    is_clean = url.isprintable() and not any(each in url for each in ' "<>\\^`{|}')
    return parts.scheme in schemes and bool(parts.hostname) and is_clean


def read_metadata(body: Body) -> dict[str, str | int | float | bool]:
    if "metadata" not in body:
        return {}
    value = body["metadata"]
    if value is None:
        raise invalid("metadata", "Value must not be null")
    if not isinstance(value, dict):
        raise invalid("metadata", "Must be an object of JSON key-value pairs")
    if says := _fault_of(value):
        raise invalid("metadata", says)
    return value


def _fault_of(metadata: dict[str, Json]) -> str:
    """The first of what is wrong; "" if nothing is."""
    values = metadata.values()
    faults = {
        f"Cannot have more than {MOST_METADATA} key-value pairs": len(metadata) > MOST_METADATA,
        f"Keys must be between 1 and {LONGEST_NAME} characters long": not all(
            1 <= len(name) <= LONGEST_NAME for name in metadata
        ),
        "Keys must be unique, whatever their case": len({name.casefold() for name in metadata})
        < len(metadata),
        "Must not have null values": any(value is None for value in values),
        "Values must be of type String, Boolean or Number": not all(
            isinstance(value, str | int | float | bool | None) for value in values
        ),
        f"Values must be no greater than {LONGEST_VALUE} characters long": not all(
            len(str(value)) <= LONGEST_VALUE for value in values
        ),
    }
    return next((says for says, is_so in faults.items() if is_so), "")


def _check_length(field: str, value: str, longest: int, code: str) -> None:
    if len(value) > longest:
        says = f"Must be less than or equal to {longest} characters length"
        raise invalid(field, says, code)
