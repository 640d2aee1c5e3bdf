"""Callbacks: the addresses of programs that are told."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.notify import operations, queries
from townhall.capabilities.notify.errors import CallbackTaken, UnfitCallback
from townhall.capabilities.notify.forms.programs import CallbackForm
from townhall.machinery.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    context = {
        "callbacks": queries.list_callbacks(request.actor),
        "page": queries.list_failed_callbacks(request.actor, place=request.GET.get("place")),
    }
    return render(request, "notify/callbacks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    senders = queries.list_senders_for_keys(request.actor)
    form = CallbackForm(request.POST or None, senders=senders, initial={"sender": senders[0]})
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_callback(request.actor, **form.cleaned_data)
        except (UnfitCallback, CallbackTaken) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The callback is added."))
            return redirect("notify:callbacks")
    context = {"form": form, "title": _("Add a callback"), "button_text": _("Add the callback")}
    status = 422 if form.is_bound else 200
    return render(request, "notify/add_callback.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, callback_id: UUID) -> HttpResponse:
    if request.method == "POST":
        operations.remove_callback(request.actor, callback_id)
        messages.success(request, _("The callback is removed."))
        return redirect("notify:callbacks")
    found = queries.get_callback(request.actor, callback_id)
    return render(request, "notify/remove_callback.html", {"callback": found})


@require_POST
def retry(request: Request, delivery_id: UUID) -> HttpResponse:
    operations.try_again(request.actor, delivery_id)
    messages.success(request, _("It is tried again."))
    return redirect("notify:callbacks")
