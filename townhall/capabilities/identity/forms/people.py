"""What administrators type of staff, roles and teams."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.identity import records
from townhall.capabilities.identity.forms.rights import (
    Pairs,
    ReachForm,
    last_day_field,
    offer,
    where_field,
)
from townhall.machinery.actors import Permission
from townhall.machinery.pages import fields
from townhall.machinery.pages.forms import Form

NO_TEAM = ""


class ChangeMember(Form):
    """Somebody's roles everywhere and their team; which there are is for the page to say."""

    roles = fields.Choices(label=_("Roles"), missing=_("Choose at least one role"))
    team = fields.Select(label=_("Team"), required=False)

    def offer(self, roles: Iterable[records.Role], teams: Iterable[records.Team]) -> None:
        offer(self.fields["roles"], ((role.slug, role.title) for role in roles))
        offer(self.fields["team"], ((str(team.id), team.name) for team in teams), _("No team"))


class AddMember(ChangeMember, ReachForm):
    email = fields.Email(
        label=_("Email address"), hint=_("They sign in with this"), autocomplete="off"
    )
    name = fields.Text(label=_("Full name"), autocomplete="off", missing=_("Enter a name"))

    where = where_field()
    last_day = last_day_field()
    reason = fields.Text(label=_("Why they need it"), required=False)

    field_order = ["email", "name", "roles", "where", "last_day", "reason", "team"]


class EditRole(Form):
    title = fields.Text(label=_("Name of the role"), max_length=100, missing=_("Enter a name"))
    permissions = fields.Choices(
        label=_("People in this role may"),
        missing=_("Choose at least one permission"),
    )

    def offer(self, permissions: dict[Permission, str]) -> None:
        offer(self.fields["permissions"], permissions.items())


class EditTeam(Form):
    name = fields.Text(label=_("Name of the team"), max_length=100, missing=_("Enter a name"))
    services = fields.Choices(
        label=_("Services that it answers for"),
        hint=_("A role that is given for this team works in these, and in no others"),
        required=False,
    )

    def offer(self, services: Pairs) -> None:
        offer(self.fields["services"], services)


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
        offer(self.fields["role"], ((role.slug, role.title) for role in roles))
