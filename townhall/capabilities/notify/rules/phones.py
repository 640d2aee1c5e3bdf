"""Which phone numbers texts go to, and which ones only pretend.

As GOV.UK Notify reads them (notifications-utils, recipient_validation), in its words and in
English only, since they stand in the answers of its API. What a number may look like comes from
Google's libphonenumber.
"""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult

from townhall.capabilities.notify.errors import NotAPhoneNumber
from townhall.capabilities.notify.records import Status

# GOV.UK Notify's doubles: a message to these is checked, answered and then forgotten.
SMOKE_PHONES = frozenset({"447700900000", "447700900111", "447700900222"})
# What a test key's message comes to; every other number is delivered.
SIMULATED_PHONES = {
    "447700900003": Status.TEMPORARY_FAILURE,
    "447700900002": Status.PERMANENT_FAILURE,
}
TOO_LONG = "Too many digits"
TOO_SHORT = "Not enough digits"
NOT_DIGITS = "Must not contain letters or symbols"
NOT_A_UK_MOBILE = "Not a UK mobile number"
NO_SUCH_COUNTRY = "Not a valid country prefix"
NO_SUCH_NUMBER = "Number is not valid – double check the phone number you entered"


def _pattern_of_mobiles(region: str) -> str:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    mobile = metadata.mobile if metadata else None
    return (mobile.national_number_pattern if mobile else None) or "(?!)"


_UK = 44
_NOWHERE = "001"  # the region of satellites and of freephone numbers that no country has
_TAKES_TEXTS = frozenset(
    {
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,  # some countries tell no difference
        PhoneNumberType.FIXED_LINE,  # abroad a landline may take texts
        PhoneNumberType.UAN,
        PhoneNumberType.PERSONAL_NUMBER,  # 070, which is passed on to a mobile
    }
)
# What nearly every number in a list is; libphonenumber's own pattern, asked at once.
_UK_MOBILE = re.compile(_pattern_of_mobiles("GB"))
_UK_WRITTEN = re.compile(r"(?:\+44|44|0)(7\d{9})")
_UK_LANDLINES = frozenset(
    {PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.UAN}
)
_OF_DRAMA = re.compile(r"7700900\d{3}")  # Ofcom keeps these for stories: nobody has them
_DROPPED = re.compile(r"[\s()\-‐‑‒–—−\u180e\u200b\u200c\u200d\u2060\ufeff]")
_WRITTEN = re.compile(r"[0-9+]*")
_AT_HOME = re.compile(r"0[1-9]")  # how numbers are dialled within the UK
_IMPOSSIBLE = {
    ValidationResult.TOO_LONG: TOO_LONG,
    ValidationResult.TOO_SHORT: TOO_SHORT,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: TOO_SHORT,  # without its area code
    ValidationResult.INVALID_COUNTRY_CODE: NO_SUCH_COUNTRY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A number that a text can go to."""

    number: str  # with its country and without a plus: "447900900123"
    typed: str
    is_abroad: bool  # outside +44; Jersey, Guernsey and the Isle of Man are within
    prefix: str  # the country calling code: "44"


def clean_phone(typed: str, *, abroad: bool) -> Phone:
    """The number as it is dialled. Raises NotAPhoneNumber.

    A number without a country is of the UK, or else it lacks only its plus. UK landlines are
    refused, and numbers outside the UK too unless `abroad`.
    """
    text = _DROPPED.sub("", typed)
    if not _WRITTEN.fullmatch(text):
        raise NotAPhoneNumber(NOT_DIGITS)
    if (plain := _UK_WRITTEN.fullmatch(text)) and _UK_MOBILE.fullmatch(plain[1]):
        return Phone(number=f"44{plain[1]}", typed=typed, is_abroad=False, prefix="44")
    number = _read_kindly(text)
    _check_reach(number, abroad=abroad)
    return Phone(
        number=f"{number.country_code}{phonenumbers.national_significant_number(number)}",
        typed=typed,
        is_abroad=number.country_code != _UK,
        prefix=str(number.country_code),
    )


def is_abroad(number: str) -> bool:
    """Whether a number that `clean_phone` gave is: no country's prefix begins another's."""
    return not number.startswith(str(_UK))


def write_phone(number: str) -> str:
    """How people write a number that `clean_phone` gave: "07900 900123", "+33 6 12 34 56 78"."""
    parsed = phonenumbers.parse(f"+{number}")
    formats = phonenumbers.PhoneNumberFormat
    at_home = parsed.country_code == _UK
    wanted = formats.NATIONAL if at_home else formats.INTERNATIONAL
    return phonenumbers.format_number(parsed, wanted)


def _read_kindly(text: str) -> phonenumbers.PhoneNumber:
    """The number, even if a spreadsheet or a person added zeros and pluses: 0+447…, +07…"""
    try:
        return _read(text)
    except NotAPhoneNumber:
        number = _read(text.replace("+", "").lstrip("0"))
        if _AT_HOME.match(text) and number.country_code != _UK:
            raise  # with a digit too many, 07… is no number in Russia; GOV.UK Notify thinks it is
        return number


def _read(text: str) -> phonenumbers.PhoneNumber:
    if not text:
        raise NotAPhoneNumber(TOO_SHORT)
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException as error:
        raise NotAPhoneNumber(NO_SUCH_NUMBER) from error
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != ValidationResult.IS_POSSIBLE:
        with_country = _read_without_plus(text)
        if with_country is None:
            raise NotAPhoneNumber(_IMPOSSIBLE.get(reason, NO_SUCH_NUMBER))
        number = with_country
    if not (_is_of_drama(number) or _takes_texts(number)):
        raise NotAPhoneNumber(NO_SUCH_NUMBER)
    return number


def _read_without_plus(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(f"+{text}")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _takes_texts(number: phonenumbers.PhoneNumber) -> bool:
    kind = phonenumbers.number_type(number)
    return phonenumbers.is_valid_number(number) and kind in _TAKES_TEXTS


def _is_of_drama(number: phonenumbers.PhoneNumber) -> bool:
    national = phonenumbers.national_significant_number(number)
    return number.country_code == _UK and bool(_OF_DRAMA.fullmatch(national))


def _check_reach(number: phonenumbers.PhoneNumber, *, abroad: bool) -> None:
    if number.country_code != _UK:
        if not abroad:
            raise NotAPhoneNumber(NOT_A_UK_MOBILE)
        if phonenumbers.region_code_for_country_code(number.country_code or 0) == _NOWHERE:
            raise NotAPhoneNumber(NO_SUCH_COUNTRY)
    elif phonenumbers.number_type(number) in _UK_LANDLINES:
        raise NotAPhoneNumber(NOT_A_UK_MOBILE)
