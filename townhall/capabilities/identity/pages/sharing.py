"""Agreeing to share something with a relying party, and seeing and ending what was agreed."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.identity import operations, permissions, queries, sessions
from townhall.capabilities.identity.pages.shares import in_words
from townhall.machinery import files
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed, NotFound
from townhall.machinery.http import Request

SOON = 24 * 60 * 60
AGREE, REFUSE = "agree", "refuse"


@never_cache
@require_safe
def go_on(request: Request) -> HttpResponse:
    """A page between a form and another site.

    Browsers do not follow a form to where our pages' policy does not let forms go, not even by way
    of /authorize; this page ends the form's way, and begins another.
    """
    visit = sessions.find_visit(request, request.GET.get("visit", ""))
    if visit is None:
        raise NotFound(_("Begin again at the service you came from."))
    return render(request, "identity/go_on.html", {"url": visit.address})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: Request, visit_id: str) -> HttpResponse:
    """What a relying party would be told; the person agrees, or not."""
    visit = sessions.find_visit(request, visit_id)
    if visit is None or "relying_party_id" not in visit.noted:
        raise NotFound(_("There is nothing to agree to. Begin again at the service you came from."))
    if request.actor.person_id is None:
        raise NotAllowed("nobody is signed in")
    party = queries.get_relying_party_of_program(
        _program(request), UUID(visit.noted["relying_party_id"])
    )
    error = ""
    if request.method == "POST":
        answer = request.POST.get("answer")
        if answer in (AGREE, REFUSE):
            if answer == AGREE:
                operations.agree_to_share(request.actor, party.id, shares=visit.noted["shares"])
            visit.note(agreed=answer == AGREE, refused=answer == REFUSE)
            return redirect(f"{reverse('identity:go_on')}?{urlencode({'visit': visit.id})}")
        error = _("Choose whether to share this")
    context = {"party": party, "shares": in_words(visit.noted["shares"]), "error": error}
    return render(request, "identity/share.html", context, status=422 if error else 200)


@require_safe
def services(request: Request) -> HttpResponse:
    _require_somebody(request)
    page = queries.list_used(request.actor, place=request.GET.get("place"))
    return render(request, "identity/services.html", {"page": page})


@require_safe
def service(request: Request, relying_party_id: UUID) -> HttpResponse:
    """What was told to one, and when."""
    _require_somebody(request)
    used = queries.get_used(request.actor, relying_party_id)
    place = request.GET.get("place")
    page = queries.list_releases(request.actor, relying_party_id, place=place)
    rows = [(each, in_words(each.released)) for each in page.rows]
    context = {"used": used, "shares": in_words(used.shares), "page": page, "rows": rows}
    return render(request, "identity/service.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: Request, relying_party_id: UUID) -> HttpResponse:
    _require_somebody(request)
    used = queries.get_used(request.actor, relying_party_id)
    if request.method == "POST":
        operations.stop_sharing(request.actor, relying_party_id)
        says = _("You no longer share anything with %(name)s.") % {"name": used.name}
        messages.success(request, says)
        return redirect("identity:services")
    return render(request, "identity/stop_sharing.html", {"used": used})


@require_safe
@cache_control(max_age=SOON)
def logo(request: Request, file_id: UUID) -> HttpResponse:
    """The logo of a relying party, for anyone; no other file is shown here."""
    if not queries.logo_is_shown(_program(request), str(file_id)):
        raise NotFound(_("There is no such file."))
    found = files.read_file(request.organisation.id, file_id)
    return HttpResponse(found.content, content_type=found.content_type)


def _require_somebody(request: Request) -> None:
    if request.actor.person_id is None:
        raise NotAllowed("nobody is signed in")


def _program(request: Request) -> Actor:
    """For what anybody may see of a relying party."""
    return Actor("program:openid", frozenset({permissions.RELEASE}), request.organisation.id)
