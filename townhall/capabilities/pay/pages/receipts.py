"""Money by bank and at the counter: what came, and what is to be paid back by hand."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.pay import operations, permissions, queries, records
from townhall.capabilities.pay.errors import NotOffered
from townhall.capabilities.pay.forms.settlements import (
    PAID,
    PaidBackForm,
    ReceiptForm,
    StatementForm,
)
from townhall.capabilities.pay.pages.asking import ask, typed
from townhall.capabilities.pay.pages.settlements import MOST_BYTES, say_taken
from townhall.machinery.errors import Invalid
from townhall.machinery.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    page = queries.list_to_pay_back(request.actor, place=request.GET.get("place"))
    return render(request, "pay/by_bank.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: Request) -> HttpResponse:
    request.actor.require(permissions.ACCOUNT)
    form = ReceiptForm(typed(request), initial={"received_on": timezone.localdate()})
    if form.is_bound and form.is_valid():
        try:
            notice = operations.record_receipt(request.actor, form.receipt())
        except (Invalid, NotOffered) as refusal:
            form.add_error(None, str(refusal))
        else:
            _say_received(request, notice)
            return redirect("pay:by_bank")
    context = {
        "title": _("Record a payment at the counter"),
        "button_text": _("Record"),
        "back_url": reverse("pay:by_bank"),
    }
    return ask(request, form, "pay/upload.html", **context)


def _say_received(request: Request, notice: records.Notice) -> None:
    if notice.state == records.NoticeState.FITTED:
        messages.success(request, _("The payment is recorded as paid."))
    else:
        messages.warning(
            request, _("No payment waits for this sum. It is recorded as unexpected money.")
        )


@require_http_methods(["GET", "HEAD", "POST"])
def import_statement(request: Request) -> HttpResponse:
    request.actor.require(permissions.ACCOUNT)
    form = StatementForm(typed(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        content = form.cleaned_data["file"].read(MOST_BYTES + 1)
        try:
            taken = operations.import_statement(request.actor, content)
        except (Invalid, NotOffered) as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, say_taken(taken))
            return redirect("pay:by_bank")
    context = {
        "title": _("Import a bank statement"),
        "button_text": _("Import"),
        "back_url": reverse("pay:by_bank"),
    }
    return ask(request, form, "pay/upload.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def pay_back(request: Request, refund_id: UUID) -> HttpResponse:
    refund = queries.get_to_pay_back(request.actor, refund_id)
    form = PaidBackForm(typed(request), initial={"on": timezone.localdate()})
    if form.is_bound and form.is_valid():
        on = form.cleaned_data["on"]
        if form.cleaned_data["what"] == PAID:
            operations.confirm_paid_back(request.actor, refund_id, paid_on=on)
        else:
            operations.give_up_paying_back(request.actor, refund_id, tried_on=on)
        messages.success(request, _("What became of the refund is recorded."))
        return redirect("pay:by_bank")
    return ask(request, form, "pay/pay_back.html", refund=refund)
