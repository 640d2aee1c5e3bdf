"""What staff type about templates, messages to send, keys, origins and callbacks."""

from collections.abc import Mapping, Sequence
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
from townhall.capabilities.notify.records import CallbackKind, Channel, KeyType
from townhall.capabilities.notify.rules.addresses import clean_address
from townhall.capabilities.notify.rules.phones import clean_phone
from townhall.capabilities.notify.rules.postal import read_address
from townhall.machinery.pages.fields import (
    Choice,
    Confirm,
    EachLanguage,
    Email,
    File,
    LongText,
    Phone,
    Select,
    Text,
)
from townhall.machinery.pages.forms import Form
from townhall.machinery.pages.writing import write_weekday
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
            (KeyType.TEAM, _("Send to the guest list")),
            (KeyType.TEST, _("Pretend to send")),
        ],
        hints={
            KeyType.TEAM: _("The guest list is one of the settings of messages."),
            KeyType.TEST: _("Nothing leaves. Every message counts as delivered."),
        },
    )
    field_order = ("name", "sender", "key_type")

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


class AnswerForm(Form):
    """`reference` is of one showing of the page."""

    body = LongText(label=_("Your answer"), rows=3, max_length=918, missing=_("Enter your answer"))
    reference = forms.UUIDField(widget=forms.HiddenInput)
