"""What processors paid out, and what of it does not match."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.pay import operations, queries, records
from townhall.capabilities.pay.errors import NotInThatState
from townhall.capabilities.pay.forms.settlements import WRITE_OFF, ExplainForm, ReportForm
from townhall.capabilities.pay.pages.asking import ask, typed
from townhall.machinery.errors import Invalid
from townhall.machinery.http import Request

MOST_BYTES = 5 * 1024 * 1024


@require_safe
def unmatched(request: Request) -> HttpResponse:
    page = queries.list_unmatched_lines(request.actor, place=request.GET.get("place"))
    has_bank = "bank" in queries.list_processors(request.actor)
    return render(request, "pay/reconciliation.html", {"page": page, "has_bank": has_bank})


@require_safe
def payouts(request: Request) -> HttpResponse:
    page = queries.list_settlements(request.actor, place=request.GET.get("place"))
    return render(request, "pay/payouts.html", {"page": page})


@require_safe
def payout(request: Request, settlement_id: UUID) -> HttpResponse:
    context = {
        "settlement": queries.get_settlement(request.actor, settlement_id),
        "page": queries.list_settlement_lines(
            request.actor, settlement_id, place=request.GET.get("place")
        ),
    }
    return render(request, "pay/payout.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def explain(request: Request, line_id: UUID) -> HttpResponse:
    """The form is there while nobody has explained it; afterwards, what they said."""
    line = queries.get_settlement_line(request.actor, line_id)
    form = ExplainForm(typed(request))
    if form.is_bound and form.is_valid():
        writes_off = form.cleaned_data["what"] == WRITE_OFF
        say = operations.write_off_line if writes_off else operations.explain_line
        try:
            say(request.actor, line_id, reason=form.cleaned_data["reason"])
        except (NotInThatState, Invalid) as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _("The line is explained."))
            return redirect("pay:reconciliation")
    return ask(request, form, "pay/explain_line.html", line=line)


@require_http_methods(["GET", "HEAD", "POST"])
def import_report(request: Request) -> HttpResponse:
    form = ReportForm(typed(request), request.FILES or None)
    form.offer(queries.list_processors(request.actor))
    if form.is_bound and form.is_valid():
        try:
            taken = operations.import_settlement(
                request.actor,
                form.cleaned_data["file"].read(MOST_BYTES + 1),
                processor=form.cleaned_data["processor"],
            )
        except Invalid as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, say_taken(taken))
            return redirect("pay:reconciliation")
    context = {
        "title": _("Import a settlement report"),
        "button_text": _("Import"),
        "back_url": reverse("pay:reconciliation"),
    }
    return ask(request, form, "pay/upload.html", **context)


def say_taken(taken: records.Imported) -> str:
    """What became of the lines of a file."""
    counts = {
        "new": taken.new,
        "unmatched": taken.unmatched,
        "known": taken.known,
        "others": taken.of_others,
    }
    return (
        _(
            "Lines taken: %(new)d. Of these do not match: %(unmatched)d. Known before: %(known)d. "
            "Of other organisations, and left alone: %(others)d."
        )
        % counts
    )
