"""Whoever is asked to act for someone is told by email."""

from datetime import timedelta

import pytest
from django.utils import timezone

from townhall.capabilities.identity import operations as identity
from townhall.capabilities.identity import permissions
from townhall.capabilities.identity.events import DelegationOffered
from townhall.capabilities.identity.tests.make import make_actor, make_organisation
from townhall.capabilities.notify import models as notify
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.services.account.handlers import delegation_offered
from townhall.services.account.operations import tell_delegate

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

    message = notify.Message.objects.get(to="sam@town.example")
    assert message.subject == "Jo Bloggs asks you to act for them"
    assert "* Bulky waste collection" in message.body
    assert "https://town.example/identity/acting/" in message.body


def test_nobody_else_sends_it() -> None:
    town = make_organisation()

    with pytest.raises(NotAllowed):
        tell_delegate(Actor("resident", frozenset(), town.id), town.id)
