"""Whoever is asked to act for someone is told by email."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from townhall.capabilities.governance.queries import list_looks
from townhall.capabilities.identity import operations as identity
from townhall.capabilities.identity import permissions
from townhall.capabilities.identity.events import DelegationOffered
from townhall.capabilities.identity.tests.make import make_actor, make_organisation
from townhall.capabilities.notify import permissions as notify
from townhall.capabilities.notify.queries import get_sandbox_message, list_sandbox_messages
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.testing import run_tasks
from townhall.services.account.handlers import delegation_offered
from townhall.services.account.operations import tell_delegate
from townhall.services.account.service import ACCOUNT

pytestmark = pytest.mark.django_db


def test_the_email_says_who_asks_for_what_and_until_when() -> None:
    town = make_organisation(hosts=("town.example",))
    jo = identity.add_person(make_actor(town), email="jo@town.example", name="Jo Bloggs")
    asker = Actor("resident", frozenset({permissions.DELEGATE}), town.id, jo.id)
    offered = identity.offer_delegation(
        asker,
        email="sam@town.example",
        services=["bulky-waste"],
        last_day=timezone.localdate() + timedelta(days=3),
    )
    event = DelegationOffered(organisation_id=town.id, delegation_id=offered.id)

    delegation_offered(event)
    identity.end_delegation(asker, offered.id)
    delegation_offered(event)

    run_tasks()
    reader = Actor("test", frozenset({notify.SEE_SANDBOX}), town.id)
    (line,) = list_sandbox_messages(reader).rows
    text = get_sandbox_message(reader, line.id).text
    assert (line.to, line.subject) == ("sam@town.example", "Jo Bloggs asks you to act for them")
    assert "Bulky waste collection" in text
    assert "https://town.example/identity/acting/" in text


def test_the_one_who_is_acted_for_sees_it() -> None:
    town = make_organisation(hosts=("town.example",))
    may = ACCOUNT.residents_may
    jo, sam = (
        Actor("resident", may, town.id, identity.add_person(make_actor(town), **each).id)
        for each in (
            {"email": "jo@town.example", "name": "Jo"},
            {"email": "sam@town.example", "name": "Sam"},
        )
    )
    offered = identity.offer_delegation(
        jo, email="sam@town.example", services=["bulky-waste"], last_day=timezone.localdate()
    )
    identity.accept_delegation(sam, offered.id)

    identity.begin_acting(sam, offered.id)
    acting = replace(jo, delegate_id=sam.person_id, may=frozenset({permissions.SIGN_IN}))
    identity.record_sign_out(acting, jo.person_id or town.id)

    looks = list_looks(jo).rows
    assert "Someone who acts for you" in {each.who for each in looks}
    assert "Began to act for you" in {each.what for each in looks}


def test_nobody_else_sends_it() -> None:
    town = make_organisation()

    with pytest.raises(NotAllowed):
        tell_delegate(Actor("resident", frozenset(), town.id), town.id)
