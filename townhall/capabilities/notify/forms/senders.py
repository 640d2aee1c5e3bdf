"""What staff type about senders, their guests, and going live."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rendering.texts import LONGEST_PREFIX
from townhall.machinery.pages.fields import (
    Choice,
    Choices,
    Confirm,
    Email,
    LongText,
    Number,
    Phone,
    Text,
)
from townhall.machinery.pages.forms import Form


class ChannelsForm(Form):
    channels = Choices(
        label=_("What may its programs send?"),
        choices=[
            (Channel.EMAIL, _("Emails")),
            (Channel.SMS, _("Text messages")),
            (Channel.LETTER, _("Letters")),
        ],
    )

    def clean_channels(self) -> list[Channel]:
        return [Channel(each) for each in self.cleaned_data["channels"]]


class PrefixForm(Form):
    words = Text(
        label=_("What do its text messages begin with?"),
        hint=_(
            "For example: Newtown Council. A colon follows it. It is part of each text, and is "
            "charged for. Leave it empty if texts say themselves who sends them."
        ),
        max_length=LONGEST_PREFIX,
        width=20,
        required=False,
    )


class GuestForm(Form):
    is_team = Choice(
        label=_("Who is it?"),
        missing=_("Choose who it is"),
        choices=[("team", _("One of the team")), ("guest", _("A guest"))],
        hints={
            "team": _("Someone who works on the messages."),
            "guest": _("Someone else who has agreed to get them. There can be 5."),
        },
    )
    name = Text(label=_("Name"), max_length=100, width=30, required=False)
    email = Email(label=_("Email address"), required=False, autocomplete="off")
    phone = Phone(label=_("Phone number for texts"), required=False, autocomplete="off")

    def clean_is_team(self) -> bool:
        return bool(self.cleaned_data["is_team"] == "team")


class AskToGoLiveForm(Form):
    """`agreed` is asked so that it is said; that they asked is what is kept."""

    emails_a_year = Number(
        label=_("How many emails will it send in a year?"),
        lowest=0,
        highest=1_000_000_000,
        width=10,
    )
    texts_a_year = Number(
        label=_("How many text messages will it send in a year?"),
        lowest=0,
        highest=1_000_000_000,
        width=10,
    )
    letters_a_year = Number(
        label=_("How many letters will it send in a year?"),
        lowest=0,
        highest=1_000_000_000,
        width=10,
    )
    agreed = Confirm(
        label=_(
            "We have agreements with the suppliers that carry these messages, and have "
            "assessed what they mean for people’s data"
        )
    )

    def expected(self) -> dict[str, int]:
        """The numbers, as `ask_to_go_live` takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "agreed"}


class DecideForm(Form):
    decision = Choice(
        label=_("May it go live?"),
        missing=_("Choose whether it may go live"),
        choices=[("approve", _("Yes")), ("refuse", _("No, it stays in trial"))],
    )
    reason = LongText(
        label=_("If not, why not?"),
        hint=_("Needed if it stays in trial. Whoever asked reads it."),
        rows=3,
        max_length=1_000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:  # Any: Django's
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "refuse" and not cleaned.get("reason"):
            self.add_error("reason", gettext("Enter why not"))
        return cleaned


class LimitsForm(Form):
    email = Number(label=_("Emails a day"), lowest=0, highest=10_000_000, width=10)
    sms = Number(label=_("Text messages a day"), lowest=0, highest=10_000_000, width=10)
    abroad = Number(label=_("Of these, to other countries"), lowest=0, highest=10_000_000, width=10)
    letter = Number(label=_("Letters a day"), lowest=0, highest=10_000_000, width=10)
