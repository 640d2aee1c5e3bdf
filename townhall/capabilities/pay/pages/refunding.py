"""Giving a payment back: how much, a look at it, and a second person where the sum is large."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.pay import operations, permissions, queries, records
from townhall.capabilities.pay.errors import ChangedMeanwhile, RefundTooLarge
from townhall.capabilities.pay.forms.staff import DecisionForm, RefundForm
from townhall.capabilities.pay.pages import showing
from townhall.capabilities.pay.pages.asking import ask, typed
from townhall.machinery.errors import Conflict
from townhall.machinery.http import Request
from townhall.machinery.money import Money


@require_http_methods(["GET", "HEAD", "POST"])
def ask_how_much(request: Request, payment_id: UUID) -> HttpResponse:
    found = _refundable(request, payment_id)
    if found is None:
        return redirect("pay:transaction", payment_id)
    form = RefundForm(typed(request), available=found.available, initial=_answers(request, found))
    if form.is_bound and form.is_valid():
        request.session[_kept(payment_id)] = {
            "minor": form.sum.minor,
            "available": found.available.minor,
            "reason": form.cleaned_data["reason"],
        }
        return redirect("pay:check_refund", payment_id)
    context = {"payment": found.payment, "found": found, "card": _card(found)}
    return ask(request, form, "pay/refund.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, payment_id: UUID) -> HttpResponse:
    """What is about to happen, before it does. Sent twice it happens once."""
    request.actor.narrowed(permissions.GIVE_BACK)
    answers = request.session.get(_kept(payment_id))
    found = _refundable(request, payment_id)
    if answers is None or found is None:
        return redirect("pay:transaction", payment_id)
    currency = found.payment.amount.currency
    amount = Money(answers["minor"], currency)
    if request.method == "POST":
        del request.session[_kept(payment_id)]
        available = Money(answers["available"], currency)
        return _refund(request, payment_id, amount, answers["reason"], available)
    context = {
        "payment": found.payment,
        "card": _card(found),
        "amount": amount,
        "reason": answers["reason"],
        "needs_second": queries.needs_second_person(request.actor, payment_id, amount=amount),
        "limit": queries.get_refund_limit(request.actor),
        "back_url": reverse("pay:refund", args=[payment_id]),
    }
    return render(request, "pay/check_refund.html", context)


def _answers(request: Request, found: records.Transaction) -> dict[str, object]:
    """What they said before they came back to change it."""
    before = request.session.get(_kept(found.id))
    if before is None:
        return {}
    if before["minor"] == found.available.minor:
        return {"how": "full", "reason": before["reason"]}
    amount = Money(before["minor"], found.available.currency)
    return {"how": "partial", "amount": amount, "reason": before["reason"]}


def _refund(
    request: Request, payment_id: UUID, amount: Money, reason: str, available: Money
) -> HttpResponse:
    try:
        refund = operations.refund_by_staff(
            request.actor, payment_id, amount=amount, reason=reason, available=available
        )
    except (ChangedMeanwhile, RefundTooLarge):
        messages.error(request, _("Nothing was refunded: what is left had changed meanwhile."))
    else:
        if refund.state == records.RefundState.PROPOSED:
            messages.success(request, _("The refund waits for someone else to approve it."))
        else:
            messages.success(request, _("The refund is on its way."))
    return redirect("pay:transaction", payment_id)


def _refundable(request: Request, payment_id: UUID) -> records.Transaction | None:
    """The payment, if there is something to refund of it."""
    request.actor.narrowed(permissions.GIVE_BACK)
    found = queries.get_transaction(request.actor, payment_id)
    has_money = found.payment.state.is_paid and found.available.minor > 0
    return found if has_money and not found.is_challenged else None


def _card(found: records.Transaction) -> str:
    return showing.write_card(found.payment.card)


def _kept(payment_id: UUID) -> str:
    """Where the answers stand in the session between the two pages."""
    return f"refund {payment_id}"


@require_safe
def approvals(request: Request) -> HttpResponse:
    page = queries.list_proposed_refunds(request.actor, place=request.GET.get("place"))
    rows = [(each, showing.write_actor(each.refund.asked_by)) for each in page.rows]
    return render(request, "pay/approvals.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, refund_id: UUID) -> HttpResponse:
    found = queries.get_proposed_refund(request.actor, refund_id)
    form = DecisionForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            _decide(request, refund_id, form.cleaned_data["decision"])
        except Conflict as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("pay:approvals")
    context = {
        "found": found,
        "payment": found.payment,
        "refund": found.refund.refund,
        "state": showing.refund_tag(found.refund.refund),
        "is_waiting": found.refund.refund.state == records.RefundState.PROPOSED,
        "asked_by": showing.write_actor(found.refund.asked_by),
        "may_see": request.actor.may_somewhere(permissions.SEE),
    }
    return ask(request, form, "pay/decide_refund.html", **context)


def _decide(request: Request, refund_id: UUID, decision: str) -> None:
    if decision == "approve":
        operations.approve_refund(request.actor, refund_id)
        messages.success(request, _("The refund is approved and on its way."))
    else:
        operations.reject_refund(request.actor, refund_id)
        messages.success(request, _("The refund is not given."))
