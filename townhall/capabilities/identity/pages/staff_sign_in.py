"""Staff coming in through their organisation's own sign-in, and what administrators set of it."""

import secrets
from dataclasses import asdict
from uuid import UUID

from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.identity import forms, operations, queries, records, sessions
from townhall.capabilities.identity.errors import BadAnswer, StaffSignInAway, StaffSignInRefused
from townhall.capabilities.identity.pages.asking import ask, show_refusal, typed
from townhall.machinery.http import Request

BEGUN = "identity.staff_sign_in"  # in the session


@never_cache
@require_safe
def begin(request: Request, name: str) -> HttpResponse:
    """Send someone to their organisation's sign-in."""
    journey = records.StaffJourney(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
    )
    try:
        address = operations.find_staff_sign_in(
            sessions.recorder(request, None), name, journey=journey, back=_back(request, name)
        )
    except StaffSignInAway as away:
        return _sorry(request, away)
    next_url = get_next_redirect_url(request) or ""
    request.session[BEGUN] = {"name": name, "next": next_url, **asdict(journey)}
    return redirect(address)


@never_cache
@require_safe
def come_back(request: Request, name: str) -> HttpResponse:
    """Let in whom it has sent back. Once: what was begun is forgotten first."""
    begun = request.session.pop(BEGUN, None) or {}
    state = request.GET.get("state", "")
    if begun.get("name") != name or not constant_time_compare(begun["state"], state):
        return _sorry(request, StaffSignInRefused(_("This sign-in was not begun here. Try again.")))
    journey = records.StaffJourney(**{each: begun[each] for each in ("state", "nonce", "verifier")})
    recorder = sessions.recorder(request, None)
    if "code" not in request.GET:
        return _sorry(
            request, StaffSignInRefused(_("Your organisation's sign-in did not let you in."))
        )
    try:
        claims = operations.fetch_staff_claims(
            recorder,
            name,
            code=request.GET["code"],
            journey=journey,
            back=_back(request, name),
        )
        proof = operations.admit_staff(recorder, claims)
    except (StaffSignInAway, StaffSignInRefused) as refusal:
        return _sorry(request, refusal)
    assert proof.person_id is not None
    return sessions.sign_in_through_staff(
        request,
        proof.person_id,
        has_second_factor=claims.has_second_factor,
        go_on=begun["next"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Request) -> HttpResponse:
    """/identity/staff-sign-in/: which roles come with what the sign-in says of someone."""
    rows = queries.list_claim_roles(request.actor)
    form = forms.GiveByClaim(typed(request))
    form.offer(queries.list_roles(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            operations.give_by_claim(request.actor, **form.cleaned_data)
        except BadAnswer as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("They get the role when they next come in."))
            return redirect("identity:staff_sign_in")
    found = queries.list_staff_sign_ins(sessions.recorder(request, request.actor.person_id))
    ways = [{"way": each, "back": _back(request, each.name)} for each in found]
    return ask(request, form, "identity/staff_sign_in.html", ways=ways, rows=rows)


@require_POST
def stop(request: Request, claim_role_id: UUID) -> HttpResponse:
    operations.stop_giving_by_claim(request.actor, claim_role_id)
    messages.success(request, _("Who had the role by it loses it when they next come in."))
    return redirect("identity:staff_sign_in")


def _back(request: Request, name: str) -> str:
    """Where the sign-in sends people back to; it has to be told this very address."""
    return request.build_absolute_uri(reverse("staff_sign_in_back", args=[name]))


def _sorry(request: Request, refusal: StaffSignInAway | StaffSignInRefused) -> HttpResponse:
    return render(
        request, "identity/staff_not_in.html", {"refusal": refusal}, status=refusal.status
    )
