"""Who messages are from: reply-to addresses, text senders, contact blocks and contact details."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.notify import operations, queries
from townhall.capabilities.notify.errors import NotAContact, StillUsual
from townhall.capabilities.notify.forms.origins import ORIGIN_FORMS, ContactForm
from townhall.capabilities.notify.pages.asking import ask, ask_kind, asked_sender, typed
from townhall.capabilities.notify.records import Channel
from townhall.machinery.errors import Conflict, Invalid
from townhall.machinery.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    return render(request, "notify/origins.html", {"senders": queries.list_origins(request.actor)})


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request) -> HttpResponse:
    """The first page of adding: which form to go on to."""
    then, title = "notify:add_{channel}_origin", _("Add who messages are from")
    return ask_kind(request, then, title=title, back="notify:origins")


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, channel: Channel) -> HttpResponse:
    sender = asked_sender(request)
    form = ORIGIN_FORMS[channel](typed(request))
    if form.is_bound and form.is_valid():
        try:
            operations.add_origin(
                request.actor, channel=channel, sender=sender, **form.cleaned_data
            )
        except (Invalid, Conflict) as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("It is added."))
            return redirect("notify:origins")
    context = {"channel": channel, "sender": sender, "back_url": reverse("notify:add_origin")}
    return ask(request, form, "notify/add_origin.html", **context)


@require_POST
def make_usual(request: Request, origin_id: UUID) -> HttpResponse:
    operations.make_usual(request.actor, origin_id)
    messages.success(request, _("It is the usual one now."))
    return redirect("notify:origins")


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: Request) -> HttpResponse:
    """How people who were sent a file reach its sender."""
    sender = asked_sender(request)
    now = {"contact": queries.get_contact(request.actor, sender=sender)}
    form = ContactForm(typed(request), initial=now)
    if form.is_bound and form.is_valid():
        try:
            operations.set_contact(
                request.actor, sender=sender, contact=form.cleaned_data["contact"]
            )
        except NotAContact as refusal:
            form.add_error("contact", str(refusal))
        else:
            messages.success(request, _("The contact details are saved."))
            return redirect("notify:origins")
    context = {"sender": sender, "back_url": reverse("notify:origins")}
    return ask(request, form, "notify/contact.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, origin_id: UUID) -> HttpResponse:
    origin = queries.get_origin(request.actor, origin_id)
    refusal: StillUsual | None = None
    if request.method == "POST":
        try:
            operations.remove_origin(request.actor, origin_id)
        except StillUsual as error:
            refusal = error
        else:
            messages.success(request, _("It is removed."))
            return redirect("notify:origins")
    context = {"origin": origin, "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "notify/remove_origin.html", context, status=status)
