"""What only the sandbox has: its bank's page, its test cards, and ways to have it answer badly."""

import contextlib

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from townhall.capabilities.pay import operations, permissions, queries, records
from townhall.capabilities.pay.errors import CheckoutClosed
from townhall.capabilities.pay.pages.visits import find_mine, session_over, show
from townhall.capabilities.pay.records import Telling, Word
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request

SANDBOX = "sandbox"
SHOWN_CARDS = (
    ("4444 3333 2222 1111", _("Paid")),
    ("3714 496353 98431", _("Paid, with American Express")),
    ("4000 0025 0000 3155", _("Its bank asks you first (3-D Secure)")),
    ("4000 0000 0000 0002", _("Declined")),
    ("4000 0000 0000 0069", _("Declined: card expired")),
    ("4000 0000 0000 0127", _("Declined: wrong security code")),
    ("4000 0000 0000 0119", _("Error at the processor")),
    ("6759 6498 2643 8453", _("This type of card is not accepted")),
    ("4000 0000 0000 5126", _("Paid, but refunds to it fail")),
    ("4000 0000 0000 0259", _("Paid, then disputed, and the dispute is lost")),
    ("4000 0000 0000 2685", _("Paid, then disputed, and the dispute is won")),
)


def cardholder(request: Request) -> Actor:
    return Actor("payer", frozenset({permissions.USE_SANDBOX}), request.organisation.id)


def asked_telling(request: Request) -> Telling:
    """Which button was pressed."""
    asked = request.POST.get("telling", "")
    return Telling(asked) if asked in set(Telling) else Telling.AT_ONCE


def tell_sandbox(request: Request, payment: records.Payment, telling: Telling) -> None:
    if payment.processor == SANDBOX and telling != Telling.AT_ONCE:
        operations.set_telling(cardholder(request), payment.processor_reference, telling=telling)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bank(request: Request, reference: str) -> HttpResponse:
    """Where the bank of a test card asks whether it is you."""
    checkout = queries.get_sandbox_checkout(cardholder(request), reference)
    payment = find_mine(request, checkout.payment_id)
    if payment is None:
        return session_over(request)
    if request.method == "POST":
        is_payer = request.POST.get("answer") == "yes"
        with contextlib.suppress(CheckoutClosed):  # answered before: we ask what became of it
            operations.answer_bank(cardholder(request), reference, is_payer=is_payer)
        return redirect("pay:back", payment.id)
    if checkout.word != Word.CHALLENGED:
        return redirect("pay:back", payment.id)
    with translation.override(payment.language):
        return show(request, "pay/sandbox_bank.html", payment, checkout=checkout)
