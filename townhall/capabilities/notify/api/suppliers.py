"""/notify/suppliers/: what suppliers tell us; each proves that it is the one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from townhall.capabilities.notify import operations, permissions
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, Refused
from townhall.machinery.http import FORMS, Request, problem, public_address

SIGNATURE = "X-Twilio-Signature"
ENVELOPE_TO = "Envelope-To"
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
    operations.take_twilio_status(_supplier("twilio", request), message_id, **_said(request))
    return HttpResponse(status=204)


@for_suppliers
def twilio_text(request: Request) -> HttpResponse:
    operations.take_twilio_text(_supplier("twilio", request), **_said(request))
    return HttpResponse(SAY_NOTHING, content_type="text/xml")


@for_suppliers
def ses_notice(request: Request) -> HttpResponse:
    operations.take_ses_notice(_supplier("ses", request), body=_posted(request))
    return HttpResponse(status=204)


@for_suppliers
def firetext_receipt(request: Request, secret: str) -> HttpResponse:
    form = request.POST.dict()
    operations.take_firetext_receipt(_supplier("firetext", request), secret=secret, form=form)
    return HttpResponse(status=204)


@for_suppliers
def firetext_text(request: Request, secret: str) -> HttpResponse:
    form = request.POST.dict()
    operations.take_firetext_text(_supplier("firetext", request), secret=secret, form=form)
    return HttpResponse(status=204)


@for_suppliers
def mail_report(request: Request) -> HttpResponse:
    """A mail as it came; the header says which address stood on its envelope."""
    to = request.headers.get(ENVELOPE_TO, "")
    operations.take_mail_report(_supplier("mail", request), to=to, mail=_posted(request))
    return HttpResponse(status=204)


def _posted(request: Request) -> bytes:
    if request.content_type in FORMS:  # and read as such before it came here
        raise Invalid(_("Send what came as it is, not as a form."))
    return request.body


def _supplier(name: str, request: Request) -> Actor:
    may = frozenset({permissions.DELIVER})
    return Actor(f"supplier:{name}", may, request.organisation.id)


def _said(request: Request) -> dict[str, Any]:  # Any: arguments of different kinds
    """The form, where it was sent to as Twilio spells that, and the signature over both."""
    return {
        "url": public_address(request) + request.get_full_path(),
        "form": request.POST.dict(),
        "signature": request.headers.get(SIGNATURE, ""),
    }
