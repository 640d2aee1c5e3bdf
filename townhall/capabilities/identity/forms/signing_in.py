"""What people type to sign in."""

from typing import TYPE_CHECKING

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _

from townhall.machinery.pages import fields
from townhall.machinery.pages.forms import Form

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # only django-stubs have it

CODE_INPUT = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "spellcheck": "false",
    "class": "govuk-input--width-10 govuk-input--extra-letter-spacing",
}


def _code_field(label: "_StrPromise", hint: "_StrPromise | str" = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=40,
        widget=forms.TextInput(attrs=CODE_INPUT),
        error_messages={"required": _("Enter the code"), "max_length": _("Enter the code")},
    )


class RequestCode(Form, account.RequestLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    email = fields.Email(label=_("Email address"), hint=_("We will send a code to it"))

    def clean_email(self) -> str:
        self.cleaned_data["email"] = self.cleaned_data["email"].lower()
        return str(super().clean_email())


class ConfirmCode(Form, account.ConfirmLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    code = _code_field(_("Code"), _("8 numbers, like 1234-5678"))


class Authenticate(Form, second_factor.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    code = _code_field(_("Code"), _("6 numbers from your app, or one of your recovery codes"))


class Reauthenticate(Form, second_factor.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    code = _code_field(_("Code"), _("6 numbers from your app, or one of your recovery codes"))


class ActivateTotp(Form, totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    code = _code_field(_("Code"), _("6 numbers that your app shows now"))
