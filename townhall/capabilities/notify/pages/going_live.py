"""Deciding which senders go live, and how much they may send."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.notify import operations, queries, records
from townhall.capabilities.notify.errors import DecidedAlready, OwnRequest
from townhall.capabilities.notify.forms.senders import DecideForm
from townhall.capabilities.notify.pages.asking import ask, typed
from townhall.capabilities.notify.pages.senders import numbers
from townhall.machinery.http import Request


@require_safe
def waiting(request: Request) -> HttpResponse:
    page = queries.list_waiting_to_go_live(request.actor, place=request.GET.get("place"))
    return render(request, "notify/going_live.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, request_id: UUID) -> HttpResponse:
    asked = queries.get_going_live(request.actor, request_id)
    form = DecideForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            _decide(request, asked, form)
        except (OwnRequest, DecidedAlready) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("notify:going_live")
    context = {
        "asked": asked,
        "expected": numbers(asked.expected),
        "a_day": numbers(queries.get_sender_limits(request.actor, asked.sender_id)),
        "back_url": reverse("notify:going_live"),
    }
    return ask(request, form, "notify/decide_going_live.html", **context)


def _decide(request: Request, asked: records.GoingLive, form: DecideForm) -> None:
    if form.cleaned_data["decision"] == "approve":
        operations.approve_going_live(request.actor, asked.id)
        messages.success(request, _("%(sender)s is live.") % {"sender": asked.sender})
    else:
        reason = form.cleaned_data["reason"]
        operations.refuse_going_live(request.actor, asked.id, reason=reason)
        messages.success(request, _("%(sender)s stays in trial.") % {"sender": asked.sender})
