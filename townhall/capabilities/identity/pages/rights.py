"""Granting and ending roles; who can do this, and what can they do. For administrators."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.identity import forms, operations, permissions, queries, records
from townhall.capabilities.identity.errors import BadAnswer, ForOperators, LastAdministrator
from townhall.capabilities.identity.pages.asking import ask, show_refusal, typed
from townhall.machinery.actors import Permission, permission_labels
from townhall.machinery.http import Request
from townhall.machinery.service import offered


@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: Request, person_id: UUID) -> HttpResponse:
    member = queries.get_member(request.actor, person_id)
    form = forms.GrantRole(typed(request))
    forms.offer(form.fields["role"], [(role.slug, role.title) for role in grantable(request)])
    form.offer_reach(service_titles().items(), queries.list_teams(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            operations.grant_role(
                request.actor,
                person_id,
                role=form.cleaned_data["role"],
                where=form.reach(),
                last_day=form.cleaned_data["last_day"],
                reason=form.cleaned_data["reason"],
            )
        except BadAnswer as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("identity:change_person", person_id)
    title = _("Give %(name)s a role") % {"name": member.name}
    back = reverse("identity:change_person", args=[person_id])
    return ask(request, form, title=title, button_text=_("Give the role"), back_url=back)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, grant_id: int) -> HttpResponse:
    found = queries.get_grant(request.actor, grant_id)
    back = reverse("identity:change_person", args=[found.person_id])
    refusal = None
    if request.method == "POST":
        try:
            operations.end_grant(request.actor, grant_id)
        except (ForOperators, LastAdministrator) as error:
            refusal = error
        else:
            messages.success(request, _("The role has ended."))
            gone = not queries.list_grants(request.actor, found.person_id)
            return redirect("identity:people") if gone else redirect(back)
    context = {"row": grant_row(found), "refusal": refusal, "back_url": back}
    status = refusal.status if refusal else 200
    return render(request, "identity/end_grant.html", context, status=status)


@require_safe
def of_person(request: Request, person_id: UUID) -> HttpResponse:
    """What can they do?"""
    member = queries.get_member(request.actor, person_id)
    rights = queries.list_rights(request.actor, person_id)
    context = {
        "member": member,
        "rows": [(right, [grant_row(each) for each in right.grants]) for right in rights],
        "back_url": reverse("identity:change_person", args=[person_id]),
    }
    return render(request, "identity/rights_of.html", context)


@require_safe
def who_may(request: Request) -> HttpResponse:
    """Who can do this? /identity/rights/?permission=cases.work"""
    request.actor.require(permissions.MANAGE_PEOPLE)
    form = forms.ChoosePermission(request.GET if "permission" in request.GET else None)
    forms.offer(form.fields["permission"], _actions())
    context: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        wanted = Permission(form.cleaned_data["permission"])
        page = queries.list_holders(request.actor, wanted, place=request.GET.get("place"))
        keys = queries.list_program_keys(request.actor)
        context |= {
            "page": page,
            "rows": [grant_row(each) for each in page.rows],
            "keys": [
                (key, last_day(key.ends_at))
                for key in keys
                if wanted in key.permissions and is_in_use(key)
            ],
            "label": permission_labels()[wanted],
        }
    status = 422 if form.errors else 200
    return render(request, "identity/who_may.html", context, status=status)


@require_POST
def add_missing(request: Request, role_id: UUID) -> HttpResponse:
    role = operations.add_missing_permissions(request.actor, role_id)
    messages.success(request, _("“%(role)s” has what it lacked.") % {"role": role.title})
    return redirect("identity:roles")


def grant_row(found: records.Grant) -> dict[str, object]:
    """A grant as pages show it."""
    return {"grant": found, "where": where_of(found), "last_day": last_day(found.ends_at)}


def where_of(found: records.Grant) -> str:
    if found.team:
        return _("The services of %(team)s") % {"team": found.team.name}
    return service_titles().get(found.service, found.service) or _("Everything")


def last_day(ends_at: datetime | None) -> date | None:
    """The day of which this is the end."""
    return timezone.localdate(ends_at - timedelta(seconds=1)) if ends_at else None


def service_titles() -> dict[str, str]:
    return {each.slug: str(each.title) for each in offered()}


def grantable(request: Request, *, keep: tuple[records.Role, ...] = ()) -> list[records.Role]:
    """The roles that the actor may give, and those that are to stay."""
    may_run = permissions.RUN_INSTALLATION in request.actor.may
    return [
        role
        for role in queries.list_roles(request.actor)
        if may_run or role in keep or permissions.RUN_INSTALLATION not in role.permissions
    ]


def is_in_use(key: records.ProgramKey) -> bool:
    return key.revoked_at is None and key.ends_at > timezone.now()


def _actions() -> Iterable[tuple[str, str]]:
    return sorted(permission_labels().items(), key=lambda each: each[1])
