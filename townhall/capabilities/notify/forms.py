"""What staff type about templates, keys, who messages are from, and callbacks."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.notify.records import CallbackKind, Channel, KeyType
from townhall.machinery.pages.fields import (
    Choice,
    Choices,
    Confirm,
    EachLanguage,
    Email,
    LongText,
    Number,
    Phone,
    Text,
)
from townhall.machinery.pages.forms import Form
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
            (KeyType.TEAM, _("Send to its team and guests")),
            (KeyType.TEST, _("Pretend to send")),
        ],
        hints={
            KeyType.LIVE: _("Only once the sender has gone live."),
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
