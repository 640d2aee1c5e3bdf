"""What staff type about who messages are from; whom a file was sent to."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rules.contacts import LONGEST
from townhall.machinery.pages.fields import (
    Confirm,
    Email,
    LongText,
    Text,
)
from townhall.machinery.pages.forms import Form


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
