"""A relying party, as others build them, for identity's tests."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from townhall.capabilities.identity import operations, permissions
from townhall.capabilities.identity.records import IdentityClaim, Level, Registration, Scope
from townhall.capabilities.identity.tests.make import make_actor, make_organisation, sign_in
from townhall.machinery.actors import Actor
from townhall.machinery.organisations import Organisation

BACK = "https://fishing.example/back"
ISSUER = "https://testserver/"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AGENT = {"User-Agent": "fishing/1.0"}
Json = dict[str, Any]  # Any: JSON
KEY = ECKey.generate_key("P-256")
OTHER_KEY = ECKey.generate_key("P-256")


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation(hosts=("testserver",))


@pytest.fixture
def jo(newtown: Organisation) -> UUID:
    actor = make_actor(newtown)
    return operations.add_person(
        actor, email="jo@a.example", name="Jo Jones", phone="07700 900123"
    ).id


@pytest.fixture
def browser(newtown: Organisation, jo: UUID) -> Client:
    """Jo's, signed in with two factors."""
    client = Client(headers=AGENT)
    sign_in(client, newtown, jo)
    return client


@pytest.fixture
def party(newtown: Organisation) -> Party:
    return Party(newtown)


def manager(organisation: Organisation) -> Actor:
    may = {permissions.MANAGE_RELYING_PARTIES, permissions.RELEASE, permissions.SHARE_IDENTITY}
    return Actor("test", frozenset(may), organisation.id)


def registration(**changes: Any) -> Registration:  # Any: of its fields
    told: Json = {
        "name": "Fishing licences",
        "redirect_uris": (BACK,),
        "sector": "fishing.example",
        "public_key": KEY.as_pem(private=False).decode(),
        "levels": (Level.P1, Level.P2),
        "scopes": tuple(Scope),
        "claims": tuple(IdentityClaim),
        "post_logout_uris": ("https://fishing.example/out",),
    }
    return Registration(**(told | changes))


class Party:
    """A relying party's program. It asks by the test client, as a program and as a browser."""

    def __init__(self, organisation: Organisation, **changes: Any) -> None:
        party, self.secret = operations.register_relying_party(
            manager(organisation), told=registration(**changes)
        )
        self.id, self.client_id = party.id, party.client_id
        self.key: ECKey | RSAKey = KEY

    def request(self, **changes: str | None) -> dict[str, str]:
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": BACK,
            "scope": "openid email",
            "state": f"state-{uuid4()}",
            "nonce": "nonce",
            "vtr": '["Cl"]',
        }
        return {name: value for name, value in (asked | changes).items() if value is not None}

    def address(self, **changes: str | None) -> str:
        return f"/authorize?{urlencode(self.request(**changes))}"

    def sign(self, key: Any = None, *, header: Json | None = None, **changes: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": f"{ISSUER}token",
            "exp": now + 300,
            "iat": now,
            "jti": str(uuid4()),
        } | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        key = key or self.key
        algorithm = "RS256" if isinstance(key, RSAKey) else "ES256"
        return jwt.encode({"alg": algorithm} | (header or {}), claims, key, None)

    def token_form(self, code: str, **changes: str | None) -> dict[str, str]:
        form: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "client_assertion_type": ASSERTION,
            "client_assertion": self.sign() if "client_assertion" not in changes else None,
        }
        return {name: value for name, value in (form | changes).items() if value is not None}

    def exchange(self, code: str, **changes: str | None) -> Any:  # Any: Django's test response
        return Client().post("/token", self.token_form(code, **changes), headers=AGENT)

    def userinfo(self, token: str) -> Any:  # Any: Django's test response
        headers = {**AGENT, "Authorization": f"Bearer {token}"}
        return Client().get("/userinfo", headers=headers)

    def code(self, browser: Client, **changes: str | None) -> str:
        """By somebody who is signed in and agrees to all."""
        return answer_of(follow(browser, self.address(**changes)))["code"]


def follow(browser: Client, address: str, *, answer: str = "agree") -> Any:
    """Where a browser ends up that agrees, or does not, when it is asked to share."""
    response = browser.get(address)
    if response.status_code == 302 and "/identity/share/" in response["Location"]:
        response = browser.post(response["Location"], {"answer": answer})
        response = browser.get(goes_on_to(browser, response["Location"]))
    return response


def goes_on_to(browser: Client, address: str, **request: Any) -> str:
    """Where the page leads on to that stands between a form and another site."""
    return str(browser.get(address, **request).context["url"])


def answer_of(response: Any, *, fragment: bool = False) -> dict[str, str]:
    """What stands in the address that the browser is sent back to."""
    assert response.status_code == 302, response.content
    assert response["Location"].startswith(BACK), response["Location"]
    parts = urlsplit(response["Location"])
    given = parse_qs(parts.fragment if fragment else parts.query)
    return {name: values[0] for name, values in given.items()}


def read_token(token: str) -> Json:
    """The claims of an id token, if the published keys have signed it."""
    found = json.loads(Client().get("/.well-known/jwks.json", headers=AGENT).content)
    decoded = jwt.decode(token, KeySet.import_key_set(found), algorithms=["ES256", "RS256"])
    return dict(decoded.claims)
