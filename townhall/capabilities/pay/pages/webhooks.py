"""Webhooks of a till: where its program is told, its secret, and what came of each message."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.pay import operations, permissions, queries, records
from townhall.capabilities.pay.errors import TooManyWebhooks
from townhall.capabilities.pay.forms.webhooks import WebhookChangeForm, WebhookForm
from townhall.capabilities.pay.pages import showing
from townhall.capabilities.pay.pages.asking import ask, typed
from townhall.capabilities.pay.records import WebhookEvent
from townhall.capabilities.pay.records.words import WEBHOOK_EVENTS
from townhall.machinery.http import Request
from townhall.machinery.outside import UnfitAddress


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, till_id: UUID) -> HttpResponse:
    till = queries.get_till(request.actor, till_id)
    form = WebhookForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            webhook, _secret = operations.add_webhook(request.actor, till_id, **_answers(form))
        except UnfitAddress as refusal:
            form.add_error("url", str(refusal))
        except TooManyWebhooks as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The webhook is added."))
            return redirect("pay:webhook", webhook.id)
    context = {
        "title": _("Add a webhook to %(till)s") % {"till": till.name},
        "button_text": _("Add the webhook"),
        "back_url": reverse("pay:till", args=[till_id]),
    }
    return ask(request, form, "pay/form.html", **context)


@never_cache
@require_safe
def one(request: Request, webhook_id: UUID) -> HttpResponse:
    """With its secret, so no cache keeps it; `?failed=yes` leaves out what was taken."""
    webhook = queries.get_webhook(request.actor, webhook_id)
    is_narrowed = request.GET.get("failed") == "yes"
    listed = queries.list_failed_webhook_messages if is_narrowed else queries.list_webhook_messages
    page = listed(request.actor, webhook_id, place=request.GET.get("place"))
    context = {
        "webhook": webhook,
        "till": queries.get_till(request.actor, webhook.till_id),
        "secret": queries.get_webhook_secret(request.actor, webhook_id),
        "told_of": [WEBHOOK_EVENTS[event] for event in webhook.events],
        "page": page,
        "rows": [_row(message) for message in page.rows],
        "is_narrowed": is_narrowed,
        "may_see": permissions.SEE in request.actor.may,
    }
    return render(request, "pay/webhook.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, webhook_id: UUID) -> HttpResponse:
    webhook = queries.get_webhook(request.actor, webhook_id)
    now = {name: getattr(webhook, name) for name in WebhookChangeForm.base_fields}
    form = WebhookChangeForm(typed(request), initial=now)
    if form.is_bound and form.is_valid():
        is_active = form.cleaned_data["is_active"]
        try:
            operations.change_webhook(
                request.actor, webhook_id, **_answers(form), is_active=is_active
            )
        except UnfitAddress as refusal:
            form.add_error("url", str(refusal))
        else:
            messages.success(request, _("The webhook is changed."))
            return redirect("pay:webhook", webhook_id)
    context = {
        "title": _("Change the webhook"),
        "button_text": _("Save"),
        "back_url": reverse("pay:webhook", args=[webhook_id]),
    }
    return ask(request, form, "pay/form.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def renew_secret(request: Request, webhook_id: UUID) -> HttpResponse:
    webhook = queries.get_webhook(request.actor, webhook_id)
    if request.method == "POST":
        operations.renew_secret(request.actor, webhook_id)
        messages.success(request, _("The secret is renewed. Give the program the new one."))
        return redirect("pay:webhook", webhook_id)
    return _sure(request, webhook, "pay/renew_secret.html")


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, webhook_id: UUID) -> HttpResponse:
    webhook = queries.get_webhook(request.actor, webhook_id)
    if request.method == "POST":
        operations.remove_webhook(request.actor, webhook_id)
        messages.success(request, _("The webhook is removed."))
        return redirect("pay:till", webhook.till_id)
    return _sure(request, webhook, "pay/remove_webhook.html")


@require_POST
def try_again(request: Request, message_id: UUID) -> HttpResponse:
    message = operations.try_again(request.actor, message_id)
    messages.success(request, _("It is tried again."))
    return redirect("pay:webhook", message.webhook_id)


def _answers(form: WebhookForm) -> dict[str, Any]:  # Any: arguments of two operations
    return {
        "url": form.cleaned_data["url"],
        "description": form.cleaned_data["description"],
        "events": [WebhookEvent(each) for each in form.cleaned_data["events"]],
    }


def _row(message: records.WebhookMessage) -> tuple[records.WebhookMessage, str, showing.Tag]:
    return message, str(WEBHOOK_EVENTS[message.event]), showing.message_tag(message)


def _sure(request: Request, webhook: records.Webhook, page: str) -> HttpResponse:
    back_url = reverse("pay:webhook", args=[webhook.id])
    return render(request, page, {"webhook": webhook, "back_url": back_url})
