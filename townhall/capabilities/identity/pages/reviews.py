"""/identity/reviews/: the roles that nobody used, for administrators to decide about."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from townhall.capabilities.identity import forms, operations, queries
from townhall.capabilities.identity.errors import (
    AlreadyDecided,
    BadAnswer,
    ForOperators,
    LastAdministrator,
    NotYourself,
)
from townhall.capabilities.identity.pages.asking import ask, show_refusal, typed
from townhall.capabilities.identity.pages.rights import service_titles
from townhall.machinery.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def reviews(request: Request) -> HttpResponse:
    if request.method == "POST":
        opened = operations.open_review(request.actor)
        return redirect("identity:review", opened.id)
    return render(
        request, "identity/reviews.html", {"reviews": queries.list_reviews(request.actor)}
    )


@require_http_methods(["GET", "HEAD"])
def review(request: Request, review_id: UUID) -> HttpResponse:
    found = queries.get_review(request.actor, review_id)
    place = request.GET.get("place")
    page = queries.list_reviewed_grants(request.actor, review_id, place=place)
    titles = service_titles()
    rows = [(each, each.team or titles.get(each.service, each.service)) for each in page.rows]
    context = {"review": found, "page": page, "rows": rows, "back_url": reverse("identity:reviews")}
    return render(request, "identity/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, reviewed_id: UUID) -> HttpResponse:
    found = queries.get_reviewed_grant(request.actor, reviewed_id)
    if found.decision is not None:
        return redirect("identity:review", found.review_id)
    form = forms.Decide(typed(request))
    if request.method == "POST" and form.is_valid():
        is_over = form.cleaned_data["decision"] == forms.END
        decide = operations.end_reviewed_grant if is_over else operations.keep_grant
        try:
            decide(request.actor, reviewed_id, reason=form.cleaned_data["reason"])
        except (
            AlreadyDecided,
            BadAnswer,
            ForOperators,
            LastAdministrator,
            NotYourself,
        ) as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Your decision is kept."))
            return redirect("identity:review", found.review_id)
    title = _("%(role)s: %(name)s") % {"role": found.role, "name": found.person}
    back = reverse("identity:review", args=[found.review_id])
    return ask(request, form, title=title, button_text=_("Save the decision"), back_url=back)
