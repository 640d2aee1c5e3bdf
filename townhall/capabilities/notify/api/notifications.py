"""/v2/notifications: send a message, and ask what became of those that were sent."""

import base64
import binascii

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from townhall.capabilities.notify import operations, queries, records
from townhall.capabilities.notify.api import requests, uploads
from townhall.capabilities.notify.api.answers import as_listed, as_sent, links
from townhall.capabilities.notify.api.filters import read_filters
from townhall.capabilities.notify.api.wire import (
    for_programs,
    for_sending,
    nothing_here,
    wrong_method,
)
from townhall.capabilities.notify.errors import TooLarge
from townhall.capabilities.notify.rules.precompiled import MOST_BYTES
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.files import MEGABYTE
from townhall.machinery.http import Request


@csrf_exempt
def one(request: HttpRequest, segment: str) -> HttpResponse:
    """GET .../{id} and POST .../email share an address, as they do at GOV.UK Notify."""
    if request.method in ("GET", "HEAD"):
        return read_message(request, segment)  # type: ignore[arg-type]  # ActorMiddleware's
    send = {"email": send_email, "sms": send_text, "letter": send_letter}.get(segment)
    if request.method == "POST":
        return send(request) if send else nothing_here(request)  # type: ignore[arg-type]
    return wrong_method("GET", "HEAD", "POST")


@csrf_exempt
def many(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return wrong_method("GET", "HEAD")
    return list_messages(request)  # type: ignore[arg-type]  # as above


@csrf_exempt
def pdf(request: HttpRequest, notification_id: str) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return wrong_method("GET", "HEAD")
    return read_pdf(request, notification_id)  # type: ignore[arg-type]  # as above


@csrf_exempt
def cancel(request: HttpRequest, notification_id: str) -> HttpResponse:
    if request.method != "POST":
        return wrong_method("POST")
    return cancel_message(request, notification_id)  # type: ignore[arg-type]  # as above


@for_sending
def send_email(request: Request, actor: Actor, program: records.Program) -> HttpResponse:
    asked = requests.read_body(request, requests.EMAIL)
    send = uploads.way_to_send(request, actor, program, asked)
    message = send(
        actor,
        program=program,
        template_id=requests.read_id(asked["template_id"]),
        to=asked["email_address"],
        personalisation=asked.get("personalisation", {}),
        reference=asked.get("reference", ""),
        reply_to_id=requests.optional_id(asked, "email_reply_to_id"),
        scheduled_for=requests.optional_moment(asked, "scheduled_for"),
        unsubscribe_url=asked.get("one_click_unsubscribe_url") or "",
        sanitise_content_for=asked.get("sanitise_content_for") or [],
        once=requests.read_once(request),
        template_version=asked.get("template_version", 0),
    )
    content = {
        "body": message.body,
        "subject": message.subject,
        "from_email": queries.get_from_address(actor),
        "one_click_unsubscribe_url": message.unsubscribe_url or None,
    }
    sanitised = {"sanitised_content": dict(message.sanitised)}
    answer = as_sent(request, program, message, content) | sanitised
    return JsonResponse(answer, status=201)


@for_sending
def send_text(request: Request, actor: Actor, program: records.Program) -> HttpResponse:
    asked = requests.read_body(request, requests.SMS)
    message = operations.send_text_for_program(
        actor,
        program=program,
        template_id=requests.read_id(asked["template_id"]),
        to=asked["phone_number"],
        personalisation=uploads.without_files(asked.get("personalisation", {})),
        reference=asked.get("reference", ""),
        text_sender_id=requests.optional_id(asked, "sms_sender_id"),
        scheduled_for=requests.optional_moment(asked, "scheduled_for"),
        once=requests.read_once(request),
        template_version=asked.get("template_version", 0),
    )
    content = {"body": message.body, "from_number": message.origin}
    return JsonResponse(as_sent(request, program, message, content), status=201)


@for_sending
def send_letter(request: Request, actor: Actor, program: records.Program) -> HttpResponse:
    if requests.is_precompiled(request):
        return _take_in_pdf(request, actor, program)
    asked = requests.read_body(request, requests.LETTER)
    message = operations.send_letter_for_program(
        actor,
        program=program,
        template_id=requests.read_id(asked["template_id"]),
        personalisation=uploads.without_files(asked.get("personalisation", {})),
        reference=asked.get("reference", ""),
        once=requests.read_once(request),
        template_version=asked.get("template_version", 0),
    )
    content = {"body": message.body, "subject": message.subject}
    return JsonResponse(as_sent(request, program, message, content), status=201)


def _take_in_pdf(request: Request, actor: Actor, program: records.Program) -> HttpResponse:
    asked = requests.read_body(request, requests.PRECOMPILED)
    try:
        content = base64.b64decode(asked["content"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid("Cannot decode letter content (invalid base64 encoding)") from error
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // MEGABYTE
        raise TooLarge(f"Letter is too large. The PDF can be {most}MB at most")
    message = operations.send_precompiled_for_program(
        actor,
        program=program,
        reference=asked["reference"],
        pdf=content,
        postage=asked.get("postage") or "",
        once=requests.read_once(request),
    )
    answer = {"id": str(message.id), "reference": message.reference, "postage": message.postage}
    return JsonResponse(answer, status=201)


@for_programs
def read_message(
    request: Request, actor: Actor, program: records.Program, notification_id: str
) -> HttpResponse:
    message_id = requests.read_id(notification_id)
    message = queries.get_message_of_program(actor, message_id, program=program)
    return JsonResponse(as_listed(request, message))


@for_programs
def cancel_message(
    request: Request, actor: Actor, program: records.Program, notification_id: str
) -> HttpResponse:
    message_id = requests.read_id(notification_id)
    operations.cancel_message_of_program(actor, message_id, program=program)
    message = queries.get_message_of_program(actor, message_id, program=program)
    return JsonResponse(as_listed(request, message))


@for_programs
def list_messages(request: Request, actor: Actor, program: records.Program) -> HttpResponse:
    wanted = read_filters(request.GET)
    found = queries.list_messages_of_program(
        actor,
        program=program,
        channels=wanted.channels,
        statuses=wanted.statuses,
        reference=wanted.reference,
        older_than=wanted.older_than,
        with_batches=wanted.with_batches,
    )
    answer = {
        "notifications": [as_listed(request, message) for message in found],
        "links": links(request, "/v2/notifications", found[-1].id if found else None),
    }
    return JsonResponse(answer)


@for_programs
def read_pdf(
    request: Request, actor: Actor, program: records.Program, notification_id: str
) -> HttpResponse:
    message_id = requests.read_id(notification_id)
    paper = queries.get_paper_of_program(actor, message_id, program=program)
    return HttpResponse(paper.pdf, content_type="application/pdf")
