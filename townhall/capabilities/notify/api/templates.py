"""/v2/template and /v2/templates: the wordings that a program may send, read and previewed."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from townhall.capabilities.notify import queries, records
from townhall.capabilities.notify.api import requests, template_changes
from townhall.capabilities.notify.api.answers import answer_template, as_template, links
from townhall.capabilities.notify.api.filters import CHANNELS, check_number, check_query
from townhall.capabilities.notify.api.wire import for_programs, wrong_method
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rendering.markdown import IN_EMAIL, write_html
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request


@csrf_exempt
def many(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return wrong_method("GET", "HEAD")
    return list_templates(request)  # type: ignore[arg-type]  # ActorMiddleware's


@csrf_exempt
def one(request: HttpRequest, template_id: str, version: int) -> HttpResponse:
    """Version 0 is the newest, as it is at GOV.UK Notify."""
    if request.method not in ("GET", "HEAD"):
        return wrong_method("GET", "HEAD")
    return read_template(request, template_id, version)  # type: ignore[arg-type]  # as above


@csrf_exempt
def newest(request: HttpRequest, template_id: str) -> HttpResponse:
    """Read or changed at the one address, the change an addition of ours."""
    if request.method == "POST":
        return template_changes.edit_template(request, template_id)  # type: ignore[arg-type]
    if request.method not in ("GET", "HEAD"):
        return wrong_method("GET", "HEAD", "POST")
    return read_template(request, template_id, 0)  # type: ignore[arg-type]  # as above


@csrf_exempt
def new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return wrong_method("POST")
    return template_changes.make_template(request)  # type: ignore[arg-type]  # as above


@csrf_exempt
def archive(request: HttpRequest, template_id: str) -> HttpResponse:
    if request.method != "POST":
        return wrong_method("POST")
    return template_changes.archive_template(request, template_id)  # type: ignore[arg-type]


@csrf_exempt
def versions(request: HttpRequest, template_id: str) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return wrong_method("GET", "HEAD")
    return list_versions(request, template_id)  # type: ignore[arg-type]  # as above


@csrf_exempt
def preview(request: HttpRequest, template_id: str) -> HttpResponse:
    if request.method != "POST":
        return wrong_method("POST")
    return preview_template(request, template_id)  # type: ignore[arg-type]  # as above


@for_programs
def list_templates(request: Request, actor: Actor, program: records.Program) -> HttpResponse:
    check_query(request.GET, {"type": requests.one_of(*CHANNELS)})
    kind = request.GET.get("type")
    found = queries.list_templates_of_program(
        actor, program=program, channel=Channel(kind) if kind else None
    )
    return JsonResponse({"templates": [as_template(template) for template in found]})


@for_programs
def read_template(
    request: Request, actor: Actor, program: records.Program, template_id: str, version: int
) -> HttpResponse:
    wanted = requests.read_id(template_id, "id")
    found = queries.get_template_of_program(actor, wanted, program=program, version=version)
    return answer_template(found)


@for_programs
def list_versions(
    request: Request, actor: Actor, program: records.Program, template_id: str
) -> HttpResponse:
    wanted = requests.read_id(template_id, "id")
    check_query(request.GET, {"older_than": check_number})
    older_than = request.GET.get("older_than")
    found = queries.list_versions_for_program(
        actor, wanted, program=program, older_than=int(older_than) if older_than else None
    )
    last = found[-1].version if found else None
    answer = {
        "versions": [as_template(version) for version in found],
        "links": links(request, f"/v2/template/{wanted}/versions", last),
    }
    return JsonResponse(answer)


@for_programs
def preview_template(
    request: Request, actor: Actor, program: records.Program, template_id: str
) -> HttpResponse:
    wanted = requests.read_id(template_id, "id")
    asked = requests.read_body(request, requests.PREVIEW) if requests.read_bytes(request) else {}
    filled = queries.preview_for_program(
        actor, wanted, program=program, personalisation=asked.get("personalisation", {})
    )
    channel = filled.template.channel
    answer = {
        "id": str(filled.template.id),
        "type": channel,
        "version": filled.template.version,
        "body": filled.body,
        "subject": filled.subject if channel != Channel.SMS else None,
        "html": write_html(filled.body, IN_EMAIL) if channel == Channel.EMAIL else None,
        "postage": filled.template.postage or None,
    }
    return JsonResponse(answer)
