"""/token and /userinfo: what a relying party's own program asks for."""

import re

from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from townhall.capabilities.identity import operations, queries, records
from townhall.capabilities.identity.api.callers import fault, named
from townhall.capabilities.identity.api.provider import Asking, Client, Fault, Json, Provider
from townhall.capabilities.identity.errors import KeysUnreadable, NoSuchCode
from townhall.capabilities.identity.records import Authentication
from townhall.machinery.http import Request

BEARER = re.compile(r"Bearer +([A-Za-z0-9._~+/=-]{1,200})", re.IGNORECASE)


class Code:
    """What Authlib asks of a code."""

    def __init__(self, record: records.Code) -> None:
        self.record = record
        self.code_challenge = record.code_challenge
        self.code_challenge_method = "S256"  # there is no other

    def get_redirect_uri(self) -> str:
        return self.record.redirect_uri


class Grant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib has no types
    TOKEN_ENDPOINT_AUTH_METHODS = [each.value for each in Authentication]
    request: Asking
    server: Provider

    def validate_token_request(self) -> None:
        form = self.request.form
        for name in ("redirect_uri", "code"):
            if not form.get(name):
                raise Fault("invalid_request", f"The {name} is missing")
        if not form.get("client_assertion") and not form.get("client_secret"):
            raise Fault("invalid_request", "There is nothing to authenticate the client by")
        super().validate_token_request()

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        """One that is not known, or was used: then whoever used it has nothing of it any more."""
        try:
            found = queries.find_code(self.server.actor, client.party.id, code=code)
        except NoSuchCode:
            return None
        if found.was_used:
            operations.revoke_release(self.server.actor, found.release_id)
            return None
        return Code(found)

    def create_token_response(self) -> tuple[int, Json, list[tuple[str, str]]]:
        release_id = self.request.authorization_code.record.release_id
        try:
            tokens = operations.redeem_code(
                self.server.actor, release_id, issuer=self.server.issuer
            )
        except NoSuchCode as refusal:
            operations.revoke_release(self.server.actor, release_id)
            raise Fault(refusal.error, str(refusal)) from refusal
        body = {
            "access_token": tokens.access_token,
            "token_type": "Bearer",
            "expires_in": tokens.expires_in_seconds,
            "id_token": tokens.id_token,
        }
        return 200, body, self.TOKEN_RESPONSE_HEADER


@csrf_exempt
@named
def token(request: Request) -> HttpResponse:
    if request.method != "POST":
        return fault("The method must be POST.", 405)
    if not request.POST.get("grant_type"):
        return fault("The grant_type is missing", 400)
    provider = Provider(request)
    provider.register_grant(Grant, [CodeChallenge(required=False)])
    try:
        response: HttpResponse = provider.create_token_response(request)
    except OAuth2Error as error:
        return provider.handle_response(*error())
    except KeysUnreadable as refusal:
        return _failed(refusal)
    return response


@csrf_exempt
@named
def userinfo(request: Request) -> HttpResponse:
    if request.method not in ("GET", "POST"):
        return fault("The method must be GET or POST.", 405)
    match = BEARER.fullmatch(request.headers.get("Authorization", ""))
    if match is None:
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    provider = Provider(request)
    holder = queries.find_holder(provider.actor, token=match[1])
    actor = provider.acting_as(holder.name) if holder else provider.actor
    try:
        told = operations.release_userinfo(actor, token=match[1])
    except NoSuchCode as refusal:
        says = f'Bearer error="{refusal.error}", error_description="{refusal}"'
        return HttpResponse(status=401, headers={"WWW-Authenticate": says})
    except KeysUnreadable as refusal:
        return _failed(refusal)
    return JsonResponse(told.claims)


def _failed(refusal: KeysUnreadable) -> HttpResponse:
    body = {"error": "temporarily_unavailable", "error_description": str(refusal)}
    return JsonResponse(body, status=503)
