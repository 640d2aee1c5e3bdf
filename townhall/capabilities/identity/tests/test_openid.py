"""Signing in to relying parties, from /authorize to /userinfo."""

import base64
import hashlib
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey

from townhall.capabilities.identity import models, records
from townhall.capabilities.identity.records import IdentityClaim, Method
from townhall.capabilities.identity.tests.make import sign_in
from townhall.capabilities.identity.tests.openid import (
    AGENT,
    BACK,
    ISSUER,
    Party,
    answer_of,
    browser,
    follow,
    jo,
    newtown,
    party,
    read_token,
)
from townhall.machinery.organisations import Organisation

pytestmark = pytest.mark.django_db
VOCABULARY = "https://vocab.account.gov.uk/v1/"


__all__ = ["browser", "jo", "newtown", "party"]  # fixtures


def prove(newtown: Organisation, person_id: UUID, level: str = "P2") -> None:
    facts = models.Facts(
        names=(
            records.Name(
                parts=(
                    records.NamePart(kind="GivenName", value="Jo"),
                    records.NamePart(kind="FamilyName", value="Jones"),
                )
            ),
        ),
        addresses=(
            records.Address(lines=("Flat 2", "1a Abbey Walk"), town="Newtown", postcode="AA1 1AA"),
        ),
        passport=records.Passport(number="123456789", country="GBR", expires_on=date(2030, 1, 2)),
    )
    models.ProvenIdentity.objects.create(
        organisation_id=newtown.id,
        person_id=person_id,
        level=level,
        profile="M1A",
        birth_date=date(1980, 2, 29),
        facts=models.ProvenIdentity.dump(facts),
        expires_at=timezone.now() + timedelta(days=1),
    )


def test_someone_signs_in_to_a_relying_party(browser: Client, party: Party) -> None:
    given = answer_of(follow(browser, party.address(state="abc")))
    tokens = party.exchange(given["code"]).json()
    claims = read_token(tokens["id_token"])
    told = party.userinfo(tokens["access_token"]).json()

    assert given["state"] == "abc"
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 180)
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).decode().rstrip("=")
    assert claims["iss"] == ISSUER
    assert claims["aud"] == party.client_id
    assert claims["nonce"] == "nonce"
    assert claims["vot"] == "Cl"
    assert claims["vtm"] == f"{ISSUER}trustmark"
    assert claims["exp"] - claims["iat"] == 120
    assert claims["sub"].startswith("urn:fdc:testserver:")
    assert {"sid", "auth_time"} <= set(claims)
    assert told["sub"] == claims["sub"]
    assert told["email"] == "jo@a.example"


def test_claims_of_a_proven_identity_are_released_as_asked(
    newtown: Organisation, jo: UUID, browser: Client, party: Party
) -> None:
    prove(newtown, jo)
    wanted = {
        str(claim): None
        for claim in (IdentityClaim.CORE_IDENTITY, IdentityClaim.ADDRESS, IdentityClaim.PASSPORT)
    }
    claims = json.dumps(
        {"userinfo": {**wanted, str(IdentityClaim.DRIVING_PERMIT): {"essential": True}}}
    )

    code = party.code(browser, vtr='["P2.Cl.Cm"]', claims=claims, scope="openid phone")
    tokens = party.exchange(code).json()
    told = party.userinfo(tokens["access_token"]).json()

    assert read_token(tokens["id_token"])["vot"] == "Cl.Cm"
    assert told[f"{VOCABULARY}passport"] == [
        {"documentNumber": "123456789", "icaoIssuerCode": "GBR", "expiryDate": "2030-01-02"}
    ]
    assert told[f"{VOCABULARY}address"][0] == {
        "buildingName": "Flat 2",
        "buildingNumber": "1a",
        "streetName": "Abbey Walk",
        "addressLocality": "Newtown",
        "postalCode": "AA1 1AA",
        "addressCountry": "GB",
    }
    assert f"{VOCABULARY}drivingPermit" not in told
    assert (told["phone_number"], told["phone_number_verified"]) == ("+447700900123", False)
    assert "email" not in told
    core = read_core_identity(told[f"{VOCABULARY}coreIdentityJWT"])
    assert (core["vot"], core["sub"], core["aud"]) == ("P2", told["sub"], party.client_id)
    assert core["exp"] - core["iat"] == 1800
    assert core["vc"]["credentialSubject"]["birthDate"] == [{"value": "1980-02-29"}]
    released = models.Release.objects.get(relying_party_id=party.id)
    assert set(released.released) == {"openid", "phone", *wanted}


def read_core_identity(signed: str) -> dict[str, Any]:
    document = Client().get("/.well-known/did.json", headers=AGENT).json()
    kid = json.loads(base64.urlsafe_b64decode(signed.split(".", maxsplit=1)[0] + "=="))["kid"]
    (method,) = [each for each in document["assertionMethod"] if each["id"] == kid]
    assert kid.startswith("did:web:testserver#")
    key = ECKey.import_key(method["publicKeyJwk"])
    return dict(jwt.decode(signed, key, algorithms=["ES256"]).claims)


def test_nothing_of_an_identity_is_told_that_was_not_asked_for(
    newtown: Organisation, jo: UUID, browser: Client, party: Party
) -> None:
    prove(newtown, jo)
    claims = json.dumps({"userinfo": {str(IdentityClaim.CORE_IDENTITY): None}})

    code = party.code(browser, vtr='["Cl.Cm"]', claims=claims, scope="openid")
    told = party.userinfo(party.exchange(code).json()["access_token"]).json()

    assert set(told) == {"sub"}


@pytest.mark.parametrize(
    ("wants_code", "comes_to"),
    [(False, {"error": "access_denied"}), (True, {"code": "X"})],
)
def test_who_cannot_prove_who_they_are_is_not_sent_in_a_circle(
    browser: Client, party: Party, wants_code: bool, comes_to: dict[str, str]
) -> None:
    claims = (
        json.dumps({"userinfo": {str(IdentityClaim.RETURN_CODE): None}}) if wants_code else None
    )
    address = party.address(vtr='["P2.Cl.Cm"]', claims=claims)

    to_prove = browser.get(address)
    given = answer_of(follow(browser, address))

    assert to_prove["Location"].startswith("/identity/prove/?level=P2&next=%2Fidentity%2Fgo-on")
    if wants_code:
        told = party.userinfo(party.exchange(given["code"]).json()["access_token"]).json()
        assert told[str(IdentityClaim.RETURN_CODE)] == [comes_to]
    else:
        assert given["error"] == "access_denied"


def test_who_is_not_signed_in_signs_in_first_and_comes_back(party: Party, jo: UUID) -> None:
    address = party.address(ui_locales="cy en")

    response = Client().get(address)

    assert response["Location"].startswith("/accounts/sign-in/?next=%2Fidentity%2Fgo-on%2F%3Fvisit")
    assert response.cookies["django_language"].value == "cy"


def test_two_factors_are_asked_for_by_default(
    newtown: Organisation, jo: UUID, party: Party
) -> None:
    browser = Client()
    sign_in(browser, newtown, jo, method=Method.CODE)

    response = browser.get(party.address(vtr=None))

    assert response["Location"].startswith("/accounts/passkeys/add/?next=%2Fidentity%2Fgo-on")


def test_a_relying_party_may_have_someone_sign_in_anew(
    newtown: Organisation, jo: UUID, browser: Client, party: Party
) -> None:
    address = party.address(prompt="login")

    first = browser.get(address)
    key = browser.cookies["session"].value
    sign_in(browser, newtown, jo)
    fresh = models.Person.objects.get(id=jo)

    assert first["Location"].startswith("/accounts/sign-in/")
    assert key
    assert fresh


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"prompt": "none"}, "consent_required"),
        ({"prompt": "none", "vtr": '["P2.Cl.Cm"]'}, "interaction_required"),
        ({"prompt": "select_account"}, "unmet_authentication_requirements"),
        ({"nonce": None}, "invalid_request"),
        ({"scope": "openid wallet-subject-id"}, "invalid_scope"),
        ({"vtr": '["P3.Cl.Cm"]'}, "invalid_request"),
        ({"claims": '{"userinfo": {"https://a.example/": null}}'}, "invalid_request"),
        ({"request_uri": "https://a.example/"}, "request_uri_not_supported"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "x" * 43, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
        ({"response_mode": "fragment", "nonce": None}, "invalid_request"),
    ],
)
def test_what_a_relying_party_may_not_ask_is_said_to_it(
    browser: Client, party: Party, changes: dict[str, str | None], error: str
) -> None:
    response = browser.get(party.address(state="abc", **changes))

    given = answer_of(response, fragment=changes.get("response_mode") == "fragment")
    assert (given["error"], given["state"]) == (error, "abc")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": f"{BACK}/more"},
        {"redirect_uri": f"{BACK}?more"},
        {"redirect_uri": None},
        {"response_mode": "form_post"},
        {"request": "a.b.c"},
    ],
)
def test_nobody_is_sent_where_nothing_is_registered(
    browser: Client, party: Party, changes: dict[str, str | None]
) -> None:
    response = browser.get(party.address(**changes))

    assert response.status_code == 400
    assert "You cannot sign in from there" in response.content.decode()


def test_who_does_not_agree_is_not_told_of(browser: Client, party: Party) -> None:
    given = answer_of(follow(browser, party.address(), answer="refuse"))

    assert given["error"] == "access_denied"
    assert not models.Release.objects.exists()


def test_agreement_is_asked_for_once(browser: Client, party: Party) -> None:
    party.code(browser)

    assert "code" in answer_of(browser.get(party.address()))
    assert "/identity/share/" in browser.get(party.address(prompt="consent"))["Location"]
    assert "/identity/share/" in browser.get(party.address(scope="openid phone"))["Location"]


def test_subjects_are_the_same_within_a_sector_and_no_other(
    newtown: Organisation, browser: Client, party: Party
) -> None:
    near, far = Party(newtown), Party(newtown, sector="parking.example")

    subjects = [
        read_token(each.exchange(each.code(browser)).json()["id_token"])["sub"]
        for each in (party, near, far, far)
    ]

    assert subjects[0] == subjects[1]
    assert subjects[2] == subjects[3]
    assert len(set(subjects)) == 2
