"""What administrators type of staff, roles and teams."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.identity import records
from townhall.machinery.actors import Permission
from townhall.machinery.pages import fields
from townhall.machinery.pages.forms import Form

NO_TEAM = ""


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


class GiveByClaim(Form):
    """Which role comes with what the organisation's own sign-in says of someone."""

    value = fields.Text(
        label=_("What your sign-in says"),
        hint=_("The name or number of a group, just as it stands there"),
        max_length=200,
        autocomplete="off",
        missing=_("Enter the name or the number of a group"),
    )
    role = fields.Select(label=_("Role"))

    def offer(self, roles: Iterable[records.Role]) -> None:
        _offer(self.fields["role"], ((role.slug, role.title) for role in roles))


def _offer(
    field: forms.Field, choices: Iterable[tuple[str, str]], none: object | None = None
) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = [*([(NO_TEAM, str(none))] if none else []), *choices]
