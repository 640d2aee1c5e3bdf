"""What a signed-in person sees of themselves."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from townhall.capabilities.governance.queries import list_looks
from townhall.capabilities.identity import sessions
from townhall.machinery.holdings import Held, get_holding, holdings
from townhall.machinery.http import Request
from townhall.machinery.navigation import resident_pages
from townhall.services.account import queries
from townhall.services.account.pages.changing import proved_lately


@never_cache
@require_safe
def overview(request: Request) -> HttpResponse:
    deletion = queries.find_deletion(request.actor)
    context = {
        "pages": resident_pages(),
        "deletion": deletion,
        "recovery": queries.find_recovery(request.actor),
    }
    return render(request, "account/overview.html", context)


@never_cache
@require_safe
def requests(request: Request) -> HttpResponse:
    mine = queries.list_my_requests(request.actor)
    return render(request, "account/requests.html", {"requests": mine})


@never_cache
@require_safe
def looks(request: Request) -> HttpResponse:
    """/account/who-looked/?place=..."""
    page = list_looks(request.actor, place=request.GET.get("place"))
    return render(request, "account/looks.html", {"page": page})


@never_cache
@require_safe
def held(request: Request) -> HttpResponse:
    myself = queries.list_held(request.actor, "identity")
    return render(request, "account/held.html", {"myself": myself, "parts": holdings()})


@never_cache
@require_safe
def part(request: Request, slug: str) -> HttpResponse:
    """/account/held/notify/?place=..."""
    page = queries.list_held(request.actor, slug, place=request.GET.get("place"))
    return render(request, "account/part.html", {"page": page, "part": get_holding(slug)})


@never_cache
@require_safe
@proved_lately
def copy_for_programs(request: Request) -> HttpResponse:
    """All that is held, as JSON that other programs can read."""
    sessions.count_copy(request, sessions.person_of(request).id)
    copy = queries.get_copy(request.actor)
    parts = [
        {
            "part": part.slug,
            "title": str(part.title),
            "held": [_as_json(each) for each in held],
        }
        for part, held in copy.parts
    ]
    said = {
        "organisation": str(request.organisation.name),
        "made_at": copy.made_at.isoformat(),
        "parts": parts,
    }
    answer = JsonResponse(said, json_dumps_params={"indent": 2, "ensure_ascii": False})
    return _to_keep(answer, "my-data.json")


@never_cache
@require_safe
@proved_lately
def copy_to_read(request: Request) -> HttpResponse:
    """The same as one page that needs nothing else to be read."""
    sessions.count_copy(request, sessions.person_of(request).id)
    copy = queries.get_copy(request.actor)
    return _to_keep(render(request, "account/copy.html", {"copy": copy}), "my-data.html")


def _as_json(held: Held) -> dict[str, Any]:  # Any: JSON
    return {
        "title": held.title,
        "noted_at": held.noted_at.isoformat() if held.noted_at else None,
        "facts": [{"label": label, "value": value} for label, value in held.facts],
    }


def _to_keep(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
