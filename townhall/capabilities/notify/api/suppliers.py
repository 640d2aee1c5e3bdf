"""/notify/suppliers/: what suppliers tell us; each proves that it is the one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from townhall.capabilities.notify import operations, permissions
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Refused
from townhall.machinery.http import Request, problem, public_address

SIGNATURE = "X-Twilio-Signature"
SAY_NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'  # else Twilio would text an error

View = Callable[..., HttpResponse]


def for_suppliers(view: View) -> View:
    """Refuse as to programs, not with a page."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def answer(request: HttpRequest, **path: Any) -> HttpResponse:  # Any: what the path names
        try:
            return view(request, **path)
        except Refused as refusal:
            return problem(request, refusal)

    return cast(View, answer)


@for_suppliers
def twilio_status(request: Request, message_id: UUID) -> HttpResponse:
    operations.take_twilio_status(_twilio(request), message_id, **_said(request))
    return HttpResponse(status=204)


@for_suppliers
def twilio_text(request: Request) -> HttpResponse:
    operations.take_twilio_text(_twilio(request), **_said(request))
    return HttpResponse(SAY_NOTHING, content_type="text/xml")


@for_suppliers
def firetext_receipt(request: Request, secret: str) -> HttpResponse:
    form = request.POST.dict()
    operations.take_firetext_receipt(_firetext(request), secret=secret, form=form)
    return HttpResponse(status=204)


@for_suppliers
def firetext_text(request: Request, secret: str) -> HttpResponse:
    form = request.POST.dict()
    operations.take_firetext_text(_firetext(request), secret=secret, form=form)
    return HttpResponse(status=204)


def _firetext(request: Request) -> Actor:
    return Actor("supplier:firetext", frozenset({permissions.DELIVER}), request.organisation.id)


def _twilio(request: Request) -> Actor:
    return Actor("supplier:twilio", frozenset({permissions.DELIVER}), request.organisation.id)


def _said(request: Request) -> dict[str, Any]:  # Any: arguments of different kinds
    """The form, where it was sent to as Twilio spells that, and the signature over both."""
    return {
        "url": public_address(request) + request.get_full_path(),
        "form": request.POST.dict(),
        "signature": request.headers.get(SIGNATURE, ""),
    }
