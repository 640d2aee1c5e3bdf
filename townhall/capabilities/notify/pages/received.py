"""The texts that people send."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from townhall.capabilities.notify import queries
from townhall.machinery.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    page = queries.list_texts(request.actor, place=request.GET.get("place"))
    return render(request, "notify/received.html", {"page": page})
