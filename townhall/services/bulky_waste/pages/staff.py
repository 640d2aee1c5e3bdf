"""What the crew, the caseworkers and the administrators see."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.machinery.errors import Invalid, Refused
from townhall.machinery.http import Request
from townhall.services.bulky_waste import operations, queries
from townhall.services.bulky_waste.forms import DayForm, FindForm, VisitForm
from townhall.services.bulky_waste.records import Visit

FIRST_YEAR, LAST_YEAR = 2000, 2100  # of rounds that anyone asks for


@require_safe
def round_of_day(request: Request) -> HttpResponse:
    """The day's stops; `?on=2026-11-23`, today if not given."""
    on = _day(request.GET.get("on", ""))
    stops = queries.list_round(request.actor, on=on)
    page = {
        "on": on,
        "is_today": on == timezone.localdate(),
        "before": (on - timedelta(days=1)).isoformat(),
        "after": (on + timedelta(days=1)).isoformat(),
        "stops": stops,
        "left": sum(stop.visit is None for stop in stops),
    }
    return render(request, "bulky_waste/round.html", page)


def _day(typed: str) -> date:
    if not typed:
        return timezone.localdate()
    try:
        day = date.fromisoformat(typed)
    except ValueError as error:
        raise Invalid(_("Enter a date like 2026-11-23.")) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(_("Enter a date like 2026-11-23."))
    return day


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: Request, collection_id: UUID) -> HttpResponse:
    collection = queries.get_stop(request.actor, collection_id)
    form = VisitForm(request.POST or None, request.FILES or None)
    back_url = f"{reverse('bulky_waste:round')}?on={collection.collects_on.isoformat()}"
    if form.is_valid():
        try:
            operations.record_visit(
                request.actor,
                collection_id,
                visit=Visit(form.cleaned_data["visit"]),
                note=form.cleaned_data["note"],
                photo=form.photo_bytes,
            )
        except Refused as refusal:
            fields = getattr(refusal, "fields", {})
            form.add_error(next(iter(fields), None), str(refusal))
        else:
            messages.success(request, _("Recorded. The resident has been told."))
            return redirect(back_url)
    page = {"collection": collection, "form": form, "back_url": back_url}
    return render(request, "bulky_waste/stop.html", page, status=422 if form.errors else 200)


@require_safe
def find(request: Request) -> HttpResponse:
    form = FindForm(request.GET if "words" in request.GET else None)
    found = None
    if form.is_valid():
        found = queries.find_collections(request.actor, words=form.cleaned_data["words"])
    else:
        queries.find_collections(request.actor, words="")
    return render(request, "bulky_waste/find.html", {"form": form, "found": found})


@require_safe
def collection(request: Request, collection_id: UUID) -> HttpResponse:
    found = queries.get_managed(request.actor, collection_id)
    return render(request, "bulky_waste/collection.html", {"collection": found})


@require_http_methods(["GET", "HEAD", "POST"])
def rebook(request: Request, collection_id: UUID) -> HttpResponse:
    found = queries.get_managed(request.actor, collection_id)
    days = queries.list_days(request.actor)
    form = DayForm(request.POST or None, days=days)
    back_url = reverse("bulky_waste:collection", args=[collection_id])
    if form.is_valid():
        try:
            operations.rebook_collection(request.actor, collection_id, slot_id=form.slot_id)
        except Refused as refusal:
            form.add_error("slot", str(refusal))
        else:
            messages.success(request, _("Booked for the new day. The resident has been told."))
            return redirect(back_url)
    page = {"collection": found, "form": form, "back_url": back_url}
    return render(request, "bulky_waste/change.html", page, status=422 if form.errors else 200)


@require_safe
def figures(request: Request) -> HttpResponse:
    return render(request, "bulky_waste/figures.html", {"weeks": queries.list_weeks(request.actor)})
