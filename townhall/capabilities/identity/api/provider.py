"""Authlib's authorization server, with our doors for its tables; one for each request.

It reads requests, signed ones too (RFC 9101), authenticates relying parties (RFC 7523) and checks
their codes (RFC 6749, RFC 7636). docs/decisions/0026-the-openid-provider-on-authlib.md says why.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc9101 import JWTAuthenticationRequest
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from townhall.capabilities.identity import operations, queries, records, sessions
from townhall.capabilities.identity.errors import BadAnswer, NoSuchCode
from townhall.capabilities.identity.records import Authentication
from townhall.capabilities.identity.rules.party_keys import ALGORITHMS, Key, keys_of
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request
from townhall.machinery.outside import UnfitAddress, Unreached

Json = dict[str, Any]  # Any: JSON
CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,60}")
SKEW_SECONDS = 60
FURTHEST = timedelta(days=1)  # ahead that an assertion may expire: its name is kept till then
FETCHED_AGAIN_AFTER = timedelta(minutes=1)
LONGEST_JTI = 1_000


class Fault(OAuth2Error):  # type: ignore[misc]  # Authlib has no types
    """What the standard calls an error, and a description for whoever builds the other side."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(error=error, description=description, status_code=status)


def issuer_of(request: Request) -> str:
    """The organisation's address, under which it signs; with the slash that One Login's has."""
    address = request.organisation.address or request.build_absolute_uri("/")
    return f"{address.rstrip('/')}/"


class Client:
    """A relying party, as Authlib wants to ask it."""

    def __init__(self, provider: "Provider", party: records.RelyingParty) -> None:
        self.provider, self.party = provider, party

    def check_redirect_uri(self, uri: object) -> bool:
        return uri in self.party.registration.redirect_uris

    def check_response_type(self, response_type: object) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: object) -> bool:
        return grant_type == "authorization_code"

    def get_allowed_scope(self, scope: str) -> str:
        return scope  # rules.asking looks

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == self.party.registration.authentication

    def check_client_secret(self, secret: str) -> bool:
        return queries.knows_secret(self.provider.actor, self.party.id, secret=secret)

    def keys(self, signed: str) -> Key | KeySet:
        """What its signatures are checked with; asked for again if `signed` names another."""
        party, kid = self.party, _kid_of(signed)
        if party.registration.jwks_url and not _has(party.keys, kid) and self._may_fetch():
            try:
                party = operations.fetch_keys(self.provider.actor, party.id) or party
            except (UnfitAddress, Unreached, BadAnswer) as error:
                says = "The keys of the relying party could not be fetched"
                raise Fault("invalid_client", says) from error
        if not party.keys:
            raise Fault("invalid_client", "No keys of the relying party are known")
        return keys_of(party.keys)

    def _may_fetch(self) -> bool:
        fetched_at = self.party.keys_fetched_at
        return fetched_at is None or timezone.now() - fetched_at > FETCHED_AGAIN_AFTER


class Payload(BasicOAuth2Payload):  # type: ignore[misc]  # Authlib has no types
    """What was sent, the last of what was sent twice; `datalist` has them all."""

    def __init__(self, given: QueryDict | dict[str, str]) -> None:
        super().__init__(given.dict() if isinstance(given, QueryDict) else given)
        if isinstance(given, QueryDict):
            self._datalist = dict(given.lists())


class Asking(OAuth2Request):  # type: ignore[misc]  # Authlib has no types
    """What a relying party sends, itself or by somebody's browser."""

    was_signed = False

    def __init__(self, request: Request) -> None:
        # Whether HTTPS is spoken is the installation's to say, and not for Authlib to look at.
        super().__init__(
            request.method or "", f"https://provider{request.path}", headers=request.headers
        )
        given = request.POST if request.method == "POST" else request.GET
        self.payload, self._given = Payload(given), given

    @property
    def form(self) -> QueryDict:
        return self._given

    @property
    def args(self) -> QueryDict:
        return self._given


class Provider(AuthorizationServer):  # type: ignore[misc]  # Authlib has no types
    """One organisation's, for one request."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.issuer = issuer_of(request)
        self.request = request
        self.actor = self.acting_as("openid")
        SignedRequests()(self)
        self.register_client_auth_method(Authentication.PRIVATE_KEY, Assertion(self))

    def acting_as(self, name: str) -> Actor:
        return sessions.acting_as_party(self.request, name)

    def query_client(self, client_id: object) -> Client | None:
        if not isinstance(client_id, str) or not CLIENT_ID.fullmatch(client_id):
            return None
        party = queries.find_relying_party(self.actor, client_id)
        if party is None:
            return None
        self.actor = self.acting_as(party.name)
        return Client(self, party)

    def create_oauth2_request(self, request: Request) -> Asking:
        return Asking(request)

    def handle_response(
        self, status: int, payload: Json | str, headers: list[tuple[str, str]]
    ) -> HttpResponse:
        return HttpResponse(json.dumps(payload), status=status, headers=dict(headers))

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens: what happens is in the audit."""


class Assertion(JWTBearerClientAssertion):  # type: ignore[misc]  # Authlib has no types
    """`private_key_jwt`: a relying party signs that it is itself."""

    CLIENT_AUTH_METHOD = Authentication.PRIVATE_KEY.value

    def __init__(self, provider: Provider) -> None:
        super().__init__(leeway=SKEW_SECONDS)
        self.provider, self.signed = provider, ""
        self.client: Client | None = None

    def __call__(self, query_client: object, request: Asking) -> Client | None:
        if "client_assertion" not in request.form:
            return None
        if request.form.get("client_assertion_type") != self.CLIENT_ASSERTION_TYPE:
            raise Fault("invalid_request", "The client_assertion_type is not known")
        self.signed = str(request.form["client_assertion"])
        _headers, claims = self.extract_assertion(self.signed)
        claimed = request.form.get("client_id", claims.get("sub"))
        if claimed != claims.get("sub"):
            raise Fault("invalid_request", "The client_id is not the subject of the assertion")
        self.client = self.provider.query_client(claimed)
        if self.client is None:
            raise Fault("invalid_client", "Client authentication failed", status=401)
        found: Client | None = super().__call__(lambda _client_id: self.client, request)
        return found

    def extract_assertion(self, assertion: str) -> tuple[Json, Json]:
        try:
            headers, claims = super().extract_assertion(assertion)
        except (OAuth2Error, ValueError, RecursionError) as error:
            raise Fault("invalid_request", "The private_key_jwt cannot be read") from error
        return headers, claims

    def resolve_client_public_key(self, client: Client) -> Key | KeySet:
        return client.keys(self.signed)

    def get_audiences(self) -> list[str]:
        return [self.provider.issuer, f"{self.provider.issuer}token"]

    def process_assertion_claims(self, assertion: str, resolve_key: Key | KeySet) -> Json:
        try:
            token = jwt.decode(assertion, resolve_key, algorithms=list(ALGORITHMS))
        except (JoseError, ValueError, TypeError) as error:
            says = "The signature of the private_key_jwt is not right"
            raise Fault("invalid_client", says) from error
        expires = token.claims.get("exp")
        if isinstance(expires, int | float) and expires + SKEW_SECONDS < _now():
            raise Fault("invalid_grant", "The private_key_jwt has expired")
        self.verify_claims(token.claims)
        return token.claims

    def validate_jti(self, claims: Json, jti: object) -> bool:
        if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
            return False
        if claims["exp"] > _now() + FURTHEST.total_seconds():
            raise Fault("invalid_client", "The private_key_jwt would be good for too long")
        expires_at = datetime.fromtimestamp(claims["exp"], UTC) + timedelta(seconds=SKEW_SECONDS)
        assert self.client is not None  # it is after it was found that claims are looked at
        try:
            operations.note_assertion(
                self.provider.actor, self.client.party.id, jti=jti, expires_at=expires_at
            )
        except NoSuchCode:
            return False
        return True


class SignedRequests(JWTAuthenticationRequest):  # type: ignore[misc]  # Authlib has no types
    """The `request` parameter. One at an address would have us call wherever somebody says."""

    claims_validator = jwt.JWTClaimsRegistry(leeway=SKEW_SECONDS, client_id={"essential": True})

    def __init__(self) -> None:
        super().__init__(support_request=True, support_request_uri=False)
        self.signed = ""

    def parse_authorization_request(self, server: Provider, request: Asking) -> None:
        self.signed = request.payload.data.get("request", "")
        super().parse_authorization_request(server, request)
        if self.signed:
            given = {name: _as_text(value) for name, value in request.payload.data.items()}
            request.payload = Payload(given)
            request.was_signed = True

    def resolve_client_public_key(self, client: Client) -> Key | KeySet:
        return client.keys(self.signed)

    def get_server_metadata(self) -> Json:
        return {"request_object_signing_alg_values_supported": list(ALGORITHMS)}


def _kid_of(signed: str) -> object:
    try:
        return jws.extract_compact(signed.encode()).headers().get("kid")
    except (JoseError, ValueError, RecursionError):
        return None


def _has(keys: str, kid: object) -> bool:
    if not keys:
        return False
    known = json.loads(keys).get("keys", [])
    return any(each.get("kid") == kid for each in known)


def _as_text(value: object) -> str:
    """A member of a signed request as it would stand in an address."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)


def _now() -> float:
    return timezone.now().timestamp()
