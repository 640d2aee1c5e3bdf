"""/v2/notifications: send an email, and ask what became of it."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from townhall.capabilities.notify import operations, queries, records
from townhall.capabilities.notify.api.requests import EmailRequest, read_email_request, read_id
from townhall.capabilities.notify.api.wire import for_programs, nothing_here, wrong_method
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.http import Request


@csrf_exempt
def one(request: HttpRequest, segment: str) -> HttpResponse:
    """GET .../{id} and POST .../email share an address, as they do at GOV.UK Notify."""
    if request.method in ("GET", "HEAD"):
        return read_message(request, segment)  # type: ignore[arg-type]  # ActorMiddleware's
    if request.method == "POST":
        return send_email(request) if segment == "email" else nothing_here(request)  # type: ignore[arg-type]
    return wrong_method("GET", "HEAD", "POST")


@for_programs
def send_email(request: Request, actor: Actor, program: records.Program) -> HttpResponse:
    asked = read_email_request(request)
    _refuse_what_is_not_set_up(asked, program)
    message = operations.send_for_program(
        actor,
        program=program,
        template_id=asked.template_id,
        to=asked.email_address,
        personalisation=asked.personalisation,
        reference=asked.reference,
        unsubscribe_url=asked.one_click_unsubscribe_url,
        sanitise_content_for=asked.sanitise_content_for,
    )
    host = request.build_absolute_uri("/")
    answer = {
        "id": str(message.id),
        "reference": message.reference or None,
        "content": {
            "body": message.body,
            "subject": message.subject,
            "from_email": queries.get_from_address(actor),
            "one_click_unsubscribe_url": message.unsubscribe_url or None,
        },
        "sanitised_content": dict(message.sanitised),
        "uri": f"{host}v2/notifications/{message.id}",
        "template": {
            "id": str(message.template_id),
            "version": message.template_version,
            "uri": f"{host}services/{program.sender_id}/templates/{message.template_id}",
        },
        "scheduled_for": None,
    }
    return JsonResponse(answer, status=201)


def _refuse_what_is_not_set_up(asked: EmailRequest, program: records.Program) -> None:
    """Answer as GOV.UK Notify does a service without reply-to addresses and contact details."""
    if asked.email_reply_to_id:
        raise Invalid(
            f"email_reply_to_id {asked.email_reply_to_id} does not exist in database for "
            f"service id {program.sender_id}"
        )
    values = asked.personalisation.values()
    if any(isinstance(value, dict) and "file" in value for value in values):
        raise Invalid("Send files by email has not been set up for this service")


@for_programs
def read_message(
    request: Request, actor: Actor, program: records.Program, notification_id: str
) -> HttpResponse:
    message = queries.get_message_of_program(actor, read_id(notification_id), program=program)
    return JsonResponse(_as_json(message, request.build_absolute_uri("/")))


def _as_json(message: records.Message, host: str) -> dict[str, Any]:  # Any: JSON
    """Every key that GOV.UK Notify answers with; those of letters and texts are null."""
    version = message.template_version
    nothing = ["phone_number", "line_1", "line_2", "line_3", "line_4", "line_5", "line_6"]
    nothing += ["postcode", "postage", "created_by_name", "scheduled_for"]
    return dict.fromkeys(nothing) | {
        "id": str(message.id),
        "reference": message.reference or None,
        "email_address": message.to,
        "type": "email",
        "status": message.status,
        "template": {
            "id": str(message.template_id),
            "version": version,
            "uri": f"{host}v2/template/{message.template_id}/version/{version}",
        },
        "body": message.body,
        "subject": message.subject,
        "created_at": _moment(message.created_at),
        "sent_at": _moment(message.sent_at),
        "completed_at": _moment(message.completed_at),
        "one_click_unsubscribe_url": message.unsubscribe_url or None,
        "cost_in_pounds": 0.0,
        "is_cost_data_ready": True,
        "cost_details": {},
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else None
