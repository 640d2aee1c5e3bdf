"""What staff type about templates, messages to send, keys, origins and callbacks."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Unpack, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.notify.dials import LONGEST_KEPT, SHORTEST_KEPT
from townhall.capabilities.notify.errors import (
    NotAnAddress,
    NotAPhoneNumber,
    NotAPostalAddress,
)
from townhall.capabilities.notify.records import CallbackKind, Channel, Folder, KeyType, Stage
from townhall.capabilities.notify.rules.addresses import clean_address
from townhall.capabilities.notify.rules.contacts import LONGEST
from townhall.capabilities.notify.rules.phones import clean_phone
from townhall.capabilities.notify.rules.postal import read_address
from townhall.machinery.pages.fields import (
    Asking,
    Choice,
    Choices,
    Confirm,
    Date,
    EachLanguage,
    Email,
    File,
    LongText,
    Number,
    Phone,
    Select,
    Text,
)
from townhall.machinery.pages.forms import Form
from townhall.machinery.pages.writing import write_month, write_weekday
from townhall.machinery.wording import Wording

FORMATTING = _(
    "Put ((name)) where a value goes, # before a heading, * before each line of a list, "
    "^ before text to set in, and [words](https://address) for a link."
)
ON_PAPER = _(
    "Put ((name)) where a value goes, # before a heading, * before each line of a list, "
    "and --- where a new page begins."
)
IN_A_TEXT = _("Put ((name)) where a value goes. The longer it is, the more texts it is charged as.")
LONGEST_SUBJECT = 1_000
DAYS_AHEAD = 7  # with today
KINDS = [
    (Channel.EMAIL, _("Email")),
    (Channel.SMS, _("Text message")),
    (Channel.LETTER, _("Letter")),
]
NO_MESSAGE = _("Enter the message in English")
NO_FOLDER = "none"


class SenderForm(Form):
    """A form that asks whose something is, unless there is only one that it can be."""

    sender = Choice(
        label=_("Whose is it?"),
        hint=_("A program sends with the templates, and from the addresses, of one sender."),
        missing=_("Choose whose it is"),
    )

    def offer(self, senders: Sequence[str]) -> None:
        if len(senders) > 1:
            self.fields["sender"].choices = [(name, name) for name in senders]  # type: ignore[attr-defined]  # a Choice
        else:
            del self.fields["sender"]


class KindForm(SenderForm):
    channel = Choice(
        label=_("What kind of message?"), missing=_("Choose a kind of message"), choices=KINDS
    )
    field_order = ("channel", "sender")


class WordingForm(Form):
    """The words of a message. What is not asked for is left out."""

    title = Text(label=_("Title"), hint=_("Only staff see it."), max_length=80)
    body = EachLanguage(rows=14, label=_("Message"), hint=FORMATTING, missing=NO_MESSAGE)
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def leave_out(self, *names: str) -> None:
        for name in names:
            del self.fields[name]


class TextForm(WordingForm):
    body = EachLanguage(rows=6, label=_("Message"), hint=IN_A_TEXT, missing=NO_MESSAGE)


class EmailForm(WordingForm):
    subject = EachLanguage(label=_("Subject"), missing=_("Enter the subject in English"))
    field_order = ("title", "subject", "body")

    def clean_subject(self) -> Wording:
        subject: Wording = self.cleaned_data["subject"]
        if max(len(subject.en), len(subject.cy)) > LONGEST_SUBJECT:
            most = {"most": LONGEST_SUBJECT}
            raise ValidationError(gettext("Use %(most)d characters or fewer") % most)
        return subject


class LetterForm(EmailForm):
    subject = EachLanguage(label=_("Heading"), missing=_("Enter the heading in English"))
    body = EachLanguage(rows=14, label=_("Message"), hint=ON_PAPER, missing=NO_MESSAGE)
    postage = Choice(
        label=_("How does it go?"),
        missing=_("Choose how it goes"),
        choices=[
            ("first", _("First class")),
            ("second", _("Second class")),
            ("economy", _("Economy")),
        ],
        initial="second",
    )


WORDING_FORMS: Mapping[Channel, type[WordingForm]] = {
    Channel.EMAIL: EmailForm,
    Channel.SMS: TextForm,
    Channel.LETTER: LetterForm,
}


class FindForm(Form):
    words = Text(label=_("Search by title"), required=False, max_length=80)
    channel = Select(label=_("Kind"), required=False, choices=[("", _("Every kind")), *KINDS])


class CopyForm(Form):
    title = Text(
        heading=True,
        label=_("What is the copy called?"),
        hint=_("Only staff see it."),
        max_length=80,
    )


class RestoreForm(Form):
    seen_version = forms.IntegerField(min_value=1)


class FolderForm(Form):
    title = Text(
        heading=True,
        label=_("What is the folder called?"),
        missing=_("Enter what the folder is called"),
        max_length=80,
    )


class MoveForm(Form):
    """`folders` are those that the thing may go to."""

    folder = Select(label=_("Where does it go?"))

    def __init__(
        self, data: QueryDict | None, *, folders: Sequence[Folder], now_in: UUID | None
    ) -> None:
        super().__init__(data, initial={"folder": now_in or NO_FOLDER})
        cast(forms.ChoiceField, self.fields["folder"]).choices = [
            (NO_FOLDER, gettext("No folder")),
            *((str(each.id), each.path) for each in folders),
        ]

    def clean_folder(self) -> UUID | None:
        chosen = self.cleaned_data["folder"]
        return None if chosen == NO_FOLDER else UUID(chosen)


class ReplyToForm(Form):
    words = Email(
        label=_("Where do answers go?"),
        autocomplete="off",
        hint=_("The email address that people write to when they reply."),
    )


class TextSenderForm(Form):
    words = Text(
        label=_("Who do texts come from?"),
        hint=_(
            "A name of 11 letters, numbers and spaces or fewer, that people know you by. "
            "Or a telephone number that your supplier of texts has given you."
        ),
        missing=_("Enter a name or a telephone number"),
        width=20,
        max_length=40,
    )
    takes_texts = Confirm(label=_("It is a number that people can send texts to"), required=False)


class ContactBlockForm(Form):
    words = LongText(
        label=_("Where do letters come from?"),
        hint=_("Your name and address, as they stand at the top right of a letter."),
        missing=_("Enter the address"),
        rows=6,
        max_length=1_000,
    )


ORIGIN_FORMS: Mapping[Channel, type[Form]] = {
    Channel.EMAIL: ReplyToForm,
    Channel.SMS: TextSenderForm,
    Channel.LETTER: ContactBlockForm,
}


class ContactForm(Form):
    contact = Text(
        label=_("How do people contact you about a file?"),
        hint=_(
            "A web address that starts with https://, an email address or a telephone number. "
            "It stands on the pages where people download files that your programs send."
        ),
        missing=_("Enter how people contact you"),
        max_length=LONGEST,
        autocomplete="off",
    )


class ConfirmForm(Form):
    address = Email(
        label=_("Email address"), hint=_("The one that the email with the link was sent to.")
    )


class KeyForm(SenderForm):
    name = Text(
        label=_("What is the program called?"),
        missing=_("Enter what the program is called"),
        max_length=60,
        width=30,
    )
    sender = Choice(
        label=_("Whose templates does it send with?"), missing=_("Choose whose templates")
    )
    key_type = Choice(
        label=_("What may it do?"),
        missing=_("Choose what it may do"),
        choices=[
            (KeyType.LIVE, _("Send to anyone")),
            (KeyType.TEAM, _("Send to its team and guests")),
            (KeyType.TEST, _("Pretend to send")),
        ],
        hints={
            KeyType.LIVE: _("Only once the sender has gone live."),
            KeyType.TEST: _("Nothing leaves. Every message counts as delivered."),
        },
    )
    may_edit_templates = Confirm(
        label=_("It may also change the templates that it sends with"), required=False
    )
    field_order = ("name", "sender", "key_type", "may_edit_templates")

    def clean_key_type(self) -> KeyType:
        return KeyType(self.cleaned_data["key_type"])


class CallbackForm(Form):
    """`senders` are the names of what the organisation's programs send as."""

    kind = Choice(
        label=_("What is it told of?"),
        missing=_("Choose what it is told of"),
        choices=[
            (CallbackKind.DELIVERY, _("What became of emails and texts")),
            (CallbackKind.RECEIVED_TEXT, _("Texts that people send")),
            (CallbackKind.COMPLAINT, _("Complaints that an email is unwanted")),
        ],
    )
    sender = Choice(
        label=_("Whose messages?"),
        hint=_("Each program sends under the name of one sender."),
        missing=_("Choose whose messages it is told of"),
    )
    url = Text(
        label=_("Address"),
        hint=_("Like https://example.com/callback. It must be on the internet."),
        missing=_("Enter the address"),
        max_length=2000,
    )
    token = Text(
        label=_("Bearer token"),
        hint=_("The program knows us by it. Use 10 characters or more."),
        missing=_("Enter the bearer token"),
        max_length=500,
        autocomplete="off",
    )

    def __init__(self, *args: Any, senders: Sequence[str], **kwargs: Any) -> None:  # Any: Django's
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["sender"]).choices = [(each, each) for each in senders]


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


class AnswerForm(Form):
    """`reference` is of one showing of the page."""

    body = LongText(label=_("Your answer"), rows=3, max_length=918, missing=_("Enter your answer"))
    reference = forms.UUIDField(widget=forms.HiddenInput)


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
