"""/identity/roles/ and /identity/teams/, for administrators."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.identity import forms, operations, permissions, queries
from townhall.capabilities.identity.errors import BadAnswer, LastAdministrator, NameTaken
from townhall.capabilities.identity.pages.asking import ask, show_refusal, typed
from townhall.capabilities.identity.pages.rights import service_titles
from townhall.capabilities.identity.rules.defaults import defaults
from townhall.machinery.actors import Permission, permission_labels
from townhall.machinery.http import Request


@require_safe
def roles(request: Request) -> HttpResponse:
    found = queries.list_roles(request.actor)
    labels = permission_labels()
    expected = defaults()
    rows = [
        {
            "role": role,
            "may": [labels[each] for each in sorted(role.permissions) if each in labels],
            "may_change": _may_change(request, role.permissions),
            "missing": [
                labels[each]
                for each in sorted(expected.get(role.slug, frozenset()) - role.permissions)
                if each in labels
            ],
        }
        for role in found
    ]
    return render(request, "identity/roles.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def add_role(request: Request) -> HttpResponse:
    request.actor.require(permissions.MANAGE_PEOPLE)
    form = forms.EditRole(typed(request))
    form.offer(_offered(request))
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_role(request.actor, **form.cleaned_data)
        except (BadAnswer, NameTaken) as refusal:
            show_refusal(form, refusal, field="title")
        else:
            return redirect("identity:roles")
    back = reverse("identity:roles")
    return ask(request, form, title=_("Add a role"), button_text=_("Add"), back_url=back)


@require_http_methods(["GET", "HEAD", "POST"])
def change_role(request: Request, role_id: UUID) -> HttpResponse:
    role = queries.get_role(request.actor, role_id)
    as_is = {"title": role.title, "permissions": sorted(role.permissions)}
    form = forms.EditRole(typed(request), initial=as_is)
    form.offer(_offered(request))
    if not _may_change(request, role.permissions):
        request.actor.require(permissions.RUN_INSTALLATION)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_role(request.actor, role_id, **form.cleaned_data)
        except (BadAnswer, LastAdministrator) as refusal:
            show_refusal(form, refusal, field="permissions")
        else:
            return redirect("identity:roles")
    back = reverse("identity:roles")
    return ask(request, form, title=_("Change a role"), button_text=_("Save"), back_url=back)


@require_safe
def teams(request: Request) -> HttpResponse:
    titles = service_titles()
    found = queries.list_teams(request.actor)
    rows = [(team, sorted(titles.get(each, each) for each in team.services)) for team in found]
    return render(request, "identity/teams.html", {"teams": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def add_team(request: Request) -> HttpResponse:
    request.actor.require(permissions.MANAGE_PEOPLE)
    form = forms.EditTeam(typed(request))
    form.offer(service_titles().items())
    if request.method == "POST" and form.is_valid():
        try:
            team = operations.add_team(request.actor, name=form.cleaned_data["name"])
            services = form.cleaned_data["services"]
            operations.set_team_services(request.actor, team.id, services=services)
        except (BadAnswer, NameTaken) as refusal:
            show_refusal(form, refusal, field="name")
        else:
            return redirect("identity:teams")
    back = reverse("identity:teams")
    return ask(request, form, title=_("Add a team"), button_text=_("Add"), back_url=back)


@require_http_methods(["GET", "HEAD", "POST"])
def rename_team(request: Request, team_id: UUID) -> HttpResponse:
    team = queries.get_team(request.actor, team_id)
    as_is = {"name": team.name, "services": sorted(team.services)}
    form = forms.EditTeam(typed(request), initial=as_is)
    form.offer(service_titles().items())
    if request.method == "POST" and form.is_valid():
        try:
            operations.rename_team(request.actor, team_id, name=form.cleaned_data["name"])
            services = form.cleaned_data["services"]
            operations.set_team_services(request.actor, team_id, services=services)
        except (BadAnswer, NameTaken) as refusal:
            show_refusal(form, refusal, field="name")
        else:
            return redirect("identity:teams")
    back = reverse("identity:teams")
    return ask(request, form, title=_("Change a team"), button_text=_("Save"), back_url=back)


def _offered(request: Request) -> dict[Permission, str]:
    """The permissions that the actor may hand out."""
    labels = permission_labels()
    if permissions.RUN_INSTALLATION not in request.actor.may:
        del labels[permissions.RUN_INSTALLATION]
    return labels


def _may_change(request: Request, held: frozenset[Permission]) -> bool:
    return permissions.RUN_INSTALLATION in request.actor.may or (
        permissions.RUN_INSTALLATION not in held
    )
