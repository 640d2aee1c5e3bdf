"""What a signed-in person sees of themselves."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from townhall.capabilities.governance.queries import list_looks
from townhall.machinery.http import Request
from townhall.services.account.queries import list_my_requests


@never_cache
@require_safe
def requests(request: Request) -> HttpResponse:
    return render(request, "account/requests.html", {"requests": list_my_requests(request.actor)})


@never_cache
@require_safe
def looks(request: Request) -> HttpResponse:
    """/account/who-looked/?place=..."""
    page = list_looks(request.actor, place=request.GET.get("place"))
    return render(request, "account/looks.html", {"page": page})
