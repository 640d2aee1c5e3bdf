"""Who may see a payment's pages: whoever came by its link, in the language it was asked for in."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from townhall.capabilities.pay import permissions, queries, records
from townhall.capabilities.pay.errors import (
    AlreadySettled,
    CheckoutClosed,
    NoSuchPayment,
    NotInThatState,
    PaymentExpired,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.http import Request

PAYING = "paying"  # in the session: the payments that this visitor came to by their links
MOST_REMEMBERED = 20
MOVED_ON = (NotInThatState, AlreadySettled, PaymentExpired, CheckoutClosed)
PaymentPage = Callable[[Request, records.Payment], HttpResponse]


def payer(request: Request) -> Actor:
    """Whoever pays, signed in here or not."""
    return Actor("payer", frozenset({permissions.PAY}), request.organisation.id)


def remember(request: Request, payment_id: UUID) -> None:
    known = [*request.session.get(PAYING, []), str(payment_id)]
    request.session[PAYING] = known[-MOST_REMEMBERED:]


def session_over(request: Request) -> HttpResponse:
    return render(request, "pay/session_over.html", status=404)


def find_mine(request: Request, payment_id: UUID) -> records.Payment | None:
    """A payment that this visitor came to by its link."""
    if str(payment_id) not in request.session.get(PAYING, []):
        return None
    try:
        return queries.get_payment_of_payer(payer(request), payment_id)
    except NoSuchPayment:
        return None


def show(
    request: Request,
    page: str,
    payment: records.Payment,
    /,
    *,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    return render(request, page, {"payment": payment, **context}, status=status)


def of_payment(page: PaymentPage) -> Callable[[Request, UUID], HttpResponse]:
    """Show a page of a payment. One that is past what was asked shows where it is now."""

    @never_cache
    @sensitive_post_parameters()
    @wraps(page)
    def shown(request: Request, payment_id: UUID) -> HttpResponse:
        payment = find_mine(request, payment_id)
        if payment is None:
            return session_over(request)
        with translation.override(payment.language):
            try:
                response = page(request, payment)
            except MOVED_ON:
                return redirect("pay:card", payment_id)
            except Unavailable:
                response = show(request, "pay/technical_problems.html", payment, status=503)
        response.headers["Content-Language"] = payment.language
        return response

    return shown
