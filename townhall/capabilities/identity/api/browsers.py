"""/authorize and /logout: where relying parties send people's browsers."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from townhall.capabilities.identity import operations, queries, records, sessions
from townhall.capabilities.identity.api.callers import named
from townhall.capabilities.identity.api.provider import Asking, Client, Json, Payload, Provider
from townhall.capabilities.identity.errors import BadOpenIdRequest
from townhall.capabilities.identity.rules.asking import MODES, read_request
from townhall.capabilities.identity.rules.steps import Refusal, Standing, Step, next_step
from townhall.capabilities.identity.rules.vectors import (
    credential_wanted,
    level_met,
    level_to_prove,
)
from townhall.machinery.http import Request


class Unanswerable(Exception):
    """Nobody who asked is known, or not where the answer would go: it is told to the person."""


class Grant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib has no types
    """That the form of the code challenge is right is all that is left for Authlib to see here."""


@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorize(request: Request) -> HttpResponse:
    if request.method == "POST":  # by which browsers send no session from another site
        given = urlencode(dict(request.POST.lists()), doseq=True, errors="replace")
        return HttpResponseRedirect(f"{request.path}?{given}", status=303)
    provider = Provider(request)
    asking = provider.create_oauth2_request(request)
    try:
        client = _client(provider, asking)
        _read_signed(provider, asking, client)
        response = _answer(request, provider, asking, client)
    except Unanswerable as error:
        return render(request, "identity/openid_refused.html", {"why": str(error)}, status=400)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
@named
def logout(request: Request) -> HttpResponse:
    """Sign out here and at every relying party of this session, if the one that asks knows it."""
    provider = Provider(request)
    given = Payload(request.POST if request.method == "POST" else request.GET).data
    claims = _claims_of_hint(provider, given.get("id_token_hint", ""))
    client = provider.query_client(claims.get("aud")) if claims else None
    if client is None:
        return redirect("account_logout")
    if sessions.is_openid_session(request, str(claims.get("sid"))):
        get_adapter().logout(request)
    uri = given.get("post_logout_redirect_uri", "")
    if uri not in client.party.registration.post_logout_uris:
        return redirect(settings.LOGOUT_REDIRECT_URL)
    state = given.get("state")
    return HttpResponseRedirect(add_params_to_uri(uri, {"state": state} if state else {}))


def _client(provider: Provider, asking: Asking) -> Client:
    """Who asks; and their `redirect_uri`, unless it is within a signed request."""
    client = provider.query_client(asking.payload.client_id)
    if client is None:
        raise Unanswerable("client_id")
    return client


def _read_signed(provider: Provider, asking: Asking, client: Client) -> None:
    """Let the request be what was signed, if it was. Nothing unsigned is then looked at."""
    if "request_uri" not in asking.payload.data:
        try:
            provider.execute_hook("before_get_authorization_grant", asking)
        except (OAuth2Error, UnicodeEncodeError) as error:
            raise Unanswerable("request") from error
    if not client.check_redirect_uri(asking.payload.redirect_uri):
        raise Unanswerable("redirect_uri")
    if (asking.payload.data.get("response_mode") or "query") not in MODES:
        raise Unanswerable("response_mode")


def _answer(request: Request, provider: Provider, asking: Asking, client: Client) -> HttpResponse:
    given = asking.payload.data
    try:
        asked = _read(provider, asking, client)
        response = _next(request, client.party, asked)
    except BadOpenIdRequest as refusal:
        return _refused(given, refusal.error, str(refusal))
    except OAuth2Error as error:
        return _refused(given, error.error, error.get_error_description())
    except Refusal as refusal:
        return _refused(given, refusal.error, "The person did not sign in, or did not agree")
    if asked.language:
        name, age = settings.LANGUAGE_COOKIE_NAME, settings.SESSION_COOKIE_AGE
        secure = settings.LANGUAGE_COOKIE_SECURE
        response.set_cookie(name, asked.language, max_age=age, secure=secure, httponly=True)
    return response


def _read(provider: Provider, asking: Asking, client: Client) -> records.Wanted:
    given, known = asking.payload.data, client.party.registration
    repeated = [name for name, values in asking.payload.datalist.items() if len(values) > 1]
    if repeated:
        raise BadOpenIdRequest("invalid_request", "A parameter is given twice")
    if asking.was_signed:
        _require_ours(provider, client, given)
    asked = read_request(given, scopes=known.scopes, claims=known.claims, levels=known.levels)
    asking.client = client
    CodeChallenge(required=False).validate_code_challenge(Grant(asking, provider), None)
    return asked


def _require_ours(provider: Provider, client: Client, given: Json) -> None:
    """That what was signed is for us, by them; as One Login refuses what is not."""
    if given.get("aud") not in (f"{provider.issuer}authorize", provider.issuer):
        raise BadOpenIdRequest("access_denied", "The request is for somebody else")
    if given.get("iss") != client.party.client_id:
        raise BadOpenIdRequest("unauthorized_client", "The request is by somebody else")


def _next(request: Request, party: records.RelyingParty, asked: records.Wanted) -> HttpResponse:
    """Send them to the page where they do what is still to be done, or back with a code."""
    visit = sessions.Visit(request, request.get_full_path())
    is_signed_in = request.actor.person_id is not None
    agreed = queries.find_agreed(request.actor, party.id) if is_signed_in else None
    standing = sessions.standing_of(request, visit, agreed)
    try:
        step = next_step(asked, standing, now=timezone.now())
    except Refusal:
        visit.forget()
        raise
    if step is Step.ANSWER:
        visit.forget()
        return _with_code(request, party, asked, standing)
    if step is Step.SIGN_IN_AGAIN:
        sessions.sign_in_again(request, visit)
    return _away(request, party, asked, visit, step)


def _away(
    request: Request,
    party: records.RelyingParty,
    asked: records.Wanted,
    visit: sessions.Visit,
    step: Step,
) -> HttpResponse:
    """To the page of a step. The session has the way back, which may be too long to be passed on."""
    visit.note()
    go_on = f"{reverse('identity:go_on')}?{urlencode({'visit': visit.id})}"
    if step in (Step.SIGN_IN, Step.SIGN_IN_AGAIN):
        return _to("account_login", next=go_on)
    if step is Step.SECOND_FACTOR:
        return _to(sessions.page_for_second_factor(request), next=go_on)
    if step is Step.PROVE:
        visit.note(was_sent_to_prove=True)
        return _to("identity:prove", level=level_to_prove(asked.vectors), next=go_on)
    visit.note(relying_party_id=str(party.id), shares=sorted(asked.shares))
    return redirect("identity:share", visit.id)


def _with_code(
    request: Request, party: records.RelyingParty, asked: records.Wanted, standing: Standing
) -> HttpResponse:
    outcome = records.Outcome(
        level=level_met(asked.vectors, standing.proven) or records.Level.P0,
        credential=credential_wanted(asked.vectors),
        authenticated_at=standing.authenticated_at or timezone.now(),
        session=sessions.openid_session(request),
    )
    _release, code = operations.start_release(request.actor, party.id, asked=asked, outcome=outcome)
    given = {"code": code, "state": asked.state}
    return HttpResponseRedirect(
        add_params_to_uri(asked.redirect_uri, given, fragment=asked.in_fragment)
    )


def _refused(given: Json, error: str, description: str) -> HttpResponse:
    """Tell the relying party, where it may be told."""
    told = {"error": error, "error_description": description}
    state = given.get("state", "")
    if state and state.isprintable():  # what is not, may be no text that an address can hold
        told["state"] = state
    in_fragment = given.get("response_mode") == "fragment"
    return HttpResponseRedirect(
        add_params_to_uri(given["redirect_uri"], told, fragment=in_fragment)
    )


def _to(page: str, **words: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode(words)}")


def _claims_of_hint(provider: Provider, hint: str) -> Json:
    """What an id token of ours says, however old it is; nothing if it is not ours."""
    found = queries.list_published_keys(provider.actor)
    known = KeySet.import_key_set({"keys": [each.public for each in found]})
    try:
        return jwt.decode(hint, known, algorithms=list(records.Signing)).claims
    except (JoseError, ValueError, TypeError):
        return {}
