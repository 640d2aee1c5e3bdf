"""Whose second factor an administrator may take away, and who stays out of their reach."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import timezone

from townhall.capabilities.identity import models, operations, permissions, queries
from townhall.capabilities.identity.errors import ForOperators, NoSuchPerson, NotRecoverable
from townhall.capabilities.identity.records import Member
from townhall.capabilities.identity.tests.make import (
    SECRET,
    make_actor,
    make_member,
    make_organisation,
    sign_in,
)
from townhall.machinery.actors import Actor
from townhall.machinery.organisations import Organisation

pytestmark = pytest.mark.django_db

PASSKEY, TOTP = Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP


@pytest.fixture
def town() -> Organisation:
    return make_organisation(hosts=("testserver",))


@pytest.fixture
def manager(town: Organisation) -> Actor:
    return make_actor(town, may=frozenset({permissions.MANAGE_PEOPLE}))


def set_up(person_id: UUID, kind: str, *, days_ago: int = 0) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    Authenticator.objects.create(user_id=person_id, type=kind, data={}, created_at=at)


def kinds(member: Member) -> list[str]:
    return sorted(Authenticator.objects.filter(user_id=member.id).values_list("type", flat=True))


def test_what_someone_set_up_before_they_worked_here_stays_theirs(
    town: Organisation, manager: Actor
) -> None:
    member = make_member(town, "crew")
    set_up(member.id, PASSKEY, days_ago=1)

    with pytest.raises(NotRecoverable, match="Ask whoever runs this installation"):
        operations.remove_second_factor(manager, member.id)
    with pytest.raises(NotRecoverable):
        operations.enrol_totp(manager, member.id, secret=SECRET)
    set_up(member.id, TOTP)
    operations.remove_second_factor(manager, member.id)

    assert kinds(member) == [PASSKEY]
    operations.remove_second_factor(make_actor(town), member.id)
    assert kinds(member) == []


def test_the_page_says_who_can(town: Organisation) -> None:
    boss, member = make_member(town, "administrator", second_factor=True), make_member(town, "crew")
    set_up(member.id, PASSKEY, days_ago=1)
    client = Client()
    sign_in(client, town, boss.id)

    answer = client.post(f"/identity/people/{member.id}/second-factor/")

    assert answer.status_code == 409
    assert "Ask whoever runs this installation" in answer.content.decode()


def test_a_resident_who_does_not_work_here_is_out_of_reach(
    town: Organisation, manager: Actor
) -> None:
    jo = operations.add_person(make_actor(town), email="jo@home.example", name="Jo")
    set_up(jo.id, PASSKEY)
    ended = make_member(town, "crew", second_factor=True)
    models.Membership.objects.filter(person_id=ended.id).update(ends_at=timezone.now())

    for person_id in (jo.id, ended.id):
        with pytest.raises(NoSuchPerson):
            operations.remove_second_factor(manager, person_id)
        with pytest.raises(NoSuchPerson):
            operations.enrol_totp(manager, person_id, secret=SECRET)


@pytest.mark.parametrize(
    "touch",
    [
        operations.remove_second_factor,
        operations.remove_member,
        lambda actor, person_id: operations.enrol_totp(actor, person_id, secret=SECRET),
        lambda actor, person_id: operations.change_member(
            actor, person_id, roles=["crew"], team_id=None
        ),
        lambda actor, person_id: operations.end_grant(
            actor, queries.list_grants(actor, person_id)[0].id
        ),
        lambda actor, person_id: operations.end_reviewed_grant(
            actor, models.ReviewedGrant.objects.get(role="Crew").id, reason="Not used"
        ),
    ],
)
def test_only_an_operator_touches_an_operator(
    town: Organisation, manager: Actor, touch: Callable[[Actor, UUID], object]
) -> None:
    make_member(town, "administrator")
    member = make_member(town, "operator", "crew", second_factor=True)
    long_ago = timezone.now() - timedelta(days=800)
    models.Membership.objects.filter(person_id=member.id).update(since=long_ago)
    operations.open_review(manager)

    with pytest.raises(ForOperators):
        touch(manager, member.id)

    before = queries.get_member(manager, member.id)
    assert (len(before.roles), before.has_second_factor) == (2, True)
    assert mail.outbox == []
    touch(make_actor(town), member.id)
