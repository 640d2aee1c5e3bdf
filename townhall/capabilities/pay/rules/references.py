"""What payers may type as the reference of a payment."""

import re

from django.utils.translation import gettext as _

from townhall.capabilities.pay.rules.cards import is_card_number, only_digits

LONGEST = 255
_DIGITS = re.compile(r"(?:[0-9][ -]?){12,19}")
_NOT_ALLOWED = re.compile(r"[<>|\x00-\x1f]")  # as on GOV.UK Pay's API


def what_is_wrong(typed: str, *, label: str) -> str:
    """In words; "" if all is well, or if nothing is asked for. What may be a card is not kept."""
    if not label:
        return ""
    if not typed:
        return _("Enter your %(label)s") % {"label": label}
    if len(typed) > LONGEST:
        return _("Use %(limit_value)d characters or fewer") % {"limit_value": LONGEST}
    if _NOT_ALLOWED.search(typed):
        return _("Leave out the characters < > |")
    if any(is_card_number(only_digits(each)) for each in _DIGITS.findall(typed)):
        return _("This looks like a card number. Enter your %(label)s") % {"label": label}
    return ""
