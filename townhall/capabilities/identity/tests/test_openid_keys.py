"""The keys of relying parties, fetched, and ours, rotated and withdrawn."""

import json

import pytest
from django.test import Client
from joserfc.errors import JoseError

from townhall.capabilities.identity import models, operations, queries
from townhall.capabilities.identity.errors import BadAnswer
from townhall.capabilities.identity.tests.make import make_member, sign_in
from townhall.capabilities.identity.tests.openid import (
    AGENT,
    OTHER_KEY,
    Party,
    a_program,
    browser,
    jo,
    manager,
    newtown,
    party,
    read_token,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.organisations import Organisation
from townhall.machinery.queue import run_waiting

__all__ = ["browser", "jo", "newtown", "party"]  # fixtures
pytestmark = pytest.mark.django_db


def test_keys_at_an_address_are_fetched_when_one_is_new(
    newtown: Organisation, browser: Client
) -> None:
    keys = [{**OTHER_KEY.as_dict(private=False), "kid": "mine"}]
    with a_program(json.dumps({"keys": keys}).encode()) as (address, _taken):
        party = Party(newtown, public_key="", jwks_url=address)
        code = party.code(browser)
        unknown = party.sign(OTHER_KEY, header={"kid": "other"})
        known = party.sign(OTHER_KEY, header={"kid": "mine"})

        assert party.exchange(code, client_assertion=unknown).json()["error"] == "invalid_client"
        assert party.exchange(code, client_assertion=known).status_code == 200


NO_KEYS = [b'{"keys": 5}', b'{"keys": [5]}', b'{"keys": {"a": 1}}', b'{"keys": [{}]}']


@pytest.mark.parametrize("answer", [b"", b"[]", *NO_KEYS, b"[" * 99_999])
def test_what_is_no_set_of_keys_leaves_those_that_were_known(
    newtown: Organisation, answer: bytes
) -> None:
    with a_program(answer) as (address, _taken):
        party = Party(newtown, public_key="", jwks_url=address)

        with pytest.raises(BadAnswer):
            operations.fetch_keys(manager(newtown), party.id)

        operations.fetch_every_key()
        run_waiting()
        assert queries.get_relying_party(manager(newtown), party.id).keys == ""


def test_keys_rotate_when_it_is_time(newtown: Organisation) -> None:
    keys = models.SigningKey.objects.filter(organisation_id=newtown.id)
    before = set(keys.values_list("id", "state"))
    operations.rotate_due_keys()
    assert set(keys.values_list("id", "state")) == before

    operations.rotate_signing_keys(manager(newtown))

    states = sorted(keys.values_list("use", "state"))
    assert states == [
        (use, state) for use in ("identity", "tokens") for state in ("current", "next", "retired")
    ]
    operations.prepare_signing_keys(newtown)
    assert keys.count() == 6


def test_what_a_withdrawn_key_has_signed_is_worth_nothing(
    newtown: Organisation, browser: Client, party: Party
) -> None:
    token = party.exchange(party.code(browser)).json()["id_token"]
    keys = models.SigningKey.objects.filter(organisation_id=newtown.id)
    following = set(keys.filter(state="next").values_list("id", flat=True))
    member = make_member(newtown, "administrator", second_factor=True)
    staff = Client(headers=AGENT)
    sign_in(staff, newtown, member.id)

    staff.post("/identity/relying-parties/keys/withdraw/")

    with pytest.raises((JoseError, ValueError)):
        read_token(token)
    assert browser.get("/logout", {"id_token_hint": token})["Location"] == "/accounts/sign-out/"
    assert set(keys.filter(state="current").values_list("id", flat=True)) == following
    assert read_token(party.exchange(party.code(browser)).json()["id_token"])
    operations.withdraw_signing_keys(manager(newtown))
    assert not keys.filter(id__in=following).exists()
    assert sorted(keys.values_list("state", flat=True)) == ["current"] * 2 + ["next"] * 2


def test_keys_are_withdrawn_by_whoever_manages_them(newtown: Organisation) -> None:
    with pytest.raises(NotAllowed):
        operations.withdraw_signing_keys(Actor("test", frozenset(), newtown.id))
