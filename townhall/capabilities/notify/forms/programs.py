"""What staff type about keys and callbacks, and answer in the sandbox."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.notify.forms.templates import SenderForm
from townhall.capabilities.notify.records import CallbackKind, KeyType
from townhall.machinery.pages.fields import (
    Choice,
    Confirm,
    LongText,
    Text,
)
from townhall.machinery.pages.forms import Form


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


class AnswerForm(Form):
    """`reference` is of one showing of the page."""

    body = LongText(label=_("Your answer"), rows=3, max_length=918, missing=_("Enter your answer"))
    reference = forms.UUIDField(widget=forms.HiddenInput)
