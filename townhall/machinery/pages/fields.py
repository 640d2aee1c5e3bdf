"""The questions a form can ask, each shown as a GOV.UK component and read as a clean value."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack, cast

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from townhall.machinery.money import Money, digits_of
from townhall.machinery.pages.widgets import DateParts, EveryLanguage
from townhall.machinery.pages.writing import symbol_of, write_date, write_money
from townhall.machinery.wording import Wording

Words = str | Promise
Pairs = Iterable[tuple[str, Words]]
Hints = Mapping[str, Words]

TOO_LONG = _("Use %(limit_value)d characters or fewer")
TOO_LOW = _("Enter %(lowest)s or more")
TOO_HIGH = _("Enter %(highest)s or less")


class Asking(TypedDict, total=False):
    """What every field takes."""

    label: Words
    hint: Words
    required: bool
    initial: object
    heading: bool  # show the label as the page's h1
    missing: Words  # what to say when there is no answer


class _Line(forms.CharField):
    """Without the attribute `maxlength`, which cuts short what people paste and does not say so."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # Any: Django's signature
        return {}


class Text(_Line):
    """One line of words. `width` is in characters: 2, 3, 4, 5, 10, 20 or 30."""

    def __init__(
        self,
        *,
        width: int | None = None,
        autocomplete: str = "",
        inputmode: str = "",
        max_length: int = 200,
        prefix: Words = "",
        suffix: Words = "",
        **asking: Unpack[Asking],
    ) -> None:
        self.heading, self.prefix, self.suffix = asking.get("heading", False), prefix, suffix
        super().__init__(max_length=max_length, **_settle(asking, _("Enter an answer")))
        self.error_messages["max_length"] = TOO_LONG
        self.widget.attrs |= _attributes(width, autocomplete, inputmode)


class LongText(_Line):
    """Several lines of words; with `max_length`, the characters left are counted."""

    widget = forms.Textarea

    def __init__(
        self, *, rows: int = 5, max_length: int | None = None, **asking: Unpack[Asking]
    ) -> None:
        self.heading = asking.get("heading", False)
        super().__init__(max_length=max_length, **_settle(asking, _("Enter an answer")))
        self.error_messages["max_length"] = TOO_LONG
        self.widget.attrs["rows"] = str(rows)


class Email(forms.EmailField):
    """An email address."""

    def __init__(self, *, autocomplete: str = "email", **asking: Unpack[Asking]) -> None:
        self.heading = asking.get("heading", False)
        super().__init__(**_settle(asking, _("Enter an email address")))
        self.error_messages["invalid"] = _(
            "Enter an email address in the correct format, like name@example.com"
        )
        self.widget.attrs |= _attributes(None, autocomplete, "") | {"spellcheck": "false"}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # Any: Django's signature
        return {}


class Phone(_Line):
    """A telephone number; cleans to `07700 900123`, or `+33 1 ...` for one of another country."""

    widget = forms.TextInput(attrs={"type": "tel"})

    def __init__(self, *, autocomplete: str = "tel", **asking: Unpack[Asking]) -> None:
        self.heading = asking.get("heading", False)
        super().__init__(max_length=40, **_settle(asking, _("Enter a telephone number")))
        self.widget.attrs |= _attributes(20, autocomplete, "")

    def clean(self, value: object) -> str:
        typed = cast(str, super().clean(value))
        if not typed:
            return ""
        try:
            number = phonenumbers.parse(typed, "GB")
        except phonenumbers.NumberParseException:
            number = phonenumbers.PhoneNumber()
        if not phonenumbers.is_possible_number(number):
            raise ValidationError(
                _("Enter a telephone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192")
            )
        kinds = phonenumbers.PhoneNumberFormat
        kind = kinds.NATIONAL if number.country_code == 44 else kinds.INTERNATIONAL
        return str(phonenumbers.format_number(number, kind))


class Number(forms.IntegerField):
    """A whole number within bounds."""

    widget = forms.TextInput

    def __init__(
        self,
        *,
        lowest: int | None = None,
        highest: int | None = None,
        width: int = 5,
        suffix: Words = "",
        **asking: Unpack[Asking],
    ) -> None:
        self.heading, self.suffix = asking.get("heading", False), suffix
        self.lowest, self.highest = lowest, highest
        super().__init__(**_settle(asking, _("Enter a number")))
        self.error_messages["invalid"] = _("Enter a whole number, like 12")
        self.widget.attrs |= _attributes(width, "", "numeric")

    def to_python(self, value: object) -> int | None:
        typed = value.replace(",", "").replace(" ", "") if isinstance(value, str) else value
        return super().to_python(typed)

    def validate(self, value: object) -> None:
        super().validate(value)
        if isinstance(value, int):
            _keep_to_bounds(value, self.lowest, self.highest)


class MoneyAmount(forms.Field):
    """A sum of money, typed in pounds, or in the unit of its currency; cleans to `Money`."""

    widget = forms.TextInput

    def __init__(
        self,
        *,
        lowest: Money | None = None,
        highest: Money | None = None,
        currency: str = "GBP",
        **asking: Unpack[Asking],
    ) -> None:
        self.heading, self.currency = asking.get("heading", False), currency
        self.prefix = symbol_of(currency) or currency
        self.lowest, self.highest = lowest, highest
        super().__init__(**_settle(asking, _("Enter an amount")))
        self.widget.attrs |= _attributes(10, "", "decimal") | {"spellcheck": "false"}

    def prepare_value(self, value: object) -> object:
        return str(value.units) if isinstance(value, Money) else value

    def to_python(self, value: object) -> Money | None:
        typed = str(value or "").replace(",", "").replace(" ", "").removeprefix(self.prefix)
        if not typed:
            return None
        digits = digits_of(self.currency)
        decimals = rf"(\.[0-9]{{1,{digits}}})?" if digits else ""
        if not re.fullmatch(rf"-?[0-9]{{1,9}}{decimals}", typed):
            raise self._misread()
        return Money(int(Decimal(typed).scaleb(digits)), self.currency)

    def validate(self, value: object) -> None:
        super().validate(value)
        if not isinstance(value, Money):
            return
        if self.lowest and value.minor < self.lowest.minor:
            raise ValidationError(TOO_LOW, params={"lowest": write_money(self.lowest)})
        if self.highest and value.minor > self.highest.minor:
            raise ValidationError(TOO_HIGH, params={"highest": write_money(self.highest)})

    def _misread(self) -> ValidationError:
        if self.currency == "GBP":
            return ValidationError(_("Enter an amount in pounds and pence, like 12.50"))
        example = Money(1250, self.currency).units
        return ValidationError(_("Enter an amount, like %(example)s"), params={"example": example})


class Choice(forms.ChoiceField):
    """One of a few answers, as radios. `hints` says more about some of the answers."""

    widget = forms.RadioSelect

    def __init__(
        self, *, choices: Pairs = (), hints: Hints | None = None, **asking: Unpack[Asking]
    ) -> None:
        self.heading, self.hints = asking.get("heading", False), dict(hints or {})
        super().__init__(choices=list(choices), **_settle(asking, _("Choose one of the answers")))
        self.error_messages["invalid_choice"] = _("Choose one of the answers")


class Select(forms.ChoiceField):
    """One of many answers, as a list that opens. Fewer than ten read better as a `Choice`."""

    def __init__(self, *, choices: Pairs = (), **asking: Unpack[Asking]) -> None:
        self.heading = asking.get("heading", False)
        super().__init__(choices=list(choices), **_settle(asking, _("Choose one of the answers")))
        self.error_messages["invalid_choice"] = _("Choose one of the answers")


class Choices(forms.MultipleChoiceField):
    """Any of a few answers, as checkboxes; cleans to a list of at most `most` values."""

    widget = forms.CheckboxSelectMultiple

    def __init__(
        self,
        *,
        choices: Pairs = (),
        hints: Hints | None = None,
        most: int | None = None,
        **asking: Unpack[Asking],
    ) -> None:
        self.heading, self.hints = asking.get("heading", False), dict(hints or {})
        self.most = most
        missing = _("Choose at least one of the answers")
        super().__init__(choices=list(choices), **_settle(asking, missing))
        self.error_messages["invalid_choice"] = _("Choose from the answers given")

    def validate(self, value: Any) -> None:  # Any: Django's signature
        super().validate(value)
        if self.most is not None and len(value) > self.most:
            raise ValidationError(_("Choose %(most)d or fewer"), params={"most": self.most})


class Confirm(forms.BooleanField):
    """One checkbox; when required, it must be ticked."""

    def __init__(self, **asking: Unpack[Asking]) -> None:
        super().__init__(**_settle(asking, _("Tick the box to go on")))


class Date(forms.Field):
    """A day, asked for as day, month and year; cleans to a `date`."""

    widget = DateParts

    def __init__(
        self,
        *,
        earliest: date | None = None,
        latest: date | None = None,
        **asking: Unpack[Asking],
    ) -> None:
        self.heading = asking.get("heading", False)
        self.earliest, self.latest = earliest, latest
        super().__init__(**_settle(asking, _("Enter a date")))

    def to_python(self, value: object) -> date | None:
        if value is None or isinstance(value, date):
            return value
        parts = [(part or "").strip() for part in cast(Sequence[str | None], value)]
        if not any(parts):
            return None
        if not all(parts):
            raise ValidationError(_("The date must include a day, a month and a year"))
        if len(parts[2]) != 4:
            raise ValidationError(_("The year must have 4 numbers"))
        try:
            day, month, year = (int(part) for part in parts)
            return date(year, month, day)
        except ValueError as error:
            raise ValidationError(_("Enter a real date, like 27 3 2027")) from error

    def validate(self, value: object) -> None:
        super().validate(value)
        if not isinstance(value, date):
            return
        if self.earliest and value < self.earliest:
            says = _("The date must be %(day)s or later")
            raise ValidationError(says, params={"day": write_date(self.earliest)})
        if self.latest and value > self.latest:
            says = _("The date must be %(day)s or earlier")
            raise ValidationError(says, params={"day": write_date(self.latest)})


class File(forms.FileField):
    """A file; `accept` helps to pick one (`image/*`, `.pdf`) but is no check of what it holds."""

    widget = forms.FileInput

    def __init__(self, *, accept: str = "", **asking: Unpack[Asking]) -> None:
        self.heading = asking.get("heading", False)
        super().__init__(**_settle(asking, _("Choose a file")))
        self.error_messages["empty"] = _("The file is empty. Choose another")
        if accept:
            self.widget.attrs["accept"] = accept


class EachLanguage(forms.Field):
    """The same words in every language; cleans to a `Wording`. English must be there."""

    def __init__(self, *, rows: int = 1, **asking: Unpack[Asking]) -> None:
        self.heading = asking.get("heading", False)
        missing = _("Enter the words in English")
        super().__init__(widget=EveryLanguage(rows=rows), **_settle(asking, missing))

    def to_python(self, value: object) -> Wording | None:
        if value is None or isinstance(value, Wording):
            return value
        english, welsh = ((part or "").strip() for part in cast(Sequence[str | None], value))
        if "\0" in english + welsh:
            raise ValidationError(_("Enter the words without control characters"))
        if welsh and not english:
            raise ValidationError(self.error_messages["required"])
        return Wording(english, welsh) if english else None


def _settle(asking: Asking, missing: Words) -> dict[str, Any]:  # Any: goes into Django's own
    """The keyword arguments of a Django field."""
    return {
        "label": asking.get("label"),
        "help_text": asking.get("hint", ""),
        "required": asking.get("required", True),
        "initial": asking.get("initial"),
        "error_messages": {"required": asking.get("missing", missing)},
    }


def _attributes(width: int | None, autocomplete: str, inputmode: str) -> dict[str, str]:
    attributes = {"autocomplete": autocomplete, "inputmode": inputmode}
    if width:
        attributes["class"] = f"govuk-input--width-{width}"
    return {name: value for name, value in attributes.items() if value}


def _keep_to_bounds(value: int, lowest: int | None, highest: int | None) -> None:
    if lowest is not None and value < lowest:
        raise ValidationError(TOO_LOW, params={"lowest": lowest})
    if highest is not None and value > highest:
        raise ValidationError(TOO_HIGH, params={"highest": highest})
