"""What pages ask first: which kind of message, and whose."""

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from townhall.capabilities.notify import queries
from townhall.capabilities.notify.errors import NoSuchFolder, NoSuchSender
from townhall.capabilities.notify.forms.templates import KindForm
from townhall.machinery.http import Request
from townhall.machinery.pages.forms import Form


def typed(request: Request) -> QueryDict | None:
    """What a form was sent with, or None for a form that is only shown."""
    return request.POST if request.method == "POST" else None


def ask(request: Request, form: Form, page: str, /, **context: object) -> HttpResponse:
    """Show a form on a page; one with wrong answers answers 422."""
    status = 422 if form.errors else 200
    return render(request, page, {"form": form, **context}, status=status)


def ask_kind(request: Request, then: str, *, title: str, back: str) -> HttpResponse:
    """Ask for a channel and a sender, and lead to the page that `then` names for that channel."""
    form = KindForm(typed(request))
    form.offer(queries.list_senders(request.actor))
    if form.is_bound and form.is_valid():
        url = reverse(then.format(channel=form.cleaned_data["channel"]))
        going = {"sender": form.cleaned_data.get("sender"), "folder": request.GET.get("folder")}
        asked = urlencode({name: value for name, value in going.items() if value})
        return redirect(f"{url}?{asked}" if asked else url)
    context = {"title": title, "back_url": reverse(back)}
    return ask(request, form, "machinery/form.html", **context)


def asked_sender(request: Request) -> str:
    """Whose the new thing is, as the address says. Raises NoSuchSender."""
    senders = queries.list_senders(request.actor)
    asked = request.GET.get("sender", senders[0])
    if asked not in senders:
        raise NoSuchSender(_("There is no such sender."))
    return asked


def asked_folder(request: Request) -> UUID | None:
    """The folder that the new thing goes into, as the address says. Raises NoSuchFolder."""
    known = {str(folder.id): folder.id for folder in queries.list_folders(request.actor)}
    asked = request.GET.get("folder")
    if asked and asked not in known:
        raise NoSuchFolder(_("There is no such folder."))
    return known[asked] if asked else None
