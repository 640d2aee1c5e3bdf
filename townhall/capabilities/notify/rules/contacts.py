"""How people reach whoever sent them a file: a web page, an email address or a telephone number."""

import re
from enum import StrEnum

import phonenumbers
from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import NotAContact, NotAnAddress
from townhall.capabilities.notify.rules.addresses import clean_address

LONGEST = 250
_HTTPS = re.compile(r"https://[^\s<>\"/]+\.[^\s<>\"]+", re.IGNORECASE)


class ContactKind(StrEnum):
    LINK = "link"
    EMAIL = "email"
    PHONE = "phone"


def clean_contact(typed: str) -> str:
    """What was typed, tidied. Raises NotAContact."""
    words = " ".join(typed.split())
    if len(words) > LONGEST:
        raise NotAContact(_("Use %(limit_value)d characters or fewer") % {"limit_value": LONGEST})
    if _HTTPS.fullmatch(words):
        return words
    if "@" in words:
        return _clean_email(words)
    return _clean_phone(words)


def kind_of(contact: str) -> ContactKind:
    """Of one that `clean_contact` has made."""
    if contact.lower().startswith("https://"):
        return ContactKind.LINK
    return ContactKind.EMAIL if "@" in contact else ContactKind.PHONE


def _clean_email(words: str) -> str:
    try:
        return clean_address(words)
    except NotAnAddress:
        says = _("Enter an email address in the correct format, like name@example.com")
        raise NotAContact(says) from None


def _clean_phone(words: str) -> str:
    try:
        number = phonenumbers.parse(words, "GB")
    except phonenumbers.NumberParseException:
        number = phonenumbers.PhoneNumber()
    if not phonenumbers.is_possible_number(number):
        raise NotAContact(
            _(
                "Enter a web address that starts with https://, an email address or a telephone "
                "number"
            )
        )
    kinds = phonenumbers.PhoneNumberFormat
    kind = kinds.NATIONAL if number.country_code == 44 else kinds.INTERNATIONAL
    return str(phonenumbers.format_number(number, kind))
