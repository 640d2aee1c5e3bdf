"""Senders: whether they are live, what they may send, and whom they may be tried on."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.notify import operations, permissions, queries, records
from townhall.capabilities.notify.errors import MessageTooLong, NotAnAddress, NotAPhoneNumber
from townhall.capabilities.notify.forms.senders import (
    AskToGoLiveForm,
    ChannelsForm,
    GuestForm,
    LimitsForm,
    PrefixForm,
)
from townhall.capabilities.notify.pages.asking import ask, typed
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rules.phones import write_phone
from townhall.machinery.errors import Conflict, Invalid
from townhall.machinery.http import Request

MESSAGES: dict[str, str | Promise] = {
    Channel.EMAIL: gettext_lazy("Emails"),
    Channel.SMS: gettext_lazy("Text messages"),
    records.ABROAD: gettext_lazy("Text messages to other countries"),
    Channel.LETTER: gettext_lazy("Letters"),
}


@require_safe
def index(request: Request) -> HttpResponse:
    return render(
        request, "notify/senders.html", {"senders": queries.list_sender_states(request.actor)}
    )


@require_safe
def one(request: Request, sender_id: UUID) -> HttpResponse:
    sender = queries.get_sender_state(request.actor, sender_id)
    context = {
        "sender": sender,
        "sends": [MESSAGES[channel] for channel in Channel if channel in sender.standing.channels],
        "a_day": numbers(sender.standing.most_a_day),
        "asked": queries.list_going_live(request.actor, sender_id),
        "may_decide": permissions.DECIDE_GOING_LIVE in request.actor.may,
        "back_url": reverse("notify:senders"),
    }
    return render(request, "notify/sender.html", context)


def numbers(of: Mapping[str, int]) -> list[tuple[str, str]]:
    """Numbers of messages of each kind, as they are read."""
    return [(str(label), f"{of[kind]:,}") for kind, label in MESSAGES.items() if kind in of]


@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: Request, sender_id: UUID) -> HttpResponse:
    sender = queries.get_sender_state(request.actor, sender_id)
    form = ChannelsForm(typed(request), initial={"channels": list(sender.standing.channels)})
    if form.is_bound and form.is_valid():
        operations.choose_channels(request.actor, sender_id, **form.cleaned_data)
        messages.success(request, _("It is changed."))
        return redirect("notify:sender", sender_id)
    context = {
        "title": _("What %(sender)s may send") % {"sender": sender.name},
        "button_text": _("Save"),
        "back_url": reverse("notify:sender", args=[sender_id]),
    }
    return ask(request, form, "machinery/form.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def prefix(request: Request, sender_id: UUID) -> HttpResponse:
    sender = queries.get_sender_state(request.actor, sender_id)
    form = PrefixForm(typed(request), initial={"words": sender.prefix})
    if form.is_bound and form.is_valid():
        try:
            operations.set_prefix(request.actor, sender_id, prefix=form.cleaned_data["words"])
        except MessageTooLong as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("It is changed."))
            return redirect("notify:sender", sender_id)
    context = {
        "title": _("How text messages begin"),
        "button_text": _("Save"),
        "back_url": reverse("notify:sender", args=[sender_id]),
    }
    return ask(request, form, "machinery/form.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: Request, sender_id: UUID) -> HttpResponse:
    form = LimitsForm(typed(request), initial=queries.get_sender_limits(request.actor, sender_id))
    back_url = reverse("notify:going_live")
    if permissions.MANAGE_KEYS in request.actor.may:
        back_url = reverse("notify:sender", args=[sender_id])
    if form.is_bound and form.is_valid():
        operations.agree_limits(request.actor, sender_id, most_a_day=form.cleaned_data)
        messages.success(request, _("It is changed."))
        return redirect(back_url)
    context = {"title": _("Messages a day once it is live"), "button_text": _("Save")}
    return ask(request, form, "machinery/form.html", back_url=back_url, **context)


@require_safe
def guests(request: Request, sender_id: UUID) -> HttpResponse:
    listed = queries.list_guests(request.actor, sender_id)
    rows = [(guest, write_phone(guest.phone) if guest.phone else "") for guest in listed]
    context = {
        "sender": queries.get_sender_state(request.actor, sender_id),
        "groups": [
            (_("Team"), [row for row in rows if row[0].is_team]),
            (_("Guests"), [row for row in rows if not row[0].is_team]),
        ],
        "back_url": reverse("notify:sender", args=[sender_id]),
    }
    return render(request, "notify/guests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_guest(request: Request, sender_id: UUID) -> HttpResponse:
    queries.get_sender_state(request.actor, sender_id)
    form = GuestForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            operations.add_guest(request.actor, sender_id, **form.cleaned_data)
        except NotAPhoneNumber as refusal:
            form.add_error("phone", str(refusal))
        except NotAnAddress as refusal:
            form.add_error("email", str(refusal))
        except (Invalid, Conflict) as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("They are on the list."))
            return redirect("notify:guests", sender_id)
    context = {"title": _("Add someone to the team and guest list"), "button_text": _("Add")}
    context["back_url"] = reverse("notify:guests", args=[sender_id])
    return ask(request, form, "machinery/form.html", **context)


@require_POST
def remove_guest(request: Request, sender_id: UUID, guest_id: UUID) -> HttpResponse:
    queries.get_sender_state(request.actor, sender_id)
    operations.remove_guest(request.actor, guest_id)
    messages.success(request, _("They are off the list."))
    return redirect("notify:guests", sender_id)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_go_live(request: Request, sender_id: UUID) -> HttpResponse:
    sender = queries.get_sender_state(request.actor, sender_id)
    form = AskToGoLiveForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            operations.ask_to_go_live(request.actor, sender_id, **form.expected())
        except Conflict as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("You have asked. Somebody else decides it."))
            return redirect("notify:sender", sender_id)
    context = {
        "sender": sender,
        "checklist": queries.get_checklist(request.actor, sender_id),
        "back_url": reverse("notify:sender", args=[sender_id]),
    }
    return ask(request, form, "notify/ask_to_go_live.html", **context)
