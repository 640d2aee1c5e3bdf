"""An organisation's own OpenID provider (Entra ID, Google, Keycloak), which its staff come through.

Whoever runs the installation says which is trusted for which organisation, and for which domains
of email addresses: what it says of anybody else is not believed.
"""

import time
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from townhall.capabilities.identity import records
from townhall.capabilities.identity.errors import StaffSignInAway, StaffSignInRefused

PATIENCE_SECONDS = 10
KNOWN_SECONDS = 3600  # that its addresses and keys are not asked for again
LEEWAY_SECONDS = 30  # between its clock and ours
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"]
SCOPES = "openid email profile"
# OpenID Connect Core 3.1.3.7; `amr` values are of RFC 8176.
KNOWN = frozenset({"pwd", "pin", "kba"})
OWNED = frozenset({"otp", "hwk", "swk", "fido", "sc", "sms", "tel"})
INHERENT = frozenset({"face", "fpt", "iris", "retina", "vbm"})
OPTIONS = frozenset({"organisation", "domains", "email", "claim", "name", "second_factor"})


class StaffSignIn:
    """One issuer: https://client:secret@host/path?domains=newtown.example&claim=groups."""

    def __init__(self, *, url: str) -> None:
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        unknown = set(options) - OPTIONS
        if unknown or not options.get("domains") or not parts.username or not parts.password:
            raise ImproperlyConfigured(
                "TOWNHALL_STAFF_SIGN_IN needs https://client:secret@issuer?domains=example.gov.uk, "
                f"and may have {', '.join(sorted(OPTIONS))}"
            )
        netloc = parts.netloc.rpartition("@")[2]
        self.issuer = urlunsplit((parts.scheme, netloc, parts.path, "", ""))
        self.client_id, self.secret = unquote(parts.username), unquote(parts.password)
        self.organisation = options.get("organisation", "")
        self.domains = tuple(each.strip().lower() for each in options["domains"].split(","))
        self.email_claim = options.get("email", "email")
        self.claim = options.get("claim", "groups")
        self.name = options.get("name", parts.hostname or "")
        self.always_two_factors = options.get("second_factor") == "always"
        self._metadata: dict[str, Any] = {}  # Any: as the provider's JSON has it
        self._keys: KeySet | None = None
        self._known_at = 0.0

    def check(self) -> str:
        """What is wrong with it, in words; "" if nothing is. Asks it."""
        try:
            self._learn()
        except StaffSignInAway:
            return f"{self.issuer} does not answer at /.well-known/openid-configuration."
        except StaffSignInRefused as refusal:
            return str(refusal)
        return ""

    def address(self, journey: records.StaffJourney, *, back: str) -> str:
        """Where to send someone who wants to come in. Raises StaffSignInAway."""
        self._learn_if_old()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": back,
            "scope": SCOPES,
            "state": journey.state,
            "nonce": journey.nonce,
            "code_challenge": create_s256_code_challenge(journey.verifier),
            "code_challenge_method": "S256",
        }
        return str(add_params_to_uri(self._metadata["authorization_endpoint"], asked.items()))

    def claims(self, code: str, journey: records.StaffJourney, *, back: str) -> records.StaffClaims:
        """Who came back with this code. Raises StaffSignInAway or StaffSignInRefused."""
        self._learn_if_old()
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": journey.verifier,
            "client_id": self.client_id,
            "client_secret": self.secret,
        }
        try:
            answer = httpx.post(
                self._metadata["token_endpoint"], data=given, timeout=PATIENCE_SECONDS
            )
            token = answer.json().get("id_token") if answer.is_success else None
        except httpx.HTTPError as error:
            raise StaffSignInAway(_away(self.name)) from error
        except (AttributeError, ValueError):
            token = None
        if not isinstance(token, str):
            raise StaffSignInRefused(_not_believed(self.name))
        return self._read(token, journey)

    def _read(self, token: str, journey: records.StaffJourney) -> records.StaffClaims:
        said = self._verified(token)
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            sub={"essential": True},
            exp={"essential": True},
            nonce={"essential": True, "value": journey.nonce},
        )
        try:
            registry.validate(said)
        except JoseError as error:
            raise StaffSignInRefused(_not_believed(self.name)) from error
        authorized = said.get("azp", self.client_id)
        if authorized != self.client_id:
            raise StaffSignInRefused(_not_believed(self.name))
        return records.StaffClaims(
            issuer=self.issuer,
            subject=str(said["sub"])[:255],
            email=self._email(said),
            name=str(said.get("name") or "")[:200],
            values=frozenset(_words(said.get(self.claim))),
            has_second_factor=self.always_two_factors
            or are_two_factors(set(_words(said.get("amr")))),
        )

    def _email(self, said: dict[str, Any]) -> str:
        """In lower case; "" unless it is proved, and of a domain that this provider speaks for.

        A claim that is named in the setting is one that nobody there can choose for themselves.
        """
        is_proved = said.get("email_verified") in {True, "true"} or self.email_claim != "email"
        address = str(said.get(self.email_claim) or "").strip().lower()
        is_ours = address.count("@") == 1 and address.partition("@")[2] in self.domains
        return address if is_proved and is_ours else ""

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            return self._decode(token)
        except (JoseError, ValueError):
            self._learn()  # its keys may be new ones
        try:
            return self._decode(token)
        except (JoseError, ValueError) as error:
            raise StaffSignInRefused(_not_believed(self.name)) from error

    def _decode(self, token: str) -> dict[str, Any]:
        assert self._keys is not None
        return dict(jwt.decode(token, self._keys, algorithms=ALGORITHMS).claims)

    def _learn_if_old(self) -> None:
        if time.monotonic() - self._known_at > KNOWN_SECONDS or self._keys is None:
            self._learn()

    def _learn(self) -> None:
        """Its addresses and keys. Raises StaffSignInAway or StaffSignInRefused."""
        base = self.issuer.rstrip("/")
        metadata = self._fetch(f"{base}/.well-known/openid-configuration")
        if metadata.get("issuer") != self.issuer:
            raise StaffSignInRefused(
                f"{self.issuer} says that it is {metadata.get('issuer')}: give that instead."
            )
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if not all(isinstance(metadata.get(each), str) for each in needed):
            raise StaffSignInRefused(f"{self.issuer} does not say where people sign in.")
        try:
            keys = KeySet.import_key_set(self._fetch(metadata["jwks_uri"]))  # type: ignore[arg-type]  # checked by it
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise StaffSignInRefused(f"The keys of {self.issuer} cannot be read.") from error
        self._metadata, self._keys, self._known_at = metadata, keys, time.monotonic()

    def _fetch(self, url: str) -> dict[str, Any]:
        try:
            answer = httpx.get(url, timeout=PATIENCE_SECONDS)
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise StaffSignInAway(_away(self.name)) from error
        return found if isinstance(found, dict) else {}


def _words(said: object) -> list[str]:
    """A claim of one word or of several."""
    if isinstance(said, str):
        return [said]
    return [str(each) for each in said] if isinstance(said, list) else []


def are_two_factors(methods: set[str]) -> bool:
    """Whether several of what is known, owned and inherent were asked for (RFC 8176)."""
    kinds = [KNOWN & methods, OWNED & methods, INHERENT & methods]
    return "mfa" in methods or sum(map(bool, kinds)) > 1


def _away(name: str) -> str:
    return _("%(name)s does not answer just now. Try again soon.") % {"name": name}


def _not_believed(name: str) -> str:
    return _("What %(name)s said of you cannot be accepted. Try again.") % {"name": name}
