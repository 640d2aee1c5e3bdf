"""/identity/keys/: keys of programs, for administrators."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.identity import forms, operations, permissions, queries, records
from townhall.capabilities.identity.errors import BadAnswer, NameTaken, RenewedAlready
from townhall.capabilities.identity.pages.asking import ask, show_refusal, typed
from townhall.capabilities.identity.pages.rights import is_in_use, last_day
from townhall.machinery.actors import permission_labels
from townhall.machinery.http import Request


@require_safe
def keys(request: Request) -> HttpResponse:
    labels = permission_labels()
    rows = [
        (
            key,
            [labels[each] for each in sorted(key.permissions) if each in labels],
            is_in_use(key),
            last_day(key.ends_at),
        )
        for key in queries.list_program_keys(request.actor)
    ]
    return render(request, "identity/keys.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: Request) -> HttpResponse:
    """The new key stands in the answer itself: a redirect would have to keep it somewhere.

    To send it again, by reloading, is refused: the program has a key by then.
    """
    request.actor.require(permissions.MANAGE_PEOPLE)
    form = forms.MakeKey(typed(request))
    labels = permission_labels()
    form.offer({code: labels[code] for code in labels if code in request.actor.may})
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.make_program_key(request.actor, **form.cleaned_data)
        except (BadAnswer, NameTaken) as refusal:
            show_refusal(form, refusal, field="program")
        else:
            return _show(request, made)
    back = reverse("identity:keys")
    title = _("Make a key for a program")
    return ask(request, form, title=title, button_text=_("Make the key"), back_url=back)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: Request, key_id: UUID) -> HttpResponse:
    key = queries.get_program_key(request.actor, key_id)
    form = forms.RenewKey(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.renew_program_key(request.actor, key_id, **form.cleaned_data)
        except (BadAnswer, RenewedAlready) as refusal:
            show_refusal(form, refusal)
        else:
            return _show(request, made)
    title = _("A new key for %(program)s") % {"program": key.program}
    back = reverse("identity:keys")
    return ask(request, form, "identity/renew_key.html", title=title, back_url=back)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: Request, key_id: UUID) -> HttpResponse:
    key = queries.get_program_key(request.actor, key_id)
    if request.method == "POST":
        operations.revoke_program_key(request.actor, key_id)
        messages.success(request, _("The key is revoked."))
        return redirect("identity:keys")
    context = {"key": key, "back_url": reverse("identity:keys")}
    return render(request, "identity/revoke_key.html", context)


def _show(request: Request, made: records.NewKey) -> HttpResponse:
    address = request.build_absolute_uri("/api/v1/identity/")
    context = {"made": made, "ends_on": last_day(made.ends_at), "address": address}
    return render(request, "identity/new_key.html", context)
