"""Pages for staff."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from townhall.machinery.http import Request
from townhall.services.payments import queries


@require_safe
def notices(request: Request) -> HttpResponse:
    page = queries.list_unfit_notices(request.actor, place=request.GET.get("place"))
    return render(request, "payments/notices.html", {"page": page})


@require_safe
def notice(request: Request, notice_id: UUID) -> HttpResponse:
    unfit = queries.get_unfit_notice(request.actor, notice_id)
    return render(request, "payments/notice.html", {"unfit": unfit})
