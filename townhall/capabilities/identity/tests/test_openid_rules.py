"""The rules of signing in to relying parties, by tables."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from townhall.capabilities.identity.errors import BadOpenIdRequest
from townhall.capabilities.identity.records import (
    Credential,
    IdentityClaim,
    Level,
    Scope,
    Vector,
    Wanted,
)
from townhall.capabilities.identity.rules.asking import read_request
from townhall.capabilities.identity.rules.claims import did_of
from townhall.capabilities.identity.rules.names import is_host
from townhall.capabilities.identity.rules.steps import Refusal, Standing, Step, next_step
from townhall.capabilities.identity.rules.vectors import (
    BadVectors,
    credential_wanted,
    level_met,
    level_to_prove,
    read_vectors,
)

LOW, MEDIUM = Credential.LOW, Credential.MEDIUM
LEVELS = (Level.P1, Level.P2)


def vector(credential: Credential, level: Level) -> Vector:
    return Vector(credential=credential, level=level)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", [vector(MEDIUM, Level.P0)]),
        ("[]", [vector(MEDIUM, Level.P0)]),
        ('["Cl"]', [vector(LOW, Level.P0)]),
        ('["Cl.Cm"]', [vector(MEDIUM, Level.P0)]),
        ('["Cm.Cl"]', [vector(MEDIUM, Level.P0)]),
        ('["Cl.Cm.P0"]', [vector(MEDIUM, Level.P0)]),
        ('["P0.Cl"]', [vector(LOW, Level.P0)]),
        ('["Cl", "Cl.Cm"]', [vector(LOW, Level.P0), vector(MEDIUM, Level.P0)]),
        ('["P2.Cl.Cm"]', [vector(MEDIUM, Level.P2)]),
        ('["Cl.Cm.P2"]', [vector(MEDIUM, Level.P2)]),
        ('["Cm.P2.Cl"]', [vector(MEDIUM, Level.P2)]),
        ('["P1.Cl.Cm", "P2.Cl.Cm"]', [vector(MEDIUM, Level.P1), vector(MEDIUM, Level.P2)]),
    ],
)
def test_vectors_are_read_in_any_order(written: str, read: list[Vector]) -> None:
    assert read_vectors(written, levels=LEVELS) == tuple(read)


@pytest.mark.parametrize(
    "written",
    [
        "Cl",
        "{}",
        "5",
        "[5]",
        '"Cl"',
        "[" * 100_000,
        '["Cm"]',
        '["P2"]',
        '["P2.Cl"]',
        '["P2.P1.Cl.Cm"]',
        '["P4.Cl.Cm"]',
        '["P3.Cl.Cm"]',
        '["Cl.Cl.Cm"]',
        '["Cl.Cm.Xx"]',
        '["p2.Cl.Cm"]',
        '["P2.Cl.Cm."]',
        '["Cl.Cm.P2 "]',
        '["C3"]',
        '[""]',
        '["Cl.Cm", "P2.Cl.Cm"]',
    ],
)
def test_vectors_that_contradict_themselves_are_refused(written: str) -> None:
    with pytest.raises(BadVectors):
        read_vectors(written, levels=LEVELS)


def test_the_least_that_would_do_is_wanted_and_the_most_that_is_proven_counts() -> None:
    either = read_vectors('["P1.Cl.Cm", "P2.Cl.Cm"]', levels=LEVELS)

    assert level_to_prove(either) is Level.P1
    assert level_met(either, Level.P3) is Level.P2
    assert level_met(either, Level.P1) is Level.P1
    assert level_met(either, Level.P0) is None
    assert credential_wanted(read_vectors('["Cl.Cm", "Cl"]', levels=())) is LOW


def asked(**changes: str) -> Wanted:
    given = {
        "response_type": "code",
        "redirect_uri": "https://a.example/",
        "scope": "openid",
        "state": "s",
        "nonce": "n",
    }
    return read_request(
        given | changes, scopes=tuple(Scope), claims=tuple(IdentityClaim), levels=LEVELS
    )


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"state": ""}, "invalid_request"),
        ({"state": "\n"}, "invalid_request"),
        ({"nonce": "x" * 4_001}, "invalid_request"),
        ({"scope": "email"}, "invalid_scope"),
        ({"scope": "openid  email"}, "invalid_scope"),
        ({"claims": "["}, "invalid_request"),
        ({"claims": '{"userinfo": 5}'}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "1.5"}, "invalid_request"),
        ({"max_age": "²"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "sing"}, "invalid_request"),
        ({"channel": "fax"}, "invalid_request"),
        ({"login_hint": "x" * 257}, "invalid_request"),
        ({"code_challenge": "x"}, "invalid_request"),
        ({"code_challenge_method": "S256"}, "invalid_request"),
    ],
)
def test_a_request_is_refused_in_the_standards_words(changes: dict[str, str], error: str) -> None:
    with pytest.raises(BadOpenIdRequest) as refused:
        asked(**changes)

    assert refused.value.error == error


@pytest.mark.parametrize(
    ("written", "read"),
    [("cy", "cy"), ("fr cy-GB en", "cy"), ("en cy", "en"), ("fr", ""), ("", "")],
)
def test_pages_are_in_the_first_language_asked_for_that_we_speak(written: str, read: str) -> None:
    assert asked(ui_locales=written).language == read


NOW = datetime(2026, 11, 24, tzinfo=UTC)
AGO = NOW - timedelta(minutes=10)
IN = {"is_signed_in": True, "authenticated_at": AGO, "shares": frozenset({"openid"})}
TWO = {**IN, "has_second_factor": True}
PROVEN = {**TWO, "proven": Level.P2}
IDENTITY = {"vtr": '["P2.Cl.Cm"]'}
ONE = {"vtr": '["Cl"]'}


@pytest.mark.parametrize(
    ("changes", "standing", "step"),
    [
        (ONE, {"is_signed_in": False}, Step.SIGN_IN),
        (ONE, IN, Step.ANSWER),
        ({}, IN, Step.SECOND_FACTOR),
        ({}, TWO, Step.ANSWER),
        (ONE | {"prompt": "login"}, IN, Step.SIGN_IN_AGAIN),
        (ONE | {"prompt": "login"}, {**IN, "sent_to_sign_in_at": AGO}, Step.ANSWER),
        (ONE | {"prompt": "login"}, {**IN, "sent_to_sign_in_at": NOW}, Step.SIGN_IN_AGAIN),
        (ONE | {"max_age": "60"}, IN, Step.SIGN_IN_AGAIN),
        (ONE | {"max_age": "600"}, IN, Step.ANSWER),
        (ONE | {"max_age": "0"}, {**IN, "sent_to_sign_in_at": AGO}, Step.ANSWER),
        (ONE | {"prompt": "consent"}, IN, Step.AGREE),
        (ONE | {"prompt": "consent"}, {**IN, "agreed_now": True}, Step.ANSWER),
        (ONE | {"scope": "openid email"}, IN, Step.AGREE),
        (IDENTITY, TWO, Step.PROVE),
        (IDENTITY, {**TWO, "proven": Level.P1}, Step.PROVE),
        (IDENTITY, PROVEN, Step.ANSWER),
        (IDENTITY, {**TWO, "was_sent_to_prove": True}, "access_denied"),
        (ONE, {**IN, "refused": True}, "access_denied"),
        (ONE | {"prompt": "none"}, {"is_signed_in": False}, "login_required"),
        ({"prompt": "none"}, IN, "login_required"),
        (ONE | {"prompt": "none", "scope": "openid email"}, IN, "consent_required"),
        (IDENTITY | {"prompt": "none"}, TWO, "interaction_required"),
        (ONE | {"prompt": "none"}, IN, Step.ANSWER),
    ],
)
def test_what_comes_next(changes: dict[str, str], standing: Any, step: Step | str) -> None:
    try:
        comes: Step | str = next_step(asked(**changes), Standing(**standing), now=NOW)
    except Refusal as refusal:
        comes = refusal.error

    assert comes == step


def test_names_of_hosts_and_issuers() -> None:
    assert did_of("http://localhost:8000/") == "did:web:localhost%3A8000"
    assert did_of("https://town.example/") == "did:web:town.example"
    assert [is_host(each) for each in ("a.example", "a", "A.example", "-a", "a..b", "")] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
