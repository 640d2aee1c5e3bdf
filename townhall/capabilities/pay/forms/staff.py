"""What staff type about payments, refunds, agreements and disputes."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.pay.records import (
    AgreementState,
    DisputeState,
    Search,
    ServiceName,
    Stage,
    State,
)
from townhall.capabilities.pay.records.words import AGREEMENT_STATES, DISPUTE_STATES, STATES
from townhall.machinery.money import Money
from townhall.machinery.pages.fields import Choice, Date, LongText, MoneyAmount, Select, Text
from townhall.machinery.pages.forms import Form
from townhall.machinery.pages.writing import write_money

ALL = ("", _("All"))
LIVE, TEST = "live", "test"
STAGES = [
    (Stage.IN_PROGRESS, _("In progress")),
    (Stage.PAID, STATES[State.CAPTURED]),
    (Stage.REFUNDED, _("Refunded, in part or in full")),
    (Stage.DECLINED, STATES[State.DECLINED]),
    (Stage.EXPIRED, STATES[State.EXPIRED]),
    (Stage.ABANDONED, STATES[State.ABANDONED]),
    (Stage.CANCELLED, STATES[State.CANCELLED]),
    (Stage.ERRORED, STATES[State.ERRORED]),
]


class SearchForm(Form):
    """Which payments to list. It is sent by GET, so that a list has an address."""

    reference = Text(label=_("Reference"), required=False, width=20, max_length=255)
    email = Text(
        label=_("Email address"), hint=_("The whole address"), required=False, max_length=254
    )
    cardholder = Text(
        label=_("Name on the card"),
        hint=_("The name, or how it begins"),
        required=False,
        max_length=255,
    )
    last_digits = Text(
        label=_("Last 4 digits of the card"),
        required=False,
        width=4,
        inputmode="numeric",
        max_length=10,
    )
    amount = MoneyAmount(label=_("Amount"), lowest=Money(1), required=False)
    stage = Select(label=_("State"), required=False, choices=[ALL, *STAGES])
    service = Select(label=_("Service or till"), required=False)
    mode = Select(
        label=_("Live or test"),
        required=False,
        choices=[ALL, (LIVE, _("Live payments")), (TEST, _("Test payments"))],
    )
    first_on = Date(label=_("First day"), required=False)
    last_on = Date(label=_("Last day"), required=False)

    def offer(self, services: Iterable[ServiceName]) -> None:
        choices = [ALL, *((each.slug, each.name) for each in services)]
        cast(forms.ChoiceField, self.fields["service"]).choices = choices

    def clean_last_digits(self) -> str:
        typed = str(self.cleaned_data["last_digits"]).strip()
        if typed and not re.fullmatch(r"[0-9]{4}", typed):
            raise ValidationError(gettext("Enter the last 4 digits of the card"))
        return typed

    def clean_last_on(self) -> date | None:
        last_on: date | None = self.cleaned_data["last_on"]
        if last_on == date.max:
            raise ValidationError(gettext("Enter a real date, like 27 3 2027"))
        return last_on

    def search(self) -> Search:
        """What was asked, once it is valid."""
        typed = dict(self.cleaned_data)
        stage, mode = typed.pop("stage"), typed.pop("mode")
        words = {name: typed.pop(name).strip() for name in ("reference", "email", "cardholder")}
        return Search(
            stage=Stage(stage) if stage else None,
            is_live=mode == LIVE if mode else None,
            **words,
            **typed,
        )


class RefundForm(Form):
    """All that is left of a payment, or part of it."""

    how = Choice(label=_("How much do you want to refund?"), missing=_("Choose how much to refund"))
    amount = MoneyAmount(label=_("Amount to refund"), required=False)
    reason = Text(
        label=_("Why?"),
        hint=_("Staff can see it. The payer cannot."),
        max_length=200,
        missing=_("Enter why you refund it"),
    )

    def __init__(self, *args: Any, available: Money, **kwargs: Any) -> None:  # Any: Django's
        super().__init__(*args, **kwargs)
        self.available = available
        full = gettext("All that is left: %(amount)s") % {"amount": write_money(available)}
        how = cast(forms.ChoiceField, self.fields["how"])
        how.choices = [("full", full), ("partial", gettext("Part of it"))]
        self.fields["amount"] = MoneyAmount(
            label=_("Amount to refund"),
            hint=_("Only if you refund part of it"),
            required=False,
            currency=available.currency,
            lowest=Money(1, available.currency),
            highest=available,
        )
        self.order_fields(["how", "amount", "reason"])

    def clean(self) -> dict[str, Any]:  # Any: Django's signature
        found: dict[str, Any] = super().clean() or self.cleaned_data
        is_missing = "amount" not in self.errors and not found.get("amount")
        if found.get("how") == "partial" and is_missing:
            self.add_error("amount", gettext("Enter an amount"))
        if found.get("how") == "full":
            self.errors.pop("amount", None)
        return found

    @property
    def sum(self) -> Money:
        """What to refund, once it is valid."""
        if self.cleaned_data["how"] == "full":
            return self.available
        return cast(Money, self.cleaned_data["amount"])


class DecisionForm(Form):
    """The second person's yes or no to a refund."""

    decision = Choice(
        label=_("Should this refund be given?"),
        missing=_("Choose whether the refund should be given"),
        choices=[("approve", _("Yes, give it")), ("reject", _("No, do not give it"))],
    )


class AgreementsForm(Form):
    state = Select(
        label=_("State"),
        required=False,
        choices=[ALL, *((each.value, AGREEMENT_STATES[each]) for each in AgreementState)],
    )


class DisputesForm(Form):
    state = Select(
        label=_("State"),
        required=False,
        choices=[ALL, *((each.value, DISPUTE_STATES[each]) for each in DisputeState)],
    )


class WriteOffForm(Form):
    """`reference` is of one showing of the page, so that sending it twice writes off once."""

    amount = MoneyAmount(label=_("Amount to write off"))
    reason = LongText(
        label=_("Why?"),
        hint=_("It stays in the ledger for good."),
        rows=3,
        max_length=200,
        missing=_("Enter why you write it off"),
    )
    reference = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, standing: Money, **kwargs: Any) -> None:  # Any: Django's
        super().__init__(*args, **kwargs)
        self.fields["amount"] = MoneyAmount(
            label=_("Amount to write off"),
            currency=standing.currency,
            lowest=Money(1, standing.currency),
            highest=standing,
        )
        self.order_fields(["amount", "reason", "reference"])


class ExportForm(Form):
    """The days whose entries are taken away."""

    first_on = Date(label=_("First day"))
    last_on = Date(label=_("Last day"))

    def clean_last_on(self) -> date:
        last_on: date = self.cleaned_data["last_on"]
        if last_on == date.max:
            raise ValidationError(gettext("Enter a real date, like 27 3 2027"))
        return last_on
