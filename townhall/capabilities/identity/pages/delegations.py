"""/identity/acting/: who may act for me, and for whom I may act."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.identity import forms, operations, queries, records, sessions
from townhall.capabilities.identity.errors import BadAnswer, TooManyDelegations
from townhall.capabilities.identity.pages.asking import ask, show_refusal, typed
from townhall.capabilities.identity.pages.rights import last_day, service_titles
from townhall.machinery.http import Request
from townhall.machinery.service import offered


@require_safe
def delegations(request: Request) -> HttpResponse:
    found = queries.list_delegations(request.actor)
    context = {
        "made": [_row(each) for each in found.made],
        "held": [_row(each) for each in found.held],
        "offered": [_row(each) for each in found.offered],
    }
    return render(request, "identity/delegations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_someone(request: Request) -> HttpResponse:
    queries.list_delegations(request.actor)  # whoever is not signed in is led to sign in
    form = forms.AskToAct(typed(request))
    services = [(each.slug, each.title) for each in offered() if each.for_others]
    forms.offer(form.fields["services"], services)
    if request.method == "POST" and form.is_valid():
        try:
            operations.offer_delegation(request.actor, **form.cleaned_data)
        except (BadAnswer, TooManyDelegations) as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("We are sending them an email."))
            return redirect("identity:delegations")
    back = reverse("identity:delegations")
    title = _("Let someone act for you")
    return ask(request, form, title=title, button_text=_("Ask them"), back_url=back)


@require_POST
def accept(request: Request, delegation_id: UUID) -> HttpResponse:
    accepted = operations.accept_delegation(request.actor, delegation_id)
    messages.success(request, _("You may act for %(name)s now.") % {"name": accepted.person})
    return redirect("identity:delegations")


@require_POST
def end(request: Request, delegation_id: UUID) -> HttpResponse:
    operations.end_delegation(request.actor, delegation_id)
    messages.success(request, _("It has ended."))
    return redirect("identity:delegations")


@require_POST
def begin(request: Request, delegation_id: UUID) -> HttpResponse:
    sessions.delegations.begin(request, request.actor, delegation_id)
    return redirect("home")


@require_POST
def stop(request: Request) -> HttpResponse:
    sessions.delegations.stop(request)
    return redirect("identity:delegations")


@require_safe
def over(request: Request) -> HttpResponse:
    """Where someone is led who acts for another and may no longer."""
    return render(request, "identity/acting_over.html")


def _row(found: records.Delegation) -> dict[str, object]:
    titles = service_titles()
    return {
        "delegation": found,
        "services": sorted(titles.get(each, each) for each in found.services),
        "last_day": last_day(found.ends_at),
    }
