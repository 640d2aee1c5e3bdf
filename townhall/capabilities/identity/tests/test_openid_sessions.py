"""Sessions on their way to a relying party and back, and who hears when they end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from joserfc.jwk import RSAKey

from townhall.capabilities.identity import models, operations, permissions, sessions
from townhall.capabilities.identity.records import Method
from townhall.capabilities.identity.sessions.store import SessionStore
from townhall.capabilities.identity.tests.entering import SECOND_FACTOR, enter_by_code, post
from townhall.capabilities.identity.tests.make import (
    SECRET,
    make_actor,
    make_code,
    make_member,
    make_request,
    sign_in,
)
from townhall.capabilities.identity.tests.openid import (
    AGENT,
    ISSUER,
    Party,
    a_program,
    answer_of,
    browser,
    follow,
    goes_on_to,
    jo,
    newtown,
    party,
    read_token,
)
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import ERASE
from townhall.machinery.organisations import Organisation
from townhall.machinery.queue import run_waiting

__all__ = ["browser", "jo", "newtown", "party"]  # fixtures
pytestmark = pytest.mark.django_db
JO = "jo@a.example"


def next_of(location: str) -> str:
    return parse_qs(urlsplit(location).query)["next"][0]


def test_someone_signs_in_anew_for_whoever_wants_that_and_the_others_hear(
    newtown: Organisation, browser: Client, party: Party
) -> None:
    with a_program() as (address, taken):
        told = Party(newtown, back_channel_uri=address)
        before = read_token(told.exchange(told.code(browser)).json()["id_token"])
        party.code(browser)
        anew = party.address(prompt="login")

        sent = browser.get(anew)["Location"]
        enter_by_code(browser, JO, next_of(sent))
        back = goes_on_to(browser, next_of(sent))
        given = answer_of(browser.get(back))
        run_waiting()

    after = read_token(party.exchange(given["code"]).json()["id_token"])
    (heard,) = taken
    signed_in = models.Release.objects.filter(relying_party_id=party.id).order_by("made_at")
    first, second = signed_in.values_list("authenticated_at", flat=True)
    assert back == anew
    assert first < second
    assert after["auth_time"] == int(second.timestamp())
    assert read_token(heard["logout_token"][0])["sid"] == before["sid"] != after["sid"]


def test_a_long_signed_request_is_not_lost_on_the_way(newtown: Organisation, jo: UUID) -> None:
    operations.enrol_totp(make_actor(newtown), jo, secret=SECRET)
    key = RSAKey.generate_key(4096)
    party = Party(newtown, public_key=key.as_pem(private=False).decode())
    state = "s" * 300
    asked: dict[str, Any] = {**party.request(state=state, vtr=None), "aud": f"{ISSUER}authorize"}
    address = party.address(state=state, request=party.sign(key, **asked))
    browser = Client(headers=AGENT)

    sent = browser.get(address)["Location"]
    assert enter_by_code(browser, JO, next_of(sent))["Location"] == SECOND_FACTOR
    post(browser, SECOND_FACTOR, code=make_code())
    on = post(browser, "/accounts/sign-in/trust/")["Location"]

    assert len(address) > 2048
    assert on == next_of(sent)
    assert answer_of(follow(browser, goes_on_to(browser, on)))["state"] == state


def test_who_proves_anew_who_they_are_to_add_a_factor_finds_the_way_back(
    newtown: Organisation, jo: UUID, party: Party
) -> None:
    browser = Client(headers=AGENT)
    sign_in(browser, newtown, jo, method=Method.CODE)
    address = party.address(vtr=None)

    on = next_of(browser.get(address)["Location"])
    browser.post("/accounts/again/", {"next": on})

    assert goes_on_to(browser, on) == address


def everywhere(newtown: Organisation, person_id: UUID) -> None:
    actor = Actor("resident", frozenset({permissions.SIGN_IN}), newtown.id, person_id)
    operations.sign_out_everywhere(actor, person_id)


def recovered(newtown: Organisation, person_id: UUID) -> None:
    asked_at = timezone.now() - timedelta(days=3)
    models.Recovery.objects.create(person_id=person_id, asked_at=asked_at)
    operations.finish_recovery(make_actor(newtown), person_id)


def erased(newtown: Organisation, person_id: UUID) -> None:
    operations.erase_person(Actor("test", frozenset({ERASE}), newtown.id), person_id)


@pytest.mark.parametrize("end", [everywhere, recovered, erased])
def test_relying_parties_hear_whichever_way_a_session_ends(
    newtown: Organisation, jo: UUID, browser: Client, end: Callable[[Organisation, UUID], None]
) -> None:
    with a_program() as (address, taken):
        party = Party(newtown, back_channel_uri=address)
        known = read_token(party.exchange(party.code(browser)).json()["id_token"])

        end(newtown, jo)
        run_waiting()

    (heard,) = taken
    claims = read_token(heard["logout_token"][0])
    assert [claims[name] for name in ("sub", "sid")] == [known[name] for name in ("sub", "sid")]


def test_relying_parties_hear_when_an_administrator_takes_a_factor_away(
    newtown: Organisation,
) -> None:
    member = make_member(newtown, "crew", second_factor=True)
    browser = Client(headers=AGENT)
    sign_in(browser, newtown, member.id)
    with a_program() as (address, taken):
        party = Party(newtown, back_channel_uri=address)
        party.exchange(party.code(browser))

        operations.remove_second_factor(make_actor(newtown), member.id)
        run_waiting()

    assert len(taken) == 1


def test_relying_parties_hear_when_another_signs_in_in_the_same_browser(
    newtown: Organisation, jo: UUID, browser: Client
) -> None:
    other = operations.add_person(make_actor(newtown), email="al@a.example", name="Al Ash").id
    with a_program() as (address, taken):
        party = Party(newtown, back_channel_uri=address)
        party.exchange(party.code(browser))
        request = make_request(newtown)
        request.session = SessionStore(browser.cookies["session"].value)
        request.user = models.Person.objects.get(id=jo)

        sessions.sign_in(request, other, method=Method.CODE)
        run_waiting()

    assert len(taken) == 1


def test_nobody_signs_in_as_whom_they_act_for(
    newtown: Organisation, jo: UUID, browser: Client, party: Party
) -> None:
    party.code(browser)
    other = operations.add_person(make_actor(newtown), email="al@a.example", name="Al Ash").id
    made = models.Delegation.objects.create(
        organisation_id=newtown.id,
        person_id=other,
        delegate_id=jo,
        email=JO,
        services=["bulky-waste"],
        ends_at=timezone.now() + timedelta(days=2),
        accepted_at=timezone.now(),
    )
    browser.post(f"/identity/acting/{made.id}/begin/")

    given = answer_of(browser.get(party.address()))

    assert given["error"] == "access_denied"
    assert models.Release.objects.count() == 1
