"""/ and the pages that every site of a public body has."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from townhall.machinery.http import Request
from townhall.machinery.service import offered


@require_safe
def home(request: Request) -> HttpResponse:
    services = [each for each in offered() if each.start_url and each.summary]
    return render(request, "front_door/home.html", {"services": services})


@require_safe
def accessibility(request: Request) -> HttpResponse:
    return render(request, "front_door/accessibility.html")


@require_safe
def privacy(request: Request) -> HttpResponse:
    return render(request, "front_door/privacy.html")
