"""What staff say of a payment link, and what those who pay by it are asked."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.pay.records import Link, Till
from townhall.capabilities.pay.rules.references import what_is_wrong
from townhall.machinery.money import Money
from townhall.machinery.pages.fields import Choice, LongText, MoneyAmount, Text
from townhall.machinery.pages.forms import Form

HIGHEST = Money(10_000_000)


class LinkForm(Form):
    """Of a link that is there already: its till and address stay."""

    title = Text(
        label=_("What is it for?"),
        hint=_("Payers see this at the top, and on their receipt. For example, Pay a parking fine"),
        max_length=230,
        missing=_("Enter what people pay for"),
    )
    details = LongText(
        label=_("What should people know before they pay?"),
        rows=4,
        max_length=500,
        required=False,
    )
    reference_label = Text(
        label=_("What reference do you ask for?"),
        hint=_("For example, Invoice number. If you ask for none, each payment gets one."),
        max_length=50,
        required=False,
    )
    amount = MoneyAmount(
        label=_("How much is it?"),
        hint=_("Leave this empty to let people say how much they pay."),
        lowest=Money(1),
        highest=HIGHEST,
        required=False,
    )
    language = Choice(
        label=_("In which language are the pages?"),
        choices=[("en", _("English")), ("cy", _("Welsh"))],
        missing=_("Choose a language"),
    )


class NewLinkForm(LinkForm):
    till = Choice(label=_("At which till?"), missing=_("Choose a till"))
    slug = Text(
        label=_("How does its address end?"),
        hint=_(
            "Small letters, digits and hyphens, like parking-fines. Leave it empty for an "
            "address that nobody can guess."
        ),
        max_length=60,
        required=False,
    )
    field_order = ["till"]

    def offer(self, tills: list[Till]) -> None:
        field = self.fields["till"]
        assert isinstance(field, Choice)
        field.choices = [(str(till.id), till.name) for till in tills if till.is_open]

    def clean_slug(self) -> str:
        typed = str(self.cleaned_data["slug"])
        if not re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", typed):
            raise ValidationError(_("Use only small letters, digits and hyphens"))
        return typed


class _Asked(Form):
    """One question to the payer, with an id as GOV.UK Pay has it."""

    def __init__(self, typed: QueryDict | None, **about: Any) -> None:  # Any: of Django's form
        super().__init__(typed, auto_id="%s", **about)

    def add_prefix(self, field_name: str) -> str:
        return field_name.replace("_", "-")


class ReferenceForm(_Asked):
    payment_reference = Text(heading=True, max_length=255)

    def __init__(self, typed: QueryDict | None, *, link: Link, **about: Any) -> None:
        super().__init__(typed, **about)
        self.link = link
        self.fields["payment_reference"].label = link.reference_label
        self.fields["payment_reference"].error_messages["required"] = what_is_wrong(
            "", label=link.reference_label
        )

    def clean_payment_reference(self) -> str:
        typed = str(self.cleaned_data["payment_reference"])
        if message := what_is_wrong(typed, label=self.link.reference_label):
            raise ValidationError(message)
        return typed


class AmountForm(_Asked):
    payment_amount = MoneyAmount(
        label=_("How much do you pay?"),
        heading=True,
        lowest=Money(1),
        highest=HIGHEST,
        missing=_("Enter how much you pay"),
    )
