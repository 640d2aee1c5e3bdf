"""What people type, or their devices answer, to sign in."""

import struct
from typing import TYPE_CHECKING, Any

from allauth.account import forms as account
from allauth.core import context as current
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

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
LONGEST_PASSWORD = 200
NOT_DONE = _("Your device did not do it. Try again, or use another way")


def _code_field(label: "_StrPromise", hint: "_StrPromise | str" = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=40,
        widget=forms.TextInput(attrs=CODE_INPUT),
        error_messages={"required": _("Enter the code"), "max_length": _("Enter the code")},
    )


def _password_field(autocomplete: str, hint: "_StrPromise | str" = "") -> forms.CharField:
    return forms.CharField(
        label=_("Password"),
        help_text=hint,
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"}),
        error_messages={
            "required": _("Enter a password"),
            "max_length": _("Enter a password of at most 200 characters"),
        },
    )


class _Answer(forms.JSONField):
    """JSON that a column can hold."""

    def to_python(self, value: Any) -> Any:  # Any: JSON
        if "\\u0000" in str(value):
            raise forms.ValidationError(NOT_DONE)
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise forms.ValidationError(NOT_DONE) from error

    def bound_data(self, data: Any, initial: Any) -> None:  # Any: JSON
        """It is of use once, and is not shown again."""


class _PasskeyForm(Form):
    """What a device has answered, which it has to have been asked on these very pages."""

    credential = _Answer(
        widget=forms.HiddenInput, error_messages={"required": NOT_DONE, "invalid": NOT_DONE}
    )

    def _require_from_here(
        self, kind: type[AuthenticationResponse | RegistrationResponse], answer: Any
    ) -> None:
        """allauth would take one of a subdomain too, and choke on what no device answers."""
        try:
            origin = kind.from_dict(answer).response.client_data.origin
        except (TypeError, ValueError, LookupError, AttributeError, struct.error) as error:
            raise forms.ValidationError(NOT_DONE) from error
        if origin != f"{current.request.scheme}://{current.request.get_host()}":
            raise forms.ValidationError(NOT_DONE)


class RequestCode(Form):
    email = fields.Email(label=_("Email address"), hint=_("We will send a code to it"))

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class ConfirmCode(Form, account.ConfirmLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    code = _code_field(_("Code"), _("8 numbers, like 1234-5678"))


class OpenAccount(Form):
    name = fields.Text(label=_("Full name"), autocomplete="name", missing=_("Enter your name"))


class EnterPassword(RequestCode):
    email = fields.Email(label=_("Email address"))
    password = _password_field("current-password")


class ChoosePassword(Form):
    password = _password_field(
        "new-password", _("At least 12 characters. Three words that do not belong together do well")
    )


class Authenticate(Form, second_factor.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    code = _code_field(_("Code"), _("6 numbers from your app, or one of your recovery codes"))


class Reauthenticate(Form, second_factor.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    code = _code_field(_("Code"), _("6 numbers from your app, or one of your recovery codes"))


class ActivateTotp(Form, totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    code = _code_field(_("Code"), _("6 numbers that your app shows now"))


class AuthenticateWithPasskey(_PasskeyForm, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]  # no types
    def clean_credential(self) -> Any:  # Any: allauth's passkey
        self._require_from_here(AuthenticationResponse, self.cleaned_data["credential"])
        return super().clean_credential()


class ReauthenticateWithPasskey(AuthenticateWithPasskey):
    reauthenticated = True


class SignInWithPasskey(AuthenticateWithPasskey, webauthn.LoginWebAuthnForm):  # type: ignore[misc]  # no types
    passwordless = True


class AddPasskey(_PasskeyForm, webauthn.AddWebAuthnForm):  # type: ignore[misc]  # no types
    """With which one can sign in by itself, so it has to check who holds it."""

    passwordless = None  # not asked
    name = fields.Text(
        label=_("Name"),
        hint=_("So that you know it from others, like My phone"),
        max_length=60,
        required=False,
    )

    def clean_credential(self) -> Any:  # Any: JSON
        answer = self.cleaned_data["credential"]
        self._require_from_here(RegistrationResponse, answer)
        return answer

    def clean(self) -> dict[str, Any]:  # Any: what Django cleans
        self.cleaned_data["passwordless"] = True
        cleaned: dict[str, Any] | None = super().clean()
        return cleaned or {}
