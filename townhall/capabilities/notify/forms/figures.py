"""What staff type about figures, messages that were sent, prices and how long messages stay."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Unpack, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.notify.dials import LONGEST_KEPT, SHORTEST_KEPT
from townhall.capabilities.notify.forms.templates import KINDS
from townhall.capabilities.notify.records import Stage
from townhall.machinery.pages.fields import (
    Asking,
    Date,
    Number,
    Select,
    Text,
)
from townhall.machinery.pages.forms import Form
from townhall.machinery.pages.writing import write_month


class PeriodForm(Form):
    """Which days the figures are of: the last so many, or a month as "2026-11"."""

    period = Select(label=_("Which days?"))

    def offer(self, months: Sequence[date]) -> None:
        last = [
            ("7", _("The last 7 days")),
            ("30", _("The last 30 days")),
            ("90", _("The last 90 days")),
        ]
        named = [(f"{month:%Y-%m}", write_month(month)) for month in months]
        cast(forms.ChoiceField, self.fields["period"]).choices = [*last, *named]


class SearchForm(Form):
    """Which messages to list. A template and a sender come with links; nobody types them."""

    words = Text(
        label=_("Look for"),
        hint=_("A whole email address, telephone number or reference."),
        required=False,
        width=30,
        max_length=1_000,
    )
    channel = Select(label=_("Kind"), required=False, choices=[("", _("All")), *KINDS])
    stage = Select(
        label=_("What became of it"),
        required=False,
        choices=[
            ("", _("All")),
            (Stage.WAITING, _("Not sent yet")),
            (Stage.SENT, _("Sent")),
            (Stage.DELIVERED, _("Delivered")),
            (Stage.FAILED, _("Failed")),
            (Stage.CANCELLED, _("Cancelled")),
        ],
    )
    first_on = Date(label=_("First day"), required=False)
    last_on = Date(label=_("Last day"), required=False)
    template = forms.UUIDField(widget=forms.HiddenInput, required=False)
    sender = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_last_on(self) -> date | None:
        last_on: date | None = self.cleaned_data["last_on"]
        if last_on == date.max:
            raise ValidationError(gettext("Enter a real date, like 27 3 2027"))
        return last_on


class Price(Text):
    """A sum in pence, with hundredths of a penny; cleans to a number of these."""

    def __init__(self, **asking: Unpack[Asking]) -> None:
        super().__init__(width=10, inputmode="decimal", suffix=_("pence"), **asking)

    def prepare_value(self, value: object) -> object:
        return f"{Decimal(value) / 100:f}" if isinstance(value, int) else value

    def clean(self, value: object) -> int:
        typed = str(super().clean(value)).replace(",", "").removesuffix("p").strip()
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", typed):
            raise ValidationError(gettext("Enter a price in pence, like 2.33"))
        return int(Decimal(typed) * 100)


class TariffForm(Form):
    begins_on = Date(
        label=_("From which day?"),
        hint=_("A day of this month or later. What earlier months cost stays."),
    )
    email = Price(label=_("An email"))
    text = Price(
        label=_("A text message within the United Kingdom"),
        hint=_("A long one is charged as several."),
    )
    europe_times = Number(
        label=_("A text message to Europe costs so many times as much"), lowest=1, highest=1_000
    )
    world_times = Number(
        label=_("A text message to the rest of the world costs so many times as much"),
        lowest=1,
        highest=1_000,
    )
    first = Price(label=_("A letter of one sheet, first class"))
    second = Price(label=_("A letter of one sheet, second class"))
    economy = Price(label=_("A letter of one sheet, economy"))
    europe = Price(label=_("A letter of one sheet to Europe"))
    rest_of_world = Price(label=_("A letter of one sheet to the rest of the world"))
    sheet = Price(label=_("Each further sheet of a letter"))

    def prices(self) -> dict[str, Any]:  # Any: a day, numbers, and a mapping of them
        """What was typed, as `set_tariff` takes it."""
        typed = dict(self.cleaned_data)
        postages = ("first", "second", "economy", "europe", "rest-of-world")
        letters = {postage: typed.pop(postage.replace("-", "_")) for postage in postages}
        return {**typed, "letters": letters}


class RetentionForm(Form):
    days = Number(label=_("Days"), required=False, lowest=SHORTEST_KEPT, highest=LONGEST_KEPT)
