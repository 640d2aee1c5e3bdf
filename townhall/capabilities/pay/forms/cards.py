"""The sandbox's card page."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.pay.records import CardResult, Telling
from townhall.machinery.pages.fields import Text
from townhall.machinery.pages.forms import Form

# GOV.UK Pay's sandbox cards (pay-connector, SandboxCardNumbers.java), and one whose refunds fail.
CARDS = {
    **dict.fromkeys(
        (
            "4242424242424242",
            "4444333322221111",
            "4917610000000000003",
            "4000056655665556",
            "371449635398431",
            "3566002020360505",
            "6011000990139424",
            "36148900647913",
        ),
        CardResult.PAYS,
    ),
    "4000000000000002": CardResult.DECLINED,
    "4000000000000069": CardResult.CARD_EXPIRED,
    "4000000000000119": CardResult.ERROR,
    "4000000000005126": CardResult.PAYS_BUT_NOT_BACK,
}
SHOWN_CARDS = (
    ("4242 4242 4242 4242", _("Paid")),
    ("4000 0000 0000 0002", _("Declined")),
    ("4000 0000 0000 0069", _("Card expired")),
    ("4000 0000 0000 0119", _("Error at the processor")),
    ("4000 0000 0000 5126", _("Paid, but refunds to it fail")),
)


class _NotShownAgain(forms.TextInput):
    """Someone may type a card of their own: a page never gives it back."""

    def format_value(self, value: object) -> None:
        return None


class _CardText(Text):
    widget = _NotShownAgain


class CardForm(Form):
    """A card of the sandbox's own; `card_number` cleans to what will become of it."""

    card_number = _CardText(
        label=_("Card number"),
        hint=_("Use one of the test cards below. Never enter a real card here."),
        width=20,
        inputmode="numeric",
        autocomplete="off",
        max_length=40,
        missing=_("Enter a card number"),
    )
    expiry = Text(
        label=_("Expiry date"),
        hint=_("Any date to come, for example 10/35"),
        width=5,
        autocomplete="off",
        max_length=10,
        missing=_("Enter an expiry date"),
    )
    name = Text(
        label=_("Name on card"), autocomplete="off", missing=_("Enter the name on the card")
    )
    security_code = _CardText(
        label=_("Card security code"),
        hint=_("Any 3 or 4 digits"),
        width=4,
        inputmode="numeric",
        autocomplete="off",
        max_length=10,
        missing=_("Enter a card security code"),
    )
    telling = forms.ChoiceField(
        choices=[(each.value, each.value) for each in Telling],
        widget=forms.HiddenInput,
        required=False,
    )

    def clean_card_number(self) -> CardResult:
        number = re.sub(r"[\s-]", "", self.cleaned_data["card_number"])
        if not re.fullmatch(r"[0-9]{12,19}", number) or not _passes_luhn(number):
            raise ValidationError(_("Enter a valid card number"))
        if number not in CARDS:
            raise ValidationError(_("Enter one of the test card numbers on this page"))
        return CARDS[number]

    def clean_expiry(self) -> str:
        typed = str(self.cleaned_data["expiry"]).replace(" ", "")
        parts = re.fullmatch(r"(0?[1-9]|1[0-2])/(?:20)?([0-9]{2})", typed)
        if parts is None:
            raise ValidationError(_("Enter an expiry date as month and year, like 10/35"))
        today = timezone.localdate()
        if (2000 + int(parts[2]), int(parts[1])) < (today.year, today.month):
            raise ValidationError(_("Enter an expiry date in the future"))
        return typed

    def clean_security_code(self) -> str:
        typed = str(self.cleaned_data["security_code"])
        if not re.fullmatch(r"[0-9]{3,4}", typed):
            raise ValidationError(_("Enter a security code of 3 or 4 digits"))
        return typed

    def clean_telling(self) -> Telling:
        return Telling(self.cleaned_data["telling"] or Telling.AT_ONCE)


def _passes_luhn(number: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[-1::-2]) + sum(doubled)) % 10 == 0
