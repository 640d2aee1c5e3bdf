"""Complaints that our emails are unwanted."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from townhall.capabilities.notify import queries
from townhall.machinery.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    page = queries.list_complaints(request.actor, place=request.GET.get("place"))
    return render(request, "notify/complaints.html", {"page": page})
