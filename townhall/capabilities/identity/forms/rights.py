"""What administrators type of grants, reviews and keys of programs."""

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.identity import records
from townhall.machinery.actors import Permission
from townhall.machinery.pages import fields
from townhall.machinery.pages.forms import Form

Pairs = Iterable[tuple[str, object]]
KEEP, END = "keep", "end"


def offer(field: forms.Field, choices: Pairs, none: object | None = None) -> None:
    """Let a field choose of these, after `none` if there may be none."""
    if isinstance(field, forms.ChoiceField):
        before = [("", str(none))] if none else []
        field.choices = [*before, *((value, str(label)) for value, label in choices)]


def where_field() -> fields.Select:
    return fields.Select(
        label=_("For what"),
        required=False,
        hint=_(
            "A role for one service works on its own pages, its cases and its payments. Which "
            "services those of a team are is said on its page."
        ),
    )


def last_day_field() -> fields.Date:
    return fields.Date(
        label=_("Last day"), required=False, hint=_("It ends by itself. Leave empty for no end")
    )


class ReachForm(Form):
    """For what a role is granted; which services and teams there are is for the page to say."""

    def offer_reach(self, services: Pairs, teams: Iterable[records.Team]) -> None:
        named = [(f"service:{slug}", title) for slug, title in services]
        for_teams = [
            (f"team:{team.id}", _("The services of %(team)s") % {"team": team.name})
            for team in teams
        ]
        offer(self.fields["where"], [*named, *for_teams], _("Everything"))

    def reach(self) -> records.Where:
        kind, _colon, which = self.cleaned_data["where"].partition(":")
        return records.Where(
            team_id=UUID(which) if kind == "team" else None,
            service=which if kind == "service" else "",
        )


class GrantRole(ReachForm):
    role = fields.Select(label=_("Role"))
    where = where_field()
    last_day = last_day_field()
    reason = fields.Text(label=_("Why they need it"), missing=_("Enter why they need it"))


class ChoosePermission(Form):
    permission = fields.Select(label=_("What"), missing=_("Choose what"))


class Decide(Form):
    decision = fields.Choice(
        label=_("Do they still need this role?"),
        choices=[(KEEP, _("Yes, they keep it")), (END, _("No, end it now"))],
        missing=_("Choose whether they keep the role"),
    )
    reason = fields.Text(label=_("Why"), missing=_("Enter why"))


class MakeKey(Form):
    program = fields.Text(
        label=_("Name of the program"),
        max_length=50,
        hint=_("It stands in the audit, like “payroll”"),
        missing=_("Enter a name"),
    )
    may = fields.Choices(label=_("The program may"), missing=_("Choose at least one permission"))
    last_day = fields.Date(label=_("Last day of the key"), missing=_("Enter a last day"))

    def offer(self, permissions: dict[Permission, str]) -> None:
        offer(self.fields["may"], permissions.items())


class RenewKey(Form):
    last_day = fields.Date(label=_("Last day of the new key"), missing=_("Enter a last day"))


class AskToAct(Form):
    """Whom a resident asks to act for them."""

    email = fields.Email(
        label=_("Their email address"),
        hint=_("We will send them an email. They sign in with this address"),
        autocomplete="off",
    )
    services = fields.Choices(
        label=_("What they may do for you"), missing=_("Choose at least one service")
    )
    last_day = fields.Date(
        label=_("Until when"),
        hint=_("It ends by itself after this day, two years from now at most"),
        missing=_("Enter the last day"),
    )
