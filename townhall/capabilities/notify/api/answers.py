"""Messages and templates in the JSON of GOV.UK Notify, with every key it has, null or not."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import JsonResponse

from townhall.capabilities.notify import records
from townhall.capabilities.notify.records import Channel, Status
from townhall.capabilities.notify.rendering.callbacks import moment
from townhall.capabilities.notify.rendering.placeholders import names_in
from townhall.capabilities.notify.rules.post import estimate_arrival
from townhall.machinery.http import Request

Json = dict[str, Any]
HUNDREDTHS_A_POUND = 10_000  # of a penny
ADDRESS_LINES = 6  # line_1 to line_6, and the postcode after them
_OF_LETTERS = {
    Status.CREATED: "accepted",
    Status.SENDING: "accepted",
    Status.DELIVERED: "received",
}


def as_sent(
    request: Request, program: records.Program, message: records.Message, content: Json
) -> Json:
    """What a program is answered that has just sent something."""
    host = request.build_absolute_uri("/")
    return {
        "id": str(message.id),
        "reference": message.reference or None,
        "content": content,
        "uri": f"{host}v2/notifications/{message.id}",
        "template": {
            "id": str(message.template_id),
            "version": message.template_version,
            "uri": f"{host}services/{program.sender_id}/templates/{message.template_id}",
        },
        "scheduled_for": moment(message.scheduled_for),
    }


def as_listed(request: Request, message: records.Message) -> Json:
    """What a program is told of one message, which has its cost with it."""
    cost = message.cost
    assert cost is not None
    host = request.build_absolute_uri("/")
    version = message.template_version
    is_letter = message.channel == Channel.LETTER
    template = f"{host}v2/template/{message.template_id}/version/{version}"
    return {
        "id": str(message.id),
        "reference": message.reference or None,
        "email_address": message.to if message.channel == Channel.EMAIL else None,
        "phone_number": message.to if message.channel == Channel.SMS else None,
        **_address(message),
        "type": message.channel,
        "status": _OF_LETTERS.get(message.status, message.status) if is_letter else message.status,
        "template": {
            "id": str(message.template_id) if message.template_id else None,
            "version": version,
            "uri": template if message.template_id else None,
        },
        "body": message.body,
        "subject": message.subject if message.channel != Channel.SMS else None,
        "created_at": moment(message.created_at),
        "sent_at": moment(message.sent_at),
        "completed_at": moment(message.completed_at),
        "created_by_name": message.made_by or None,
        "scheduled_for": moment(message.scheduled_for),
        "postage": message.postage or None,
        "one_click_unsubscribe_url": message.unsubscribe_url or None,
        "cost_in_pounds": cost.hundredths / HUNDREDTHS_A_POUND,
        "is_cost_data_ready": cost.is_ready,
        "cost_details": _cost(message, cost),
    } | _arrival(message)


def _address(message: records.Message) -> Json:
    """The lines of a letter's address, its last one as the postcode."""
    names = [f"line_{number}" for number in range(1, ADDRESS_LINES + 1)]
    if message.channel != Channel.LETTER or not message.to:
        return dict.fromkeys([*names, "postcode"])
    *lines, postcode = message.to.split("\n")
    lines += [""] * (ADDRESS_LINES - len(lines))
    return {name: line or None for name, line in zip(names, lines, strict=False)} | {
        "postcode": postcode
    }


def _cost(message: records.Message, cost: records.Cost) -> Json:
    match message.channel:
        case Channel.SMS:
            return {
                "billable_sms_fragments": cost.units,
                "international_rate_multiplier": float(cost.times),
                "sms_rate": cost.rate / HUNDREDTHS_A_POUND,
            }
        case Channel.LETTER:
            return {
                "billable_sheets_of_paper": cost.units,
                "postage": message.postage or None,
            }
    return {}


def _arrival(message: records.Message) -> Json:
    if message.channel != Channel.LETTER:
        return {}
    arrives_at = estimate_arrival(message.created_at, postage=message.postage)
    return {"estimated_delivery": moment(arrives_at)}


def as_template(template: records.Template) -> Json:
    wanted = names_in(template.subject.en, template.body.en)
    is_changed = template.version > 1
    return {
        "id": str(template.id),
        "name": template.title,
        "type": template.channel,
        "created_at": moment(template.first_made_at),
        "updated_at": moment(template.made_at) if is_changed else None,
        "created_by": template.made_by,
        "version": template.version,
        "body": template.body.en,
        "subject": template.subject.en if template.channel != Channel.SMS else None,
        "letter_contact_block": template.contact_block or None,
        "postage": template.postage or None,
        "personalisation": {name: {"required": True} for name in wanted},
    }


def answer_template(template: records.Template, *, status: int = 200) -> JsonResponse:
    """With its version as the ETag, for an If-Match when the program changes it."""
    answer = JsonResponse(as_template(template), status=status)
    answer["ETag"] = f'"{template.version}"'
    return answer


def links(request: Request, path: str, last: UUID | int | None) -> Json:
    """Where this page is and where the older ones are; there is a next one unless it is empty."""
    here = request.build_absolute_uri(path)
    asked = [(name, value) for name in request.GET for value in request.GET.getlist(name)]
    found = {"current": f"{here}?{urlencode(asked)}" if asked else here}
    if last is not None:
        others = [(name, value) for name, value in asked if name != "older_than"]
        found["next"] = f"{here}?{urlencode([*others, ('older_than', str(last))])}"
    return found
