"""Agreements and disputes as staff see them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.pay import operations, permissions, queries
from townhall.capabilities.pay.forms.staff import AgreementsForm, DisputesForm
from townhall.capabilities.pay.pages import showing
from townhall.capabilities.pay.pages.asking import asked
from townhall.capabilities.pay.records import AgreementState, DisputeState
from townhall.machinery.http import Request

REASONS = {  # as processors name them
    "fraudulent": gettext_lazy("The payer says that they did not make it"),
    "duplicate": gettext_lazy("The payer says that they paid twice"),
    "product_not_received": gettext_lazy("The payer says that they got nothing for it"),
    "product_unacceptable": gettext_lazy("The payer says that what they got was not right"),
    "credit_not_processed": gettext_lazy("The payer says that a refund never came"),
    "subscription_canceled": gettext_lazy("The payer says that they had cancelled"),
    "unrecognized": gettext_lazy("The payer does not recognise it"),
}
TO_DO = {
    DisputeState.NEEDS_RESPONSE: gettext_lazy(
        "Answer at the payment processor before the day below, with what shows that the payment "
        "was right. If you do nothing, the dispute is lost."
    ),
    DisputeState.UNDER_REVIEW: gettext_lazy(
        "There is nothing to do. The payer's bank is deciding, which can take months."
    ),
    DisputeState.LOST: gettext_lazy(
        "The money went back to the payer and is written off in the ledger. Do not refund it too."
    ),
    DisputeState.WON: gettext_lazy("The processor gives the money back. There is nothing to do."),
}


@require_safe
def agreements(request: Request) -> HttpResponse:
    form = AgreementsForm(asked(request.GET, AgreementsForm))
    if not form.is_valid():
        request.actor.require(permissions.SEE)
        return render(request, "pay/agreements.html", {"form": form}, status=422)
    chosen = form.cleaned_data["state"]
    state = AgreementState(chosen) if chosen else None
    page = queries.search_agreements(request.actor, state=state, place=request.GET.get("place"))
    rows = [
        (each, showing.write_card(each.agreement.card), showing.agreement_tag(each.agreement))
        for each in page.rows
    ]
    return render(request, "pay/agreements.html", {"form": form, "page": page, "rows": rows})


@require_safe
def agreement(request: Request, agreement_id: UUID) -> HttpResponse:
    found = queries.get_staff_agreement(request.actor, agreement_id)
    place = request.GET.get("place")
    page = queries.list_payments_of_agreement(request.actor, agreement_id, place=place)
    context = {
        "found": found,
        "agreement": found.agreement,
        "card": showing.write_card(found.agreement.card),
        "state": showing.agreement_tag(found.agreement),
        "page": page,
        "rows": showing.list_rows(page.rows, showing.service_names(request.actor)),
        "may_cancel": found.may_cancel and permissions.GIVE_BACK in request.actor.may,
    }
    return render(request, "pay/agreement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, agreement_id: UUID) -> HttpResponse:
    if request.method == "POST":
        operations.cancel_agreement_by_staff(request.actor, agreement_id)
        messages.success(request, _("The agreement is cancelled."))
        return redirect("pay:agreement", agreement_id)
    request.actor.require(permissions.GIVE_BACK)
    found = queries.get_staff_agreement(request.actor, agreement_id)
    if not found.may_cancel:
        return redirect("pay:agreement", agreement_id)
    context = {
        "agreement": found.agreement,
        "card": showing.write_card(found.agreement.card),
        "back_url": reverse("pay:agreement", args=[agreement_id]),
    }
    return render(request, "pay/cancel_agreement.html", context)


@require_safe
def disputes(request: Request) -> HttpResponse:
    form = DisputesForm(asked(request.GET, DisputesForm))
    if not form.is_valid():
        request.actor.narrowed(permissions.SEE)
        return render(request, "pay/disputes.html", {"form": form}, status=422)
    chosen = form.cleaned_data["state"]
    state = DisputeState(chosen) if chosen else None
    page = queries.search_disputes(request.actor, state=state, place=request.GET.get("place"))
    rows = [(each, showing.dispute_tag(each.dispute)) for each in page.rows]
    return render(request, "pay/disputes.html", {"form": form, "page": page, "rows": rows})


@require_safe
def dispute(request: Request, dispute_id: UUID) -> HttpResponse:
    found = queries.get_dispute(request.actor, dispute_id)
    context = {
        "found": found,
        "dispute": found.dispute,
        "state": showing.dispute_tag(found.dispute),
        "reason": REASONS.get(found.dispute.reason, found.dispute.reason),
        "to_do": TO_DO[found.dispute.state],
    }
    return render(request, "pay/dispute.html", context)
