"""/identity/: who works for the organisation, for its administrators."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.identity import forms, operations, queries, records
from townhall.capabilities.identity.errors import (
    BadAnswer,
    ForOperators,
    LastAdministrator,
    NotRecoverable,
    StaffElsewhere,
)
from townhall.capabilities.identity.pages.asking import ask, show_refusal, typed
from townhall.capabilities.identity.pages.rights import grant_row, grantable, service_titles
from townhall.machinery import files
from townhall.machinery.errors import NotFound, Refused
from townhall.machinery.http import Request

SOON = 24 * 60 * 60


@require_safe
def people(request: Request) -> HttpResponse:
    page = queries.list_members(request.actor, place=request.GET.get("place"))
    return render(request, "identity/people.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    form = forms.AddMember(typed(request))
    _offer(request, form, keep=())
    form.offer_reach(service_titles().items(), queries.list_teams(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_member(
                request.actor,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                roles=form.cleaned_data["roles"],
                team_id=_team(form),
                where=form.reach(),
                last_day=form.cleaned_data["last_day"],
                reason=form.cleaned_data["reason"],
            )
        except BadAnswer as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("identity:people")
    back = reverse("identity:people")
    title = _("Add someone to the staff")
    return ask(request, form, title=title, button_text=_("Add"), back_url=back)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, person_id: UUID) -> HttpResponse:
    member = queries.get_member(request.actor, person_id)
    form = forms.ChangeMember(typed(request), initial=_as_typed(member))
    _offer(request, form, keep=member.roles)
    form.fields["roles"].required = not member.narrow_roles
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_member(
                request.actor, person_id, roles=form.cleaned_data["roles"], team_id=_team(form)
            )
        except (BadAnswer, ForOperators, LastAdministrator) as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("identity:people")
    grants = [grant_row(each) for each in queries.list_grants(request.actor, person_id)]
    return ask(request, form, "identity/person.html", member=member, grants=grants)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, person_id: UUID) -> HttpResponse:
    member = queries.get_member(request.actor, person_id)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            operations.remove_member(request.actor, person_id)
        except (ForOperators, LastAdministrator) as error:
            refusal = error
        else:
            return redirect("identity:people")
    context = {"member": member, "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "identity/remove_person.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_second_factor(request: Request, person_id: UUID) -> HttpResponse:
    member = queries.get_member(request.actor, person_id)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            operations.remove_second_factor(request.actor, person_id)
        except (ForOperators, NotRecoverable, StaffElsewhere) as error:
            refusal = error
        else:
            return redirect("identity:change_person", person_id)
    context = {"member": member, "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "identity/remove_second_factor.html", context, status=status)


@require_safe
@cache_control(max_age=SOON)
def logo(request: Request, file_id: UUID) -> HttpResponse:
    """The organisation's logo, for anyone; no other file is shown here."""
    if request.path != request.organisation.logo_url:
        raise NotFound(_("There is no such file."))
    found = files.read_file(request.organisation.id, file_id)
    return HttpResponse(found.content, content_type=found.content_type)


def _offer(request: Request, form: forms.ChangeMember, *, keep: tuple[records.Role, ...]) -> None:
    roles = grantable(request, keep=keep)
    form.offer(roles, queries.list_teams(request.actor))


def _as_typed(member: records.Member) -> dict[str, object]:
    team = str(member.team.id) if member.team else forms.NO_TEAM
    return {"roles": [role.slug for role in member.roles], "team": team}


def _team(form: forms.ChangeMember) -> UUID | None:
    return UUID(form.cleaned_data["team"]) if form.cleaned_data["team"] else None
