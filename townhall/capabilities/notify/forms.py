"""What staff type about templates, keys and callbacks."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.notify.records import CallbackKind, KeyType
from townhall.machinery.pages.fields import Choice, EachLanguage, LongText, Text
from townhall.machinery.pages.forms import Form
from townhall.machinery.wording import Wording

FORMATTING = _(
    "Put ((name)) where a value goes, # before a heading, * before each line of a list, "
    "^ before text to set in, and [words](https://address) for a link."
)
LONGEST_SUBJECT = 1_000


class WordingForm(Form):
    """The words of a message."""

    subject = EachLanguage(label=_("Subject"), missing=_("Enter the subject in English"))
    body = EachLanguage(
        rows=14, label=_("Message"), hint=FORMATTING, missing=_("Enter the message in English")
    )

    def clean_subject(self) -> Wording:
        subject: Wording = self.cleaned_data["subject"]
        if max(len(subject.en), len(subject.cy)) > LONGEST_SUBJECT:
            most = {"most": LONGEST_SUBJECT}
            raise ValidationError(gettext("Use %(most)d characters or fewer") % most)
        return subject


class EditForm(WordingForm):
    seen_version = forms.IntegerField(widget=forms.HiddenInput)


class NewTemplateForm(WordingForm):
    title = Text(label=_("Title"), hint=_("Only staff see it."), max_length=80)
    field_order = ("title", "subject", "body")


class KeyForm(Form):
    name = Text(
        label=_("What is the program called?"),
        missing=_("Enter what the program is called"),
        max_length=60,
        width=30,
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


class AnswerForm(Form):
    """`reference` is of one showing of the page."""

    body = LongText(label=_("Your answer"), rows=3, max_length=918, missing=_("Enter your answer"))
    reference = forms.UUIDField(widget=forms.HiddenInput)
