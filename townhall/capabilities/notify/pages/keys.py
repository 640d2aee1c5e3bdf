"""Keys for programs that send messages."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.notify import operations, queries
from townhall.capabilities.notify.errors import InTrial
from townhall.capabilities.notify.forms.programs import KeyForm
from townhall.capabilities.notify.pages.asking import ask, typed
from townhall.machinery.errors import Conflict, Invalid
from townhall.machinery.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    return render(request, "notify/keys.html", {"keys": queries.list_keys(request.actor)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: Request) -> HttpResponse:
    """The new key stands in the answer itself: a redirect would have to keep it somewhere."""
    form = KeyForm(typed(request))
    form.offer(queries.list_senders_for_keys(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            key = operations.make_api_key(request.actor, **form.cleaned_data)
        except InTrial as refusal:
            form.add_error("key_type", str(refusal))
        except (Invalid, Conflict) as refusal:
            form.add_error("name", str(refusal))
        else:
            base_url = request.build_absolute_uri("/")
            return render(request, "notify/new_key.html", {"key": key, "base_url": base_url})
    context = {"title": _("Make a key"), "button_text": _("Make the key")}
    return ask(request, form, "notify/make_key.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: Request, key_id: UUID) -> HttpResponse:
    if request.method == "POST":
        operations.revoke_api_key(request.actor, key_id)
        messages.success(request, _("The key is revoked."))
        return redirect("notify:keys")
    return render(
        request, "notify/revoke_key.html", {"key": queries.get_key(request.actor, key_id)}
    )
