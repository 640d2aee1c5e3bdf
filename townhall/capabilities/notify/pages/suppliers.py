"""How the suppliers of messages are doing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from townhall.capabilities.notify import queries
from townhall.machinery.http import Request, public_address


@require_safe
def index(request: Request) -> HttpResponse:
    suppliers = queries.list_suppliers(request.actor)
    context = {
        "suppliers": suppliers,
        "bringing": [each for each in suppliers if each.texts_path],
        "public_address": public_address(request),
    }
    return render(request, "notify/suppliers.html", context)
