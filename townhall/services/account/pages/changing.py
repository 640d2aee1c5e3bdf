"""Correcting what is held: details at once, the email address once it is shown to be theirs."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from townhall.capabilities.identity import errors, sessions
from townhall.capabilities.identity import operations as identity
from townhall.capabilities.identity import queries as people
from townhall.machinery.errors import NotAllowed, Refused
from townhall.machinery.http import Request
from townhall.machinery.pages.forms import Form
from townhall.services.account import forms, operations
from townhall.services.account.service import SEE_OWN

View = Callable[..., HttpResponse]


def proved_lately(view: View) -> View:
    """Lead elsewhere first whoever has not: they may have left the browser open. They come back."""

    @wraps(view)
    def look_first(request: Request, **arguments: Any) -> HttpResponse:  # Any: the address's
        require_oneself(request)
        page = sessions.page_to_prove_again(request, sessions.person_of(request))
        if page:
            return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")
        return view(request, **arguments)

    return look_first


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: Request) -> HttpResponse:
    require_oneself(request)
    myself = people.get_myself(request.actor)
    known = {"name": myself.name, "phone": myself.phone, "language": myself.language}
    form = forms.Details(_typed(request), initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            identity.correct_person(request.actor, **form.cleaned_data)
        except errors.BadAnswer as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("Your details have been changed."))
            return redirect("account:held")
    return _ask(
        request, form, title=_("Correct your details"), back="account:held", button=_("Save")
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proved_lately
def address(request: Request) -> HttpResponse:
    form = forms.NewAddress(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            operations.ask_new_address(request.actor, email=form.cleaned_data["email"])
        except (errors.BadAnswer, errors.TooManyCodes) as refusal:
            _show(form, refusal)
        else:
            return redirect("account:code")
    title = _("Change your email address")
    return _ask(request, form, title=title, back="account:held", button=_("Send the code"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proved_lately
def code(request: Request) -> HttpResponse:
    form = forms.Code(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            here = sessions.handle_of(request)
            operations.confirm_new_address(request.actor, **form.cleaned_data, session=here)
        except (errors.WrongCode, errors.NameTaken) as refusal:
            _show(form, refusal, field="code")
        else:
            messages.success(request, _("Your email address has been changed."))
            return redirect("account:held")
    title = _("Enter the code")
    return _ask(request, form, title=title, back="account:address", button=_("Continue"))


def require_oneself(request: Request) -> None:
    """Raise NotAllowed for nobody, and for whoever acts for someone else."""
    request.actor.require(SEE_OWN)
    if request.actor.person_id is None:
        raise NotAllowed(_("Sign in first."))


def _typed(request: Request) -> Any:  # Any: what Django's forms take
    return request.POST if request.method == "POST" else None


def _ask(request: Request, form: Form, *, title: str, back: str, button: str) -> HttpResponse:
    context = {"form": form, "title": title, "back_url": reverse(back), "button_text": button}
    status = 422 if form.errors else 200
    return render(request, "machinery/form.html", context, status=status)


def _show(form: Form, refusal: Refused, *, field: str | None = None) -> None:
    fields = getattr(refusal, "fields", {}) or {field: str(refusal)}
    for name, says in fields.items():
        form.add_error(name if name in form.fields else None, says)
