"""What someone types on the pages of their account."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.pages import fields
from townhall.machinery.pages.forms import Form


class Details(Form):
    name = fields.Text(label=_("Full name"), autocomplete="name", missing=_("Enter your name"))
    phone = fields.Phone(label=_("Phone number"), required=False)
    language = fields.Choice(
        choices=[("en", "English"), ("cy", "Cymraeg")],
        label=_("Language we write to you in"),
        missing=_("Choose a language"),
    )


class NewAddress(Form):
    email = fields.Email(
        label=_("New email address"),
        hint=_("We will send a code there. Until you enter it, nothing changes."),
    )


class Code(Form):
    code = fields.Text(
        label=_("Code"),
        hint=_("8 digits, in the email that we have just sent to the new address"),
        width=10,
        max_length=20,
        autocomplete="one-time-code",
        inputmode="numeric",
        missing=_("Enter the code"),
    )
