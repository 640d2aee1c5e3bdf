"""Passkeys: made, used by themselves and as a second factor, demanded, and forged."""

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from townhall.capabilities.identity import models
from townhall.capabilities.identity.records import Method
from townhall.capabilities.identity.tests.entering import (
    ADD_PASSKEY,
    CHECK,
    PASSKEY,
    SCRIPTS,
    SECOND_FACTOR,
    add_passkey,
    browser,
    enter_by_code,
    enter_by_passkey,
    is_signed_in,
    options_in,
    post,
)
from townhall.capabilities.identity.tests.make import (
    make_actor,
    make_code,
    make_member,
    make_organisation,
    sign_in,
)
from townhall.capabilities.identity.tests.phone import PRESENT, Phone
from townhall.machinery.dial_values import set_dial
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.organisations import Organisation

pytestmark = pytest.mark.django_db
STAFF_PAGE = "/identity/"
EMAIL = "ann@newtown.example"


@pytest.fixture(autouse=True)
def _surroundings(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()  # of the rate limits of other tests


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation()


@pytest.fixture
def owner(newtown: Organisation) -> Client:
    """Someone who has signed in with a code."""
    client = browser()
    member = make_member(newtown, "administrator", email=EMAIL)
    sign_in(client, newtown, member.id, method=Method.CODE)
    return client


def test_a_passkey_is_made_and_is_a_second_factor_from_then_on(owner: Client) -> None:
    answer = add_passkey(owner, Phone(), name="My phone", next=STAFF_PAGE)

    assert answer["Location"] == "/accounts/second-factor/recovery-codes/?next=%2Fidentity%2F"
    assert owner.get(STAFF_PAGE).status_code == 200
    assert "My phone" in owner.get("/accounts/").content.decode()
    assert "A passkey was added." in str(mail.outbox[-1].body)


def test_a_passkey_signs_staff_in_with_nothing_else(owner: Client) -> None:
    phone, other = Phone(), browser()
    add_passkey(owner, phone)

    answer = enter_by_passkey(other, phone, next=STAFF_PAGE)

    assert answer["Location"] == STAFF_PAGE
    assert other.get(STAFF_PAGE).status_code == 200


def test_a_passkey_is_the_second_factor_after_a_code(owner: Client) -> None:
    phone, other = Phone(), browser()
    add_passkey(owner, phone)
    assert enter_by_code(other, EMAIL)["Location"] == SECOND_FACTOR

    answer = post(
        other, SECOND_FACTOR, credential=phone.answer(options_in(other.get(SECOND_FACTOR)))
    )

    assert answer["Location"] == "/"
    assert other.get(STAFF_PAGE).status_code == 200


def test_a_passkey_proves_again_who_is_signed_in(owner: Client, newtown: Organisation) -> None:
    phone, other = Phone(), browser()
    add_passkey(owner, phone)
    sign_in(other, newtown, models.Person.objects.get().id, method=Method.CODE)
    before = other.session.session_key
    asked = options_in(other.get(f"{CHECK}?next={STAFF_PAGE}"))

    answer = post(other, CHECK, credential=phone.answer(asked), next=STAFF_PAGE)

    assert answer["Location"] == STAFF_PAGE
    assert other.session.session_key != before
    assert other.get(STAFF_PAGE).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://below.localhost"},
        {"host": "evil.example"},
        {"flags": PRESENT},  # it did not check who holds it
    ],
    ids=str,
)
def test_a_phone_that_does_wrong_makes_no_passkey_and_signs_nobody_in(
    owner: Client, changes: dict[str, Any]
) -> None:
    phone, other = Phone(), browser()
    assert add_passkey(owner, Phone(**changes)).status_code == 422
    add_passkey(owner, phone)
    for name, value in changes.items():
        setattr(phone, name, value)

    answer = enter_by_passkey(other, phone)

    assert answer.status_code == 422
    assert "Your device did not do it" in answer.content.decode() or changes == {"flags": PRESENT}
    assert not is_signed_in(other)


def test_another_key_an_old_answer_and_another_person_sign_nobody_in(
    owner: Client, newtown: Organisation
) -> None:
    phone, other, thief = Phone(), browser(), Phone()
    add_passkey(owner, phone)
    thief.person, thief.id = phone.person, phone.id
    assert enter_by_passkey(other, thief).status_code == 422
    asked = other.get(PASSKEY, headers=SCRIPTS).json()["request_options"]
    old = phone.answer(asked)
    other.get(PASSKEY, headers=SCRIPTS)  # asks anew

    answer = post(other, PASSKEY, credential=old)

    assert answer.status_code == 422
    assert not is_signed_in(other)


def test_an_app_is_not_enough_for_a_role_that_needs_a_passkey(newtown: Organisation) -> None:
    member = make_member(newtown, "administrator", email=EMAIL, second_factor=True)
    actor = make_actor(newtown, may=frozenset({SET_DIALS}))
    set_dial(actor, "organisation", "passkey_roles", value=["administrator"])
    client, phone = browser(), Phone()
    enter_by_code(client, EMAIL)
    post(client, SECOND_FACTOR, code=make_code())
    assert client.get(STAFF_PAGE)["Location"] == f"{ADD_PASSKEY}?next=%2Fidentity%2F"

    add_passkey(client, phone)
    assert client.get(STAFF_PAGE).status_code == 200

    by_app = browser()
    sign_in(by_app, newtown, member.id, method=Method.LINK_AND_SECOND_FACTOR)
    assert by_app.get(STAFF_PAGE)["Location"].startswith(CHECK)


def test_a_passkey_is_removed_and_another_persons_is_not(
    owner: Client, newtown: Organisation
) -> None:
    phone, other = Phone(), browser()
    add_passkey(owner, phone)
    stranger = make_member(newtown, "crew")
    sign_in(other, newtown, stranger.id, method=Method.CODE)
    shown = owner.get("/accounts/").content.decode()
    path = re.findall(r'"(/accounts/passkeys/\d+/remove/)"', shown)[0]

    assert other.post(path).status_code == 404
    assert owner.get(path).status_code == 200
    owner.post(path)

    assert enter_by_passkey(browser(), phone).status_code == 422
    assert owner.get(STAFF_PAGE)["Location"].startswith(ADD_PASSKEY)
    assert "A passkey was removed." in str(mail.outbox[-1].body)


NONSENSE = [
    "",
    "x",
    "null",
    "[]",
    "{}",
    "1",
    '"a"',
    "[" * 5000,
    '{"a": "\\u0000"}',
    json.dumps({"id": "AA", "rawId": "AB", "response": {}}),
    json.dumps({"id": 5, "rawId": 5, "response": 5}),
    json.dumps({"rawId": "AA", "response": {"clientDataJSON": 1}}),
    json.dumps({"rawId": "!", "response": [], "type": "public-key"}),
    json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "attestationObject": "oA",
                "authenticatorData": "AA",
                "signature": "AA",
                "userHandle": "AA",
            },
        }
    ),
]


def test_nonsense_in_place_of_a_passkey_is_refused_and_breaks_nothing(owner: Client) -> None:
    add_passkey(owner, Phone())
    other = browser()
    owner.get(ADD_PASSKEY)
    other.get(PASSKEY, headers=SCRIPTS)

    for number, nonsense in enumerate(NONSENSE):
        cache.clear()
        assert post(owner, ADD_PASSKEY, credential=nonsense).status_code == 422, number
        assert post(owner, CHECK, credential=nonsense).status_code == 422, number
        assert post(other, PASSKEY, credential=nonsense).status_code == 422, number


SPOILED: list[object] = ["", "AA", "!!", None, 5, [], {"a": 1}]


def test_a_real_answer_with_parts_of_it_spoiled_breaks_nothing(owner: Client) -> None:
    phone, other = Phone(), browser()
    add_passkey(owner, phone)

    asked = other.get(PASSKEY, headers=SCRIPTS).json()["request_options"]
    for part in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        for spoiled in SPOILED:
            cache.clear()
            answer = json.loads(phone.answer(asked))
            answer["response"][part] = spoiled
            refused = post(other, PASSKEY, credential=json.dumps(answer))
            assert refused.status_code == 422, (part, spoiled)


def test_a_passkey_of_another_host_is_not_offered_and_the_page_says_what_works(
    newtown: Organisation, owner: Client
) -> None:
    add_passkey(owner, Phone())
    elsewhere = Client(SERVER_NAME="127.0.0.1")
    enter_by_code(elsewhere, EMAIL)
    at_home = browser()
    enter_by_code(at_home, EMAIL)

    shown = elsewhere.get(SECOND_FACTOR).content.decode()

    assert "Your passkey was made at the address of another organisation" in shown
    assert "data-passkey" not in shown
    assert "data-passkey" in at_home.get(SECOND_FACTOR).content.decode()
    assert "of another organisation" not in at_home.get(SECOND_FACTOR).content.decode()
