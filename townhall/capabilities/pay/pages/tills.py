"""Tills: what they take, and the keys of the programs that take payments at them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.pay import operations, permissions, queries
from townhall.capabilities.pay.forms.tills import TAKES, KeyForm, TakesForm, TillForm
from townhall.capabilities.pay.pages.asking import ask, typed
from townhall.machinery.errors import Conflict, Invalid
from townhall.machinery.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    return render(request, "pay/tills.html", {"tills": queries.list_tills(request.actor)})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    request.actor.require(permissions.MANAGE)
    form = TillForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            till = operations.add_till(
                request.actor,
                name=form.cleaned_data["name"],
                is_live=form.cleaned_data["mode"] == "live",
            )
        except (Conflict, Invalid) as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The till is added."))
            return redirect("pay:till", till.id)
    context = {"title": _("Add a till"), "button_text": _("Add the till")}
    return ask(request, form, "pay/form.html", back_url=reverse("pay:tills"), **context)


@require_safe
def one(request: Request, till_id: UUID) -> HttpResponse:
    till = queries.get_till(request.actor, till_id)
    context = {
        "till": till,
        "takes": [label for name, label in TAKES if getattr(till, name)],
        "keys": queries.list_keys(request.actor, till_id),
        "webhooks": queries.list_webhooks(request.actor, till_id),
    }
    return render(request, "pay/till.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, till_id: UUID) -> HttpResponse:
    till = queries.get_till(request.actor, till_id)
    now = {"takes": [name for name, _label in TAKES if getattr(till, name)]}
    form = TakesForm(typed(request), initial={**now, "is_open": till.is_open})
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["takes"]
        operations.change_till(
            request.actor,
            till_id,
            is_open=form.cleaned_data["is_open"],
            **{name: name in chosen for name, _label in TAKES},
        )
        messages.success(request, _("It is changed."))
        return redirect("pay:till", till_id)
    context = {
        "title": _("What %(till)s takes") % {"till": till.name},
        "button_text": _("Save"),
        "back_url": reverse("pay:till", args=[till_id]),
    }
    return ask(request, form, "pay/form.html", **context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make_key(request: Request, till_id: UUID) -> HttpResponse:
    """The new key stands in the answer itself: a redirect would have to keep it somewhere."""
    till = queries.get_till(request.actor, till_id)
    form = KeyForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            key = operations.make_key(request.actor, till_id, name=form.cleaned_data["name"])
        except Invalid as refusal:
            form.add_error("name", str(refusal))
        else:
            context = {
                "made": key,
                "name": form.cleaned_data["name"],
                "till": till,
                "base_url": request.build_absolute_uri("/"),
            }
            return render(request, "pay/new_key.html", context)
    context = {
        "title": _("Make a key for %(till)s") % {"till": till.name},
        "button_text": _("Make the key"),
        "back_url": reverse("pay:till", args=[till_id]),
    }
    return ask(request, form, "pay/form.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_key(request: Request, key_id: UUID) -> HttpResponse:
    key = queries.get_key(request.actor, key_id)
    if request.method == "POST":
        operations.revoke_key(request.actor, key_id)
        messages.success(request, _("The key is revoked."))
        return redirect("pay:till", key.till_id)
    back_url = reverse("pay:till", args=[key.till_id])
    return render(request, "pay/revoke_key.html", {"key": key, "back_url": back_url})
