"""Payment links, for staff: what there is, and their addresses and codes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.pay import operations, queries, records
from townhall.capabilities.pay.errors import NameTaken
from townhall.capabilities.pay.forms.links import LinkForm, NewLinkForm
from townhall.machinery.http import Request, public_address
from townhall.machinery.pages.codes import QUIET, draw_code


@require_safe
def index(request: Request) -> HttpResponse:
    page = queries.list_links(request.actor, place=request.GET.get("place"))
    return render(request, "pay/links.html", {"page": page})


@require_safe
def show(request: Request, link_id: UUID) -> HttpResponse:
    link = queries.get_link(request.actor, link_id)
    about = {"link": link, "address": _address(request, link), "back_url": reverse("pay:links")}
    return render(request, "pay/one_link.html", about)


@require_safe
def code(request: Request, link_id: UUID) -> HttpResponse:
    """Its QR code, to be printed; `?download` names the file."""
    link = queries.get_link(request.actor, link_id)
    drawn = draw_code(_address(request, link), border=QUIET)
    response = HttpResponse(drawn, content_type="image/svg+xml")
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{link.slug}.svg"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    form = NewLinkForm(_typed(request), initial={"language": "en"})
    form.offer(queries.list_tills(request.actor))
    if form.is_bound and form.is_valid():
        about = {name: value for name, value in form.cleaned_data.items() if name != "till"}
        try:
            link = operations.add_link(request.actor, UUID(form.cleaned_data["till"]), **about)
        except NameTaken as refusal:
            form.add_error("slug", str(refusal))
        else:
            messages.success(request, _("The payment link is made."))
            return redirect("pay:one_link", link.id)
    back_url = reverse("pay:links")
    return _ask(request, form, title=_("Make a payment link"), back_url=back_url)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, link_id: UUID) -> HttpResponse:
    link = queries.get_link(request.actor, link_id)
    known = {name: getattr(link, name) for name in LinkForm.base_fields}
    form = LinkForm(_typed(request), initial=known)
    if form.is_bound and form.is_valid():
        operations.change_link(request.actor, link_id, **form.cleaned_data)
        messages.success(request, _("The payment link is changed."))
        return redirect("pay:one_link", link_id)
    back_url = reverse("pay:one_link", args=[link_id])
    return _ask(request, form, title=_("Change the payment link"), back_url=back_url)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request, link_id: UUID) -> HttpResponse:
    link = queries.get_link(request.actor, link_id)
    if request.method == "POST":
        operations.close_link(request.actor, link_id)
        messages.success(request, _("The payment link is closed."))
        return redirect("pay:links")
    about = {"link": link, "back_url": reverse("pay:one_link", args=[link_id])}
    return render(request, "pay/close_link.html", about)


def _address(request: Request, link: records.Link) -> str:
    return public_address(request) + reverse("pay:link", args=[link.slug])


def _typed(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _ask(request: Request, form: LinkForm, **about: str) -> HttpResponse:
    status = 422 if form.errors else 200
    about["button_text"] = _("Save")
    return render(request, "machinery/form.html", {"form": form, **about}, status=status)
