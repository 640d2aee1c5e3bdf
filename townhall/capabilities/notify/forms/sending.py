"""What staff type to send to one person, or to a list."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.notify.errors import (
    NotAnAddress,
    NotAPhoneNumber,
    NotAPostalAddress,
)
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rules.addresses import clean_address
from townhall.capabilities.notify.rules.phones import clean_phone
from townhall.capabilities.notify.rules.postal import read_address
from townhall.machinery.pages.fields import (
    Choice,
    Email,
    File,
    LongText,
    Phone,
    Select,
    Text,
)
from townhall.machinery.pages.forms import Form
from townhall.machinery.pages.writing import write_weekday

DAYS_AHEAD = 7  # with today


class AddressForm(Form):
    """To whom one message goes; asked in the way of its channel."""

    to = Text(heading=True)

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:  # Any: Django's
        super().__init__(*args, **kwargs)
        self.channel = channel
        self.fields["to"] = {
            Channel.EMAIL: Email(label=_("What is their email address?"), heading=True),
            Channel.SMS: Phone(label=_("What is their phone number?"), heading=True),
            Channel.LETTER: LongText(
                label=_("What is their address?"),
                hint=_("Their name first, then the address. The last line is the postcode."),
                missing=_("Enter the address"),
                rows=7,
                heading=True,
            ),
        }[channel]

    def clean_to(self) -> str:
        typed: str = self.cleaned_data["to"]
        try:
            if self.channel == Channel.LETTER:
                return "\n".join(read_address(typed, abroad=True).lines)
            if self.channel == Channel.SMS:
                clean_phone(typed, abroad=True)
            else:
                clean_address(typed)
        except (NotAnAddress, NotAPhoneNumber, NotAPostalAddress) as fault:
            raise ValidationError(str(fault)) from fault
        return typed


class ValueForm(Form):
    """What goes in the place of one placeholder."""

    value = Text(max_length=10_000, heading=True, autocomplete="off")

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:  # Any: Django's
        super().__init__(*args, **kwargs)
        self.fields["value"].label = name


class ListForm(Form):
    file = File(
        label=_("The list"),
        hint=_("A CSV file, or an Excel or OpenDocument spreadsheet of up to 100,000 rows."),
        accept=".csv,.txt,.xlsx,.ods",
    )


class WhenForm(Form):
    """Now, or at an hour of the next week. Cleans to `starts_at`, which is None for now."""

    day = Choice(
        label=_("When do you want to send it?"),
        initial="now",
        missing=_("Choose when to send it"),
    )
    hour = Select(
        label=_("At what time?"),
        hint=_("If you do not send it now."),
        choices=[(str(hour), f"{hour:02}:00") for hour in range(24)],
        initial="9",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
        choices = [("now", gettext("Now")), *((str(day), write_weekday(day)) for day in days)]
        cast(forms.ChoiceField, self.fields["day"]).choices = choices

    def clean(self) -> dict[str, Any]:  # Any: Django's
        cleaned = super().clean() or {}
        cleaned["starts_at"] = None
        if self.errors or cleaned["day"] == "now":
            return cleaned
        hour = time(int(cleaned["hour"]))
        starts_at = timezone.make_aware(datetime.combine(date.fromisoformat(cleaned["day"]), hour))
        if starts_at < timezone.now():
            self.add_error("hour", gettext("Choose a time that is not past"))
        cleaned["starts_at"] = starts_at
        return cleaned
