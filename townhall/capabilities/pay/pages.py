"""The sandbox processor's card page."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from townhall.capabilities.pay import operations, permissions, queries, records
from townhall.capabilities.pay.errors import CheckoutClosed
from townhall.capabilities.pay.forms import SHOWN_CARDS, CardForm
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sandbox(request: Request, reference: str) -> HttpResponse:
    """Take a card once; after that, or when the time is over, say what happened.

    It is an outside company's page: whoever has the address may pay, signed in here or not.
    """
    cardholder = Actor("cardholder", frozenset({permissions.USE_SANDBOX}), request.organisation.id)
    checkout = queries.get_sandbox_checkout(cardholder, reference)
    if checkout.state != records.State.OPEN:
        return render(request, "pay/sandbox_closed.html", {"checkout": checkout})
    if request.method == "POST":
        return _take(request, cardholder, checkout)
    return _ask(request, checkout, CardForm(), status=200)


def _take(request: Request, cardholder: Actor, checkout: records.SandboxCheckout) -> HttpResponse:
    choice = request.POST.get("choice")
    if choice == "abandon":
        return redirect(checkout.return_url)
    if choice == "decline":
        return _settle(cardholder, checkout, records.CardResult.DECLINED, records.Telling.AT_ONCE)
    form = CardForm(request.POST)
    if not form.is_valid():
        return _ask(request, checkout, form, status=422)
    result, telling = form.cleaned_data["card_number"], form.cleaned_data["telling"]
    return _settle(cardholder, checkout, result, telling)


def _settle(
    cardholder: Actor,
    checkout: records.SandboxCheckout,
    result: records.CardResult,
    telling: records.Telling,
) -> HttpResponse:
    """Go back to the service if it is paid, and to this page, which says what happened, if not."""
    try:
        settled = operations.take_card(
            cardholder, checkout.reference, result=result, telling=telling
        )
    except CheckoutClosed:
        return redirect("pay:sandbox", checkout.reference)
    if settled.state == records.State.PAID:
        return redirect(settled.return_url)
    return redirect("pay:sandbox", checkout.reference)


def _ask(
    request: Request, checkout: records.SandboxCheckout, form: CardForm, *, status: int
) -> HttpResponse:
    page = {"checkout": checkout, "form": form, "cards": SHOWN_CARDS}
    return render(request, "pay/sandbox.html", page, status=status)
