"""The payer's pages: from the link to the page that says how it went."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from townhall.capabilities.pay import operations, permissions
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request

PAYING = "paying"  # in the session: the payments that this visitor came to by their links
MOST_REMEMBERED = 20


@never_cache
@require_safe
def enter(request: Request, token: str) -> HttpResponse:
    """Let whoever has the link in, once; the session remembers them."""
    payment = operations.enter(payer(request), token)
    known = [*request.session.get(PAYING, []), str(payment.id)]
    request.session[PAYING] = known[-MOST_REMEMBERED:]
    return redirect("pay:card", payment.id)


def payer(request: Request) -> Actor:
    """Whoever pays, signed in here or not."""
    return Actor("payer", frozenset({permissions.PAY}), request.organisation.id)


@never_cache
@require_safe
def card(request: Request, payment_id: UUID) -> HttpResponse:
    raise NotImplementedError
