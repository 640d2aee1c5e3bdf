"""The demo's mailbox: every message as it would have arrived. Anyone may look."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from townhall.capabilities.notify import permissions, queries
from townhall.capabilities.notify.errors import NoSuchMessage
from townhall.capabilities.notify.records import Channel, SandboxMessage
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request

PAGES = {
    Channel.EMAIL: "notify/email.html",
    Channel.SMS: "notify/text.html",
    Channel.LETTER: "notify/letter.html",
}


@require_safe
def mailbox(request: Request) -> HttpResponse:
    page = queries.list_sandbox_messages(_anyone(request), place=request.GET.get("place"))
    return render(request, "notify/mailbox.html", {"page": page})


@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # it knows no further arguments
def message(request: Request, message_id: int) -> HttpResponse:
    found = queries.get_sandbox_message(_anyone(request), message_id)
    can_answer = queries.can_answer(_anyone(request), found)
    context = {"message": found, "can_answer": can_answer}
    return render(request, PAGES[found.channel], context)


@require_safe
def letter(request: Request, message_id: int) -> HttpResponse:
    """A letter's PDF, as the printer got it."""
    found = _of_channel(request, message_id, Channel.LETTER)
    return HttpResponse(found.source, content_type="application/pdf")


@require_safe
@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]  # it knows no further arguments
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "frame-ancestors": [SELF],
        "form-action": [NONE],
        "base-uri": [NONE],
        "sandbox": [],
    }
)
def email_html(request: Request, message_id: int) -> HttpResponse:
    """The HTML for the frame on the email's page; it can do nothing but be looked at."""
    return HttpResponse(_of_channel(request, message_id, Channel.EMAIL).html)


@require_safe
def email_source(request: Request, message_id: int) -> HttpResponse:
    found = _of_channel(request, message_id, Channel.EMAIL)
    return _download(found.source, "message/rfc822", f"email-{message_id}.eml")


@require_safe
def attachment(request: Request, message_id: int, number: int) -> HttpResponse:
    found = queries.get_sandbox_message(_anyone(request), message_id)
    if number >= len(found.attachments):
        raise NoSuchMessage
    wanted = found.attachments[number]
    return _download(wanted.content, wanted.content_type, wanted.filename)


def _of_channel(request: Request, message_id: int, channel: Channel) -> SandboxMessage:
    found = queries.get_sandbox_message(_anyone(request), message_id)
    if found.channel != channel:
        raise NoSuchMessage
    return found


def _download(content: bytes, content_type: str, filename: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=filename) or "attachment"
    )
    return answer


def _anyone(request: Request) -> Actor:
    may = frozenset({permissions.SEE_SANDBOX})
    return Actor("demo:mailbox", may, request.organisation.id)
