"""/token and /userinfo against whoever would have what is somebody else's."""

import base64
import hashlib
import json
from typing import Any

import pytest
from django.test import Client
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from townhall.capabilities.identity import models, operations
from townhall.capabilities.identity.records import Authentication, Signing
from townhall.capabilities.identity.tests.openid import (
    AGENT,
    ISSUER,
    KEY,
    OTHER_KEY,
    Party,
    answer_of,
    browser,
    follow,
    jo,
    manager,
    newtown,
    party,
    read_token,
)
from townhall.machinery.organisations import Organisation

__all__ = ["browser", "jo", "newtown", "party"]  # fixtures
pytestmark = pytest.mark.django_db


def test_a_code_is_good_once_and_its_token_ends_when_it_comes_again(
    browser: Client, party: Party
) -> None:
    code = party.code(browser)
    token = party.exchange(code).json()["access_token"]
    assert party.userinfo(token).status_code == 200

    again = party.exchange(code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    told = party.userinfo(token)
    assert told.status_code == 401
    assert 'error="invalid_token"' in told["WWW-Authenticate"]


def test_an_assertion_is_good_once(browser: Client, party: Party) -> None:
    signed = party.sign()
    first = party.exchange(party.code(browser), client_assertion=signed)

    again = party.exchange(party.code(browser), client_assertion=signed)

    assert first.status_code == 200
    assert (again.status_code, again.json()["error"]) == (400, "invalid_client")


FAULTS: list[tuple[dict[str, Any], int, str]] = [
    ({"aud": "https://other.example/token"}, 400, "invalid_client"),
    ({"aud": None}, 400, "invalid_client"),
    ({"iss": "somebody"}, 400, "invalid_client"),
    ({"sub": "somebody", "iss": "somebody"}, 401, "invalid_client"),
    ({"sub": None}, 401, "invalid_client"),
    ({"sub": ["a"]}, 401, "invalid_client"),
    ({"exp": 1}, 400, "invalid_grant"),
    ({"exp": None}, 400, "invalid_client"),
    ({"exp": "soon"}, 400, "invalid_client"),
    ({"exp": 10**30}, 400, "invalid_client"),
    ({"jti": None}, 400, "invalid_client"),
    ({"jti": ["a"]}, 400, "invalid_client"),
    ({"jti": ""}, 400, "invalid_client"),
    ({"nbf": 10**12}, 400, "invalid_client"),
]


@pytest.mark.parametrize(("changes", "status", "error"), FAULTS)
def test_an_assertion_has_to_be_for_us_by_them_and_now(
    party: Party, changes: dict[str, Any], status: int, error: str
) -> None:
    response = party.exchange("code", client_assertion=party.sign(**changes))

    assert (response.status_code, response.json()["error"]) == (status, error)


def test_nobody_else_may_sign_for_a_relying_party(party: Party) -> None:
    public = KEY.as_pem(private=False)
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    good = party.sign()
    secret = OctKey.import_key(base64.urlsafe_b64encode(public).decode())
    forged = [
        party.sign(OTHER_KEY),
        party.sign(OTHER_KEY, header={"jwk": OTHER_KEY.as_dict(private=False)}),
        party.sign(OTHER_KEY, header={"kid": "../../etc/passwd"}),
        party.sign(RSAKey.generate_key(2048)),
        jwt.encode({"alg": "HS256"}, {"sub": party.client_id}, secret, ["HS256"]),
        f"{head}.{good.split('.')[1]}.",
        f"{good[:-8]}AAAAAAAA",
        good.rpartition(".")[0],
        "a.b.c",
        "....",
        "é",
        "\0",
    ]

    answers = [party.exchange("code", client_assertion=each) for each in forged]

    assert {each.status_code for each in answers} == {400}
    assert {each.json()["error"] for each in answers} == {"invalid_client", "invalid_request"}


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://fishing.example/other"},
        {"code_verifier": "x" * 43},
        {"code": "another"},
    ],
)
def test_a_code_is_bound_to_how_it_was_asked_for(
    browser: Client, party: Party, changes: dict[str, str]
) -> None:
    response = party.exchange(**{"code": party.code(browser), **changes})

    assert response.status_code == 400
    assert response.json()["error"] in {"invalid_grant", "invalid_request"}


@pytest.mark.parametrize(("verifier", "status"), [("v" * 43, 200), ("w" * 43, 400), (None, 400)])
def test_a_code_challenge_is_answered_by_whoever_made_it(
    browser: Client, party: Party, verifier: str | None, status: int
) -> None:
    digest = hashlib.sha256(b"v" * 43).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    code = party.code(browser, code_challenge=challenge, code_challenge_method="S256")

    response = party.exchange(code, code_verifier=verifier)

    assert response.status_code == status


def test_the_code_of_one_is_worth_nothing_to_another(
    newtown: Organisation, browser: Client, party: Party
) -> None:
    other = Party(newtown)

    response = other.exchange(party.code(browser))

    assert response.json()["error"] == "invalid_grant"


def test_a_secret_is_for_those_only_who_are_registered_with_one(
    newtown: Organisation, browser: Client, party: Party
) -> None:
    plain = {"levels": (), "claims": (), "public_key": ""}
    with_secret = Party(newtown, authentication=Authentication.SECRET, **plain)
    assertion = {"client_assertion": None, "client_assertion_type": None}

    def ask(each: Party, secret: str) -> int:
        form = {**assertion, "client_id": each.client_id, "client_secret": secret}
        status: int = each.exchange(each.code(browser), **form).status_code
        return status

    assert ask(with_secret, with_secret.secret) == 200
    assert ask(with_secret, "guess") == 400
    assert ask(with_secret, "é" * 5000) == 400
    assert ask(party, "") == 400
    assert ask(party, "guess") == 400
    assert with_secret.exchange(with_secret.code(browser)).status_code == 400


def test_id_tokens_are_signed_as_the_relying_party_wants(
    newtown: Organisation, browser: Client
) -> None:
    party = Party(newtown, signing=Signing.RS256)

    token = party.exchange(party.code(browser)).json()["id_token"]

    head = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert head["alg"] == "RS256"
    assert read_token(token)["aud"] == party.client_id


def test_tokens_from_before_a_rotation_can_still_be_read(
    newtown: Organisation, browser: Client, party: Party
) -> None:
    before = party.exchange(party.code(browser)).json()["id_token"]

    operations.rotate_signing_keys(manager(newtown))

    after = party.exchange(party.code(browser)).json()["id_token"]
    assert before.split(".")[0] != after.split(".")[0]
    assert read_token(before)["sub"] == read_token(after)["sub"]


@pytest.mark.parametrize("sent", [None, "Bearer", "Bearer nobody", "Basic eDp5", "Bearer é", "\0"])
def test_userinfo_is_for_whoever_holds_a_token(sent: str | None, newtown: Organisation) -> None:
    headers = AGENT | ({"Authorization": sent} if sent else {})

    response = Client().get("/userinfo", headers=headers)

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_programs_say_what_they_are(newtown: Organisation) -> None:
    paths = [".well-known/openid-configuration", ".well-known/jwks.json", ".well-known/did.json"]

    for path in [*paths, "trustmark", "userinfo", "logout"]:
        assert Client().get(f"/{path}").status_code == 403
    assert Client().post("/token").status_code == 403


def test_what_is_published_may_be_kept(newtown: Organisation) -> None:
    configuration = Client().get("/.well-known/openid-configuration", headers=AGENT)
    did = Client().get("/.well-known/did.json", headers=AGENT)
    keys = Client().get("/.well-known/jwks.json", headers=AGENT)

    assert configuration.json()["issuer"] == ISSUER
    assert configuration["Cache-Control"] == keys["Cache-Control"] == "public, max-age=86400"
    assert did["Cache-Control"] == "public, max-age=3600"
    assert all("d" not in key for key in keys.json()["keys"])
    assert ECKey.import_key(keys.json()["keys"][0])


def test_a_signed_request_is_all_that_counts(browser: Client, party: Party) -> None:
    inside: dict[str, Any] = {**party.request(state="inside"), "aud": f"{ISSUER}authorize"}
    inside |= {"max_age": 300, "vtr": ["Cl"], "claims": {"userinfo": {}}}
    outside = {"state": "outside", "redirect_uri": "https://evil.example/"}

    given = answer_of(follow(browser, party.address(**outside, request=party.sign(**inside))))

    assert given["state"] == "inside"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"aud": "https://other.example/authorize"}, "access_denied"),
        ({"iss": "somebody"}, "unauthorized_client"),
        ({"nonce": 5}, None),
        ({"code_challenge": 5, "code_challenge_method": "S256"}, "invalid_request"),
        ({"state": "\0"}, "invalid_request"),
        ({"state": {"a": "b"}}, None),
        ({"vtr": {"a": 1}}, "invalid_request"),
        ({"max_age": -1}, "invalid_request"),
        ({"claims": 5}, None),
    ],
)
def test_a_signed_request_is_read_with_care(
    browser: Client, party: Party, changes: dict[str, Any], error: str | None
) -> None:
    signed = party.sign(**{**party.request(), "aud": f"{ISSUER}authorize", **changes})

    given = answer_of(follow(browser, party.address(request=signed)))

    assert given.get("error") == error


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": ["https://fishing.example/back"]},
        {"exp": 1},
        {"request": "a.b.c"},
    ],
)
def test_a_signed_request_of_somebody_else_is_answered_here(
    browser: Client, party: Party, changes: dict[str, Any]
) -> None:
    signed = party.sign(**{**party.request(), "aud": f"{ISSUER}authorize", **changes})

    assert browser.get(party.address(request=signed)).status_code == 400
    asked: dict[str, Any] = {**party.request(), "aud": f"{ISSUER}authorize"}
    by_another = party.sign(OTHER_KEY, **asked)
    assert browser.get(party.address(request=by_another)).status_code == 400


HALF = b'\r\n--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n+2AA-\xff'


@pytest.mark.parametrize("charset", ["utf-7", "ascii"])
def test_what_is_no_text_is_refused(browser: Client, party: Party, charset: str) -> None:
    """In UTF-7, which a request may say it is in, `+2AA-` is half a character."""
    way: dict[str, Any] = {"CONTENT_TYPE": f"text/plain; charset={charset}"}
    form = b"".join(HALF % name for name in (b"client_id", b"request", b"client_assertion"))
    kind = f"multipart/form-data; boundary=x; charset={charset}"

    for sent in ("%2B2AA-", "%ED%A0%80", "%C3%A9.b.c"):
        assert browser.get(f"{party.address()}&request={sent}", **way).status_code == 400
        other = browser.get(f"{party.address(state=None)}&state={sent}", **way)
        assert other.status_code == 302
        assert browser.get(f"/logout?id_token_hint={sent}", **way).status_code == 302
    for path, status in (("/authorize", 303), ("/token", 400), ("/logout", 302)):
        answer = browser.generic("POST", path, form + b"\r\n--x--\r\n", content_type=kind)
        assert answer.status_code == status, path


def test_half_a_character_in_a_signed_request_is_refused(browser: Client, party: Party) -> None:
    asked: dict[str, Any] = {**party.request(state="\ud800"), "aud": f"{ISSUER}authorize"}
    claims = json.dumps(asked | {"iss": party.client_id}).encode()
    signed = jws.serialize_compact({"alg": "ES256"}, claims, KEY)

    assert answer_of(browser.get(party.address(request=signed)))["error"] == "invalid_request"


def test_nonces_are_not_mixed_up(browser: Client, party: Party) -> None:
    mine = party.code(browser, nonce="mine")
    yours = party.code(browser, nonce="yours")

    assert read_token(party.exchange(yours).json()["id_token"])["nonce"] == "yours"
    assert read_token(party.exchange(mine).json()["id_token"])["nonce"] == "mine"


def test_what_is_stored_is_worth_nothing_to_a_thief(browser: Client, party: Party) -> None:
    code = party.code(browser)
    token = party.exchange(code).json()["access_token"]

    kept = models.Release.objects.get()

    assert code not in str(vars(kept))
    assert token not in str(vars(kept))
    assert all(b"PRIVATE" not in bytes(key.private) for key in models.SigningKey.objects.all())
