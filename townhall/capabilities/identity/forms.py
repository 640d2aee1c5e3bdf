"""What people type to sign in, and what administrators type of staff, roles and teams."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.identity import records
from townhall.machinery.actors import Permission
from townhall.machinery.pages import fields
from townhall.machinery.pages.forms import Form

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # only django-stubs have it

NO_TEAM = ""
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


class ChangeMember(Form):
    """Somebody's roles and team; which there are is for the page to say."""

    roles = fields.Choices(label=_("Roles"), missing=_("Choose at least one role"))
    team = fields.Select(label=_("Team"), required=False)

    def offer(self, roles: Iterable[records.Role], teams: Iterable[records.Team]) -> None:
        _offer(self.fields["roles"], ((role.slug, role.title) for role in roles))
        _offer(self.fields["team"], ((str(team.id), team.name) for team in teams), _("No team"))


class AddMember(ChangeMember):
    email = fields.Email(
        label=_("Email address"), hint=_("They sign in with this"), autocomplete="off"
    )
    name = fields.Text(label=_("Full name"), autocomplete="off", missing=_("Enter a name"))

    field_order = ["email", "name", "roles", "team"]


class EditRole(Form):
    title = fields.Text(label=_("Name of the role"), max_length=100, missing=_("Enter a name"))
    permissions = fields.Choices(
        label=_("People in this role may"),
        missing=_("Choose at least one permission"),
    )

    def offer(self, permissions: dict[Permission, str]) -> None:
        _offer(self.fields["permissions"], permissions.items())


class EditTeam(Form):
    name = fields.Text(label=_("Name of the team"), max_length=100, missing=_("Enter a name"))


def _offer(
    field: forms.Field, choices: Iterable[tuple[str, str]], none: object | None = None
) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = [*([(NO_TEAM, str(none))] if none else []), *choices]
