"""The card page, with GOV.UK Pay's ids: programs and people's browsers know them."""

import re
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.pay.records import BillingAddress, Card, Payment, Prefilled, Source
from townhall.capabilities.pay.rules.cards import (
    code_length,
    expiry_of,
    is_accepted,
    is_card_number,
    may_hold_card_number,
    only_digits,
)
from townhall.machinery.pages.fields import Choice, Email, Select, Text
from townhall.machinery.pages.forms import Form

_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


class _NotShownAgain(forms.TextInput):
    """What is typed here goes to the processor and never back into a page."""

    def format_value(self, value: object) -> None:
        return None


class _Secret(Text):
    widget = _NotShownAgain


class WayForm(Form):
    """How to pay, where there is a choice."""

    way = Choice(label=_("How do you want to pay?"), heading=True, missing=_("Choose how to pay"))

    def offer(self, ways: list[tuple[str, str]]) -> None:
        field = self.fields["way"]
        assert isinstance(field, Choice)
        field.choices = ways


class CardForm(Form):
    """A card. Of what is wrong with it, nothing typed is repeated."""

    card_no = _Secret(
        label=_("Card number"),
        hint=_("We accept Visa, Mastercard, American Express, Diners Club, Discover and JCB"),
        width=20,
        inputmode="numeric",
        autocomplete="cc-number",
        max_length=40,
        missing=_("Enter your card number"),
    )
    expiry_month = Text(
        label=_("Month"),
        width=2,
        inputmode="numeric",
        autocomplete="cc-exp-month",
        max_length=20,
        missing=_("Enter the month in which your card expires"),
    )
    expiry_year = Text(
        label=_("Year"),
        width=4,
        inputmode="numeric",
        autocomplete="cc-exp-year",
        max_length=20,
        missing=_("Enter the year in which your card expires"),
    )
    cardholder_name = Text(
        label=_("Name on card"),
        autocomplete="cc-name",
        max_length=255,
        missing=_("Enter the name as it stands on the card"),
    )
    cvc = _Secret(
        label=_("Card security code"),
        hint=_("The last 3 digits on the back of the card. American Express: 4 on the front"),
        width=4,
        inputmode="numeric",
        autocomplete="cc-csc",
        max_length=20,
        missing=_("Enter the card security code"),
    )
    address_country = Select(label=_("Country or territory"))
    address_line_1 = Text(
        label=_("Building number or name, and street"),
        autocomplete="billing address-line1",
        max_length=250,
        missing=_("Enter the first line of the address to which the card belongs"),
    )
    address_line_2 = Text(
        label=_("Second line of the address"),
        autocomplete="billing address-line2",
        max_length=250,
        required=False,
    )
    address_city = Text(
        label=_("Town or city"),
        autocomplete="billing address-level2",
        max_length=250,
        missing=_("Enter a town or city"),
    )
    address_postcode = Text(
        label=_("Postcode"),
        width=10,
        autocomplete="billing postal-code",
        max_length=25,
        missing=_("Enter a postcode"),
    )
    email = Email(label=_("Email"), hint=_("The confirmation of your payment goes here"))

    def __init__(self, typed: QueryDict | None, *, payment: Payment) -> None:
        super().__init__(typed, initial=_known(payment), auto_id="%s")
        country = self.fields["address_country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = _countries()
        country.widget.attrs["autocomplete"] = "billing country"
        # A service of this installation writes to people itself, and staff may not know an email.
        self.fields["email"].required = not payment.moto and payment.source != Source.SERVICE
        if payment.moto:
            for name in ("card_no", "cvc"):
                attributes = self.fields[name].widget.attrs | {"autocomplete": "off"}
                self.fields[name].widget = forms.PasswordInput(attributes)

    def add_prefix(self, field_name: str) -> str:
        return field_name.replace("_", "-")

    def clean_card_no(self) -> str:
        number = only_digits(self.cleaned_data["card_no"])
        if not is_card_number(number):
            raise ValidationError(_("Check the card number: it is not a whole and correct one"))
        if not is_accepted(number):
            raise ValidationError(_("This type of card is not accepted. Use another card"))
        return number

    def clean_expiry_year(self) -> str:
        """As MM/YY."""
        month = self.cleaned_data.get("expiry_month", "")
        expires = expiry_of(month, self.cleaned_data["expiry_year"])
        if month and expires is None:
            self.add_error("expiry_month", _("Enter an expiry date as on the card, like 10 / 35"))
        elif expires is not None and expires < timezone.localdate():
            self.add_error("expiry_month", _("Your card has expired. Use another card"))
        return f"{expires:%m/%y}" if expires else ""

    def clean_cvc(self) -> str:
        code = only_digits(self.cleaned_data["cvc"])
        number = self.cleaned_data.get("card_no", "")
        if not re.fullmatch(r"[0-9]{3,4}", code) or (number and len(code) != code_length(number)):
            length = code_length(number) if number else 3
            raise ValidationError(
                _("Enter the card security code. It has %(length)d digits"),
                params={"length": length},
            )
        return code

    def clean_cardholder_name(self) -> str:
        name = str(self.cleaned_data["cardholder_name"])
        if re.fullmatch(r"[0-9 ]*", name) or may_hold_card_number(name):
            raise ValidationError(_("Enter the name as it stands on the card"))
        return name

    def clean(self) -> dict[str, Any]:  # Any: Django's
        cleaned = super().clean() or {}
        for name in ("address_line_1", "address_line_2", "address_city", "address_postcode"):
            if may_hold_card_number(str(cleaned.get(name, ""))):
                self.add_error(name, _("Enter an address here, not a card number"))
        if may_hold_card_number(str(cleaned.get("email", ""))):
            self.add_error("email", _("Enter an email address here, not a card number"))
        return cleaned

    def card(self) -> Card:
        typed = self.cleaned_data
        return Card(
            number=typed["card_no"],
            code=typed["cvc"],
            expires=typed["expiry_year"],
            name=typed["cardholder_name"],
            address=BillingAddress(
                line1=typed["address_line_1"],
                line2=typed["address_line_2"],
                city=typed["address_city"],
                postcode=typed["address_postcode"],
                country=typed["address_country"],
            ),
        )


def _known(payment: Payment) -> dict[str, str]:
    """What the program that asks for the payment knows of the payer."""
    prefilled = payment.prefilled or Prefilled()
    address = prefilled.address or BillingAddress()
    return {
        "cardholder_name": prefilled.name,
        "address_line_1": address.line1,
        "address_line_2": address.line2,
        "address_city": address.city,
        "address_postcode": address.postcode,
        "address_country": address.country or "GB",
        "email": payment.email,
    }


def _countries() -> list[tuple[str, str]]:
    """ISO 3166-1's codes with their names, as the reader's language sorts them."""
    names = Locale.parse((get_language() or "en")[:2]).territories
    countries = [
        (code, name)
        for code, name in names.items()
        if re.fullmatch(r"[A-Z]{2}", code) and code not in _NOT_COUNTRIES
    ]
    return sorted(countries, key=lambda each: each[1])
