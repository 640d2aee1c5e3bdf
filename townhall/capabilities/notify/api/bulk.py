"""/v2/notifications/bulk: send to everyone in a list. GOV.UK Notify's API has no such address."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from townhall.capabilities.notify import operations, queries, records
from townhall.capabilities.notify.api import requests
from townhall.capabilities.notify.api.requests import Json, Shape, check_id, check_text
from townhall.capabilities.notify.api.wire import Unfit, for_programs, wrong_method
from townhall.capabilities.notify.errors import RowFault, UnfitList
from townhall.capabilities.notify.rendering.callbacks import moment
from townhall.capabilities.notify.rules.tables import MOST_BYTES, Table, check_length, read_csv
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.http import FORMS, Request

LONGEST_NAME = 255

Change = Callable[..., records.Batch]
VERBS: dict[str, Change] = {
    "pause": operations.pause_batch_of_program,
    "resume": operations.resume_batch_of_program,
    "cancel": operations.cancel_batch_of_program,
}


@csrf_exempt
def send(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return wrong_method("POST")
    return take_list(request)  # type: ignore[arg-type]  # ActorMiddleware's


@csrf_exempt
def one(request: HttpRequest, batch_id: str) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return wrong_method("GET", "HEAD")
    return read_batch(request, batch_id)  # type: ignore[arg-type]  # as above


@csrf_exempt
def change(request: HttpRequest, batch_id: str, verb: str) -> HttpResponse:
    if request.method != "POST":
        return wrong_method("POST")
    return change_batch(request, batch_id, verb)  # type: ignore[arg-type]  # as above


@for_programs
def take_list(request: Request, actor: Actor, program: records.Program) -> HttpResponse:
    body = _read(request)
    once = requests.once_of(request, body)
    asked = requests.check_shape(requests.parse(body), BULK)
    if ("rows" in asked) == ("csv" in asked):
        raise Unfit("rows or csv is a required property, and only one of them")
    origin = "email_reply_to_id" if asked.get("email_reply_to_id") else "sms_sender_id"
    try:
        batch = operations.send_batch_for_program(
            actor,
            program=program,
            template_id=UUID(asked["template_id"]),
            name=asked["name"],
            table=_table(asked),
            starts_at=requests.optional_moment(asked, "scheduled_for"),
            reference=asked.get("reference", ""),
            origin_id=requests.optional_id(asked, origin),
            once=once,
        )
    except UnfitList as faults:
        raise Unfit(*_complaints(faults)) from faults
    return JsonResponse(_as_json(request, batch), status=201)


@for_programs
def read_batch(
    request: Request, actor: Actor, program: records.Program, batch_id: str
) -> HttpResponse:
    wanted = requests.read_id(batch_id, "batch_id")
    found = queries.get_batch_of_program(actor, wanted, program=program)
    counts = {
        "counts": dict(sorted(found.counts.items())),
        "handed_over": found.handed_over,
        "waiting": found.waiting,
    }
    return JsonResponse(_as_json(request, found.batch) | counts)


@for_programs
def change_batch(
    request: Request, actor: Actor, program: records.Program, batch_id: str, verb: str
) -> HttpResponse:
    batch = VERBS[verb](actor, requests.read_id(batch_id, "batch_id"), program=program)
    return JsonResponse(_as_json(request, batch))


def _read(request: Request) -> bytes:
    """The body, which may be far larger than any other's. Raises Invalid."""
    if request.content_type in FORMS:  # read already, and no JSON
        raise Invalid("Invalid JSON supplied in POST data")
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise Invalid("Request is too large")
    return body


def _table(asked: dict[str, Json]) -> Table:
    return read_csv(asked["csv"]) if "csv" in asked else check_length(asked["rows"])


def _complaints(unfit: UnfitList) -> Iterator[str]:
    yield from (_complaint(fault) for fault in unfit.faults)
    if (more := unfit.count - len(unfit.faults)) > 0:
        yield f"{more} more faults are not listed"


def _complaint(fault: RowFault) -> str:
    where = " ".join(filter(None, [f"row {fault.row}" if fault.row else "", fault.column]))
    return f"{where}: {fault.words}"


def _as_json(request: Request, batch: records.Batch) -> dict[str, Any]:
    host = request.build_absolute_uri("/")
    template = f"{host}v2/template/{batch.template_id}/version/{batch.template_version}"
    is_later = batch.starts_at > batch.made_at
    return {
        "id": str(batch.id),
        "name": batch.name,
        "reference": batch.reference or None,
        "type": batch.channel,
        "status": batch.state,
        "template": {
            "id": str(batch.template_id),
            "version": batch.template_version,
            "uri": template,
        },
        "row_count": batch.row_count,
        "created_at": moment(batch.made_at),
        "scheduled_for": moment(batch.starts_at) if is_later else None,
        "uri": f"{host}v2/notifications/bulk/{batch.id}",
    }


def _check_name(value: Json) -> Iterator[str]:
    yield from check_text(value)
    if isinstance(value, str) and not 0 < len(value) <= LONGEST_NAME:
        yield f"must be 1 to {LONGEST_NAME} characters"


def _check_rows(value: Json) -> Iterator[str]:
    """Rows of texts and numbers, or of lists of them."""
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        yield "must be a list of lists, the first of them the column headings"
    elif any(not _is_cell(cell) for row in value for cell in row):
        yield "must hold only texts, numbers, booleans, nulls and lists of these"


def _is_cell(value: Json) -> bool:
    if isinstance(value, list):
        return not any(isinstance(each, list | dict) for each in value)
    return not isinstance(value, dict)


BULK = Shape(
    checks={
        "template_id": check_id,
        "name": _check_name,
        "rows": _check_rows,
        "csv": check_text,
        "scheduled_for": requests.within(timedelta(days=7), "7 days"),
        "reference": requests.check_reference,
        "email_reply_to_id": check_id,
        "sms_sender_id": check_id,
    },
    required=("template_id", "name"),
)
