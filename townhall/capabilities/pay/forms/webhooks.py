"""What staff type about a webhook."""

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.pay.records.words import WEBHOOK_EVENTS
from townhall.machinery.pages.fields import Choices, Confirm, Text
from townhall.machinery.pages.forms import Form


class WebhookForm(Form):
    url = Text(
        label=_("Address"),
        hint=_("Like https://example.com/webhook. It must be on the internet."),
        missing=_("Enter the address"),
        max_length=2000,
    )
    description = Text(
        label=_("What is it for?"),
        hint=_("For example, Our ledger. Only staff see it."),
        required=False,
        max_length=255,
    )
    events = Choices(
        label=_("What is it told of?"),
        choices=[(event.value, words) for event, words in WEBHOOK_EVENTS.items()],
        hints={event.value: event.value for event in WEBHOOK_EVENTS},
        missing=_("Choose what it is told of"),
    )


class WebhookChangeForm(WebhookForm):
    is_active = Confirm(label=_("It is on: it is told of what happens"), required=False)
