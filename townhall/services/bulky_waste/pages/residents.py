"""What residents see: the start page, paying, and their request afterwards."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.pay.operations import check_payment, open_checkout
from townhall.machinery.errors import Refused
from townhall.machinery.http import Request
from townhall.services.bulky_waste import operations, queries
from townhall.services.bulky_waste.forms import DayForm
from townhall.services.bulky_waste.service import BULKY_WASTE


@require_safe
def start(request: Request) -> HttpResponse:
    dials = queries.get_dials(request.actor)
    return render(request, "bulky_waste/start.html", {"dials": dials, "service": BULKY_WASTE})


@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: Request, collection_id: UUID) -> HttpResponse:
    """GET says what to pay and until when; POST goes to the processor's card page."""
    if request.method == "POST":
        payment_id = operations.pay_again(request.actor, collection_id)
        url = open_checkout(
            BULKY_WASTE.acting_for(request.actor),
            payment_id,
            return_url=request.build_absolute_uri(
                reverse("bulky_waste:done", args=[collection_id])
            ),
            language=request.LANGUAGE_CODE[:2],
        )
        return redirect(url)
    progress = queries.get_progress(request.actor, collection_id)
    if progress.state != "waiting":
        return redirect("bulky_waste:done", collection_id)
    return render(request, "bulky_waste/pay.html", {"progress": progress})


@require_http_methods(["GET", "HEAD", "POST"])
def done(request: Request, collection_id: UUID) -> HttpResponse:
    """What became of the payment; POST asks the processor, if its word has not come yet."""
    if request.method == "POST":
        payment_id = queries.get_payment_id(request.actor, collection_id)
        check_payment(BULKY_WASTE.acting_for(request.actor), payment_id)
        return redirect("bulky_waste:done", collection_id)
    progress = queries.get_progress(request.actor, collection_id)
    return render(request, "bulky_waste/done.html", {"progress": progress})


@require_safe
def request(request: Request, collection_id: UUID) -> HttpResponse:
    collection = queries.get_collection(request.actor, collection_id)
    page = {"collection": collection, "back_url": reverse("account:requests")}
    return render(request, "bulky_waste/request.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, collection_id: UUID) -> HttpResponse:
    collection = queries.get_collection(request.actor, collection_id)
    days = queries.list_days(request.actor, of=collection_id)
    form = DayForm(request.POST or None, days=days)
    if form.is_valid():
        try:
            operations.move_collection(request.actor, collection_id, slot_id=form.slot_id)
        except Refused as refusal:
            form.add_error("slot", str(refusal))
        else:
            messages.success(request, _("We have changed the day, and sent you an email."))
            return redirect("bulky_waste:request", collection_id)
    page = {
        "collection": collection,
        "form": form,
        "back_url": reverse("bulky_waste:request", args=[collection_id]),
    }
    return render(request, "bulky_waste/change.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, collection_id: UUID) -> HttpResponse:
    if request.method == "POST":
        operations.cancel_collection(request.actor, collection_id)
        messages.success(request, _("Your collection is cancelled. We have sent you an email."))
        return redirect("bulky_waste:request", collection_id)
    page = {
        "collection": queries.get_collection(request.actor, collection_id),
        "refund": queries.get_refund_if_cancelled(request.actor, collection_id),
        "back_url": reverse("bulky_waste:request", args=[collection_id]),
    }
    return render(request, "bulky_waste/cancel.html", page)


@require_safe
def photo(request: Request, collection_id: UUID) -> HttpResponse:
    file = queries.get_photo(request.actor, collection_id)
    return HttpResponse(
        file.content,
        content_type=file.content_type,
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )
