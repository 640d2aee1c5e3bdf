"""What messages may say they are from: reply-to addresses, text senders and contact blocks.

As GOV.UK Notify has it, but for short names: there a text's sender has three characters or more.
"""

import re

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import ValidationResult

from townhall.capabilities.notify.errors import NotAnOrigin
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rules.addresses import clean_address

MOST_LINES = 10  # of a contact block
LONGEST_LINE = 100
_NAME = re.compile(r"[A-Za-z0-9 &.\-_]{1,11}")  # 11 is what networks show
_LETTER = re.compile(r"[A-Za-z]")
_SHORT_CODE = re.compile(r"[0-9]{5,6}")


def clean_origin(channel: Channel, typed: str) -> str:
    """What was typed, tidied as it is kept. Raises NotAnOrigin or NotAnAddress."""
    match channel:
        case Channel.EMAIL:
            return clean_address(typed)
        case Channel.SMS:
            return _clean_text_sender(typed)
        case Channel.LETTER:
            return _clean_contact_block(typed)


def is_number(text_sender: str) -> bool:
    """Whether people can write back to it, as `clean_origin` gives it."""
    return text_sender.isdigit()


def owner_of(number: str, given: str) -> str:
    """Whose a number is, of what the operator gave: "447700900500=newtown,60006=oldtown".

    A slug; "" if it is nobody's.
    """
    pairs = (each.partition("=") for each in given.split(","))
    owners = {_as_dialled(words): slug.strip() for words, _is, slug in pairs}
    return owners.get(_as_dialled(number), "")


def _as_dialled(number: str) -> str:
    digits = "".join(filter(str.isdigit, number))
    return f"44{digits[1:]}" if digits.startswith("0") else digits


def _clean_text_sender(typed: str) -> str:
    """A name; a short code; or a telephone number with its country and without a plus."""
    words = " ".join(typed.split())
    if _LETTER.search(words):
        if not _NAME.fullmatch(words):
            raise NotAnOrigin(
                _("Use 11 characters or fewer: letters, numbers, spaces, &, full stops, - and _")
            )
        return words
    if _SHORT_CODE.fullmatch(words):
        return words
    return _clean_number(words)


def _clean_number(words: str) -> str:
    """Landlines too: some suppliers send texts from them."""
    wrong = NotAnOrigin(_("Enter a name with a letter in it, or a whole telephone number"))
    try:
        number = phonenumbers.parse(words, "GB")
    except phonenumbers.NumberParseException:
        raise wrong from None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        raise wrong
    return f"{number.country_code}{phonenumbers.national_significant_number(number)}"


def _clean_contact_block(typed: str) -> str:
    lines = [" ".join(line.split()) for line in typed.splitlines() if line.strip()]
    if not lines:
        raise NotAnOrigin(_("Enter the address"))
    if len(lines) > MOST_LINES or max(map(len, lines)) > LONGEST_LINE:
        most = {"lines": MOST_LINES, "characters": LONGEST_LINE}
        raise NotAnOrigin(
            _("Use %(lines)d lines or fewer, of %(characters)d characters or fewer") % most
        )
    return "\n".join(lines)
