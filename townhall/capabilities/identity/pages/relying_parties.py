"""/identity/relying-parties/: the services of others that people sign in to, for staff."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.identity import forms, operations, permissions, queries, records
from townhall.capabilities.identity.errors import BadAnswer
from townhall.capabilities.identity.forms import CLAIMS, LEVELS, SCOPES, WAYS
from townhall.capabilities.identity.pages.asking import ask, show_refusal, typed
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.http import Request
from townhall.machinery.outside import UnfitAddress, Unreached

NEW = {"authentication": "private_key_jwt", "signing": "ES256", "scopes": ["email"]}


@require_safe
def relying_parties(request: Request) -> HttpResponse:
    page = queries.list_relying_parties(request.actor, place=request.GET.get("place"))
    keys = queries.list_signing_keys(request.actor)
    return render(request, "identity/relying_parties.html", {"page": page, "keys": keys})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    request.actor.require(permissions.MANAGE_RELYING_PARTIES)
    form = forms.EditRelyingParty(typed(request), initial=NEW)
    if form.is_bound and form.is_valid():
        told = form.registration()
        try:
            party, secret = operations.register_relying_party(request.actor, told=told)
        except BadAnswer as refusal:
            show_refusal(form, refusal)
        else:
            _fetch_keys(request, party)
            return _one(request, party, secret=secret) if secret else _to(party.id)
    back = reverse("identity:relying_parties")
    title = _("Register a service")
    return ask(request, form, title=title, button_text=_("Register"), back_url=back)


@require_safe
def one(request: Request, relying_party_id: UUID) -> HttpResponse:
    return _one(request, queries.get_relying_party(request.actor, relying_party_id))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, relying_party_id: UUID) -> HttpResponse:
    party = queries.get_relying_party(request.actor, relying_party_id)
    form = forms.EditRelyingParty(
        typed(request), initial=forms.EditRelyingParty.typed_of(party.registration)
    )
    if form.is_bound and form.is_valid():
        told = form.registration()
        try:
            party = operations.change_relying_party(request.actor, relying_party_id, told=told)
        except BadAnswer as refusal:
            show_refusal(form, refusal)
        else:
            _fetch_keys(request, party)
            return _to(relying_party_id)
    back = reverse("identity:relying_party", args=[relying_party_id])
    title = _("Change %(name)s") % {"name": party.name}
    return ask(request, form, title=title, button_text=_("Save"), back_url=back)


@require_http_methods(["GET", "HEAD", "POST"])
def logo(request: Request, relying_party_id: UUID) -> HttpResponse:
    party = queries.get_relying_party(request.actor, relying_party_id)
    form = forms.ChooseLogo(typed(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data["logo"]
        try:
            operations.set_relying_party_logo(
                request.actor, relying_party_id, content=given.read(), filename=given.name
            )
        except Invalid as refusal:
            show_refusal(form, refusal, field="logo")
        else:
            return _to(relying_party_id)
    back = reverse("identity:relying_party", args=[relying_party_id])
    title = _("Logo of %(name)s") % {"name": party.name}
    return ask(request, form, title=title, button_text=_("Save"), back_url=back)


@never_cache
@require_POST
def renew_secret(request: Request, relying_party_id: UUID) -> HttpResponse:
    secret = operations.renew_relying_party_secret(request.actor, relying_party_id)
    party = queries.get_relying_party(request.actor, relying_party_id)
    return _one(request, party, secret=secret)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request, relying_party_id: UUID) -> HttpResponse:
    party = queries.get_relying_party(request.actor, relying_party_id)
    if request.method == "POST":
        operations.close_relying_party(request.actor, relying_party_id)
        return _to(relying_party_id)
    return render(request, "identity/close_relying_party.html", {"party": party})


@require_POST
def open_again(request: Request, relying_party_id: UUID) -> HttpResponse:
    operations.open_relying_party(request.actor, relying_party_id)
    return _to(relying_party_id)


@require_POST
def rotate_keys(request: Request) -> HttpResponse:
    operations.rotate_signing_keys(request.actor)
    messages.success(request, _("We sign with the next keys from now on."))
    return redirect("identity:relying_parties")


@require_POST
def withdraw_keys(request: Request) -> HttpResponse:
    operations.withdraw_signing_keys(request.actor)
    messages.success(request, _("The keys that were in use are withdrawn."))
    return redirect("identity:relying_parties")


def _one(request: Request, party: records.RelyingParty, *, secret: str = "") -> HttpResponse:
    told = party.registration
    context = {
        "party": party,
        "told": told,
        "secret": secret,
        "way": WAYS[told.authentication],
        "levels": [str(LEVELS[each]) for each in told.levels],
        "scopes": [str(SCOPES[each]) for each in told.scopes if each in SCOPES],
        "claims": [str(CLAIMS[each]) for each in told.claims],
    }
    return render(request, "identity/relying_party.html", context)


def _fetch_keys(request: Request, party: records.RelyingParty) -> None:
    """If they are at an address; that it does not answer yet is no reason not to register it."""
    program = Actor(
        "capability:identity", frozenset({permissions.RELEASE}), request.organisation.id
    )
    try:
        operations.fetch_keys(program, party.id)
    except (UnfitAddress, Unreached, BadAnswer) as refusal:
        says = _("Its keys could not be fetched (%(why)s). It is tried again each hour.")
        messages.warning(request, says % {"why": refusal})


def _to(relying_party_id: UUID) -> HttpResponse:
    return redirect("identity:relying_party", relying_party_id)
