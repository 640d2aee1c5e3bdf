"""/identity/console/: a sign-in to a relying party of our own, each step of it shown."""

import base64
import hashlib
import json
import time
from dataclasses import dataclass
from io import BytesIO
from secrets import token_urlsafe
from typing import Any, cast
from urllib.parse import urlencode
from uuid import uuid4

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.identity import forms, operations, permissions, queries
from townhall.capabilities.identity.errors import BadAnswer
from townhall.capabilities.identity.pages.asking import ask, show_refusal, typed
from townhall.capabilities.identity.records import IdentityClaim, Scope
from townhall.machinery.http import Request

TRY = "identity.console"  # what a session remembers of it
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIVES_SECONDS = 300
FORM = "application/x-www-form-urlencoded"
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One step: what was sent, and what came back."""

    title: str
    sent: str
    came: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def console(request: Request) -> HttpResponse:
    request.actor.require(permissions.MANAGE_RELYING_PARTIES)
    form = forms.TryFlow(typed(request))
    if form.is_bound and form.is_valid():
        back = request.build_absolute_uri(reverse("identity:console_back"))
        try:
            party = operations.open_console(request.actor, back_url=back)
        except BadAnswer as refusal:
            show_refusal(form, refusal)
        else:
            return _begin(request, party.client_id, back, form.asked())
    title = _("Try a sign-in")
    back = reverse("identity:relying_parties")
    return ask(request, form, title=title, button_text=_("Begin"), back_url=back)


@never_cache
@require_safe
def back(request: Request) -> HttpResponse:
    """Where the browser comes back to with a code, for which we ask as a program would."""
    request.actor.require(permissions.MANAGE_RELYING_PARTIES)
    tried = request.session.pop(TRY, None)
    if not isinstance(tried, dict):
        return redirect("identity:console")
    answer = request.GET.dict()
    steps = [Shown(title=_("The browser comes back"), sent=tried["address"], came=_pretty(answer))]
    if "code" in answer and answer.get("state") == tried["state"]:
        steps += _exchange(request, tried, answer["code"])
    return render(request, "identity/console.html", {"steps": steps})


def _begin(request: Request, client_id: str, back_url: str, asked: dict[str, str]) -> HttpResponse:
    verifier = token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    plain = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": back_url,
        "scope": " ".join(Scope),
        "state": token_urlsafe(16),
        "nonce": token_urlsafe(16),
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        **asked,
    }
    issuer = _issuer(request)
    signed = queries.sign_as_console(
        request.actor,
        claims={**plain, "iss": client_id, "aud": f"{issuer}authorize", "exp": _soon()},
    )
    outer = {name: plain[name] for name in ("response_type", "client_id", "scope")}
    address = f"{reverse('openid_authorize')}?{urlencode({**outer, 'request': signed})}"
    request.session[TRY] = {**plain, "verifier": verifier, "issuer": issuer, "address": address}
    context = {"signed": _pretty(plain), "address": address}
    return render(request, "identity/console_begin.html", context)


def _exchange(request: Request, tried: dict[str, str], code: str) -> list[Shown]:
    client_id = tried["client_id"]
    about = {"iss": client_id, "sub": client_id, "aud": f"{tried['issuer']}token"}
    assertion = queries.sign_as_console(
        request.actor, claims={**about, "jti": str(uuid4()), "exp": _soon()}
    )
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": tried["redirect_uri"],
        "code_verifier": tried["verifier"],
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion,
    }
    tokens = _ask(request, reverse("openid_token"), form=form)
    steps = [Shown(title=_("The code is exchanged"), sent=_pretty(form), came=_written(tokens))]
    if tokens.status_code != 200:
        return steps
    given = json.loads(tokens.content)
    came = _pretty(_claims_in(given["id_token"]))
    steps.append(Shown(title=_("What the id token says"), sent=given["id_token"], came=came))
    bearer = f"Bearer {given['access_token']}"
    told = _ask(request, reverse("openid_userinfo"), bearer=bearer)
    sent = f"Authorization: {bearer}"
    steps.append(Shown(title=_("What is told of the person"), sent=sent, came=_written(told)))
    if core := json.loads(told.content or b"{}").get(IdentityClaim.CORE_IDENTITY):
        title = _("What the coreIdentityJWT says")
        steps.append(Shown(title=title, sent=core, came=_pretty(_claims_in(core))))
    return steps


def _ask(
    request: Request, path: str, *, form: dict[str, str] | None = None, bearer: str = ""
) -> HttpResponse:
    """Ask our own address as a program would, without its way over the network."""
    body = urlencode(form or {}).encode()
    kept = {name: value for name, value in request.META.items() if name != "HTTP_COOKIE"}
    asked = cast(
        Request,
        WSGIRequest(
            {
                **kept,
                "REQUEST_METHOD": "POST" if form else "GET",
                "PATH_INFO": path,
                "QUERY_STRING": "",
                "CONTENT_TYPE": FORM,
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_USER_AGENT": "Townhall test console",
                "HTTP_AUTHORIZATION": bearer,
                "wsgi.input": BytesIO(body),
            }
        ),
    )
    asked.organisation = request.organisation
    return cast(HttpResponse, resolve(path).func(asked))


def _issuer(request: Request) -> str:
    address = request.organisation.address or request.build_absolute_uri("/")
    return f"{address.rstrip('/')}/"


def _soon() -> int:
    return int(time.time()) + LIVES_SECONDS


def _claims_in(token: str) -> Json:
    """What a token of ours says; whether it is signed is for whoever relies on it to look."""
    part = token.split(".")[1]
    claims: Json = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def _written(response: HttpResponse) -> str:
    body = response.content.decode()
    try:
        body = _pretty(json.loads(body))
    except ValueError:
        body = response.get("WWW-Authenticate", body)
    return f"{response.status_code}\n{body}"


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
