"""What staff type about tills and their keys."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.pages.fields import Choice, Choices, Confirm, Text
from townhall.machinery.pages.forms import Form

TAKES = (
    ("takes_moto", _("Cards that staff type for someone on the telephone or by post")),
    ("takes_moto_api", _("Cards whose numbers a program sends")),
    ("takes_recurring", _("Further payments from the same card, by agreement")),
    ("takes_telephone_notices", _("Word of payments that were taken elsewhere by telephone")),
)


class TillForm(Form):
    name = Text(
        label=_("What is the till called?"),
        hint=_("For example, Library fines"),
        width=30,
        max_length=60,
        missing=_("Enter what the till is called"),
    )
    mode = Choice(
        label=_("Does it take real money?"),
        missing=_("Choose whether it takes real money"),
        choices=[
            ("test", _("No, it is for trying things out")),
            ("live", _("Yes, it takes live payments")),
        ],
        hints={"test": _("Only test cards work, and its books are apart.")},
    )


class TakesForm(Form):
    takes = Choices(
        label=_("What else may it take?"),
        hint=_("Cards on our own pages it takes always."),
        required=False,
        choices=TAKES,
    )
    is_open = Confirm(label=_("It is open: programs may begin payments"), required=False)


class KeyForm(Form):
    name = Text(
        label=_("What is the program called?"),
        missing=_("Enter what the program is called"),
        max_length=60,
        width=30,
    )
