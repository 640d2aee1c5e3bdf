"""/v2/received-text-messages: what people texted to the sender's numbers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from townhall.capabilities.notify import queries, records
from townhall.capabilities.notify.api.answers import links
from townhall.capabilities.notify.api.filters import check_query
from townhall.capabilities.notify.api.requests import check_id
from townhall.capabilities.notify.api.wire import for_programs, wrong_method
from townhall.capabilities.notify.rendering.callbacks import moment
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request

PATH = "/v2/received-text-messages"


@csrf_exempt
def many(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return wrong_method("GET", "HEAD")
    return list_texts(request)  # type: ignore[arg-type]  # ActorMiddleware's


@for_programs
def list_texts(request: Request, actor: Actor, program: records.Program) -> HttpResponse:
    check_query(request.GET, {"older_than": check_id})
    older_than = request.GET.get("older_than")
    found = queries.list_received_texts(
        actor, program=program, older_than=UUID(older_than) if older_than else None
    )
    texts = [
        {
            "id": str(text.id),
            "created_at": moment(text.created_at),
            "service_id": str(program.sender_id),
            "notify_number": text.to,
            "user_number": text.by,
            "content": text.body,
        }
        for text in found
    ]
    answer = {
        "received_text_messages": texts,
        "links": links(request, PATH, found[-1].id if found else None),
    }
    return JsonResponse(answer)
