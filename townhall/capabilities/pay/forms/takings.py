"""Which takings to show."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.pay.records import ServiceName, Span
from townhall.machinery.pages.fields import Select
from townhall.machinery.pages.forms import Form
from townhall.machinery.pages.writing import write_month


class TakingsForm(Form):
    """`period` is the last so many days, or a month as "2026-11"."""

    period = Select(label=_("Which days?"))
    span = Select(
        label=_("By"),
        choices=[(Span.DAY, _("Day")), (Span.WEEK, _("Week")), (Span.MONTH, _("Month"))],
    )
    service = Select(label=_("Service or till"), required=False)
    currency = Select(label=_("Currency"))

    def offer(
        self, *, months: Sequence[date], services: Iterable[ServiceName], currencies: Sequence[str]
    ) -> None:
        last = [
            ("7", _("The last 7 days")),
            ("30", _("The last 30 days")),
            ("90", _("The last 90 days")),
            ("365", _("The last 365 days")),
        ]
        named = [(f"{month:%Y-%m}", write_month(month)) for month in months]
        self._choose("period", [*last, *named])
        self._choose("service", [("", _("All")), *((each.slug, each.name) for each in services)])
        self._choose("currency", [(code, code) for code in currencies])
        if len(currencies) == 1:
            self.fields["currency"].widget = forms.HiddenInput()

    def _choose(self, name: str, choices: Sequence[tuple[object, object]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices
