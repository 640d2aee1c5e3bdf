"""Roles, teams and second factors."""

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from townhall.capabilities.identity import models, operations, permissions, queries
from townhall.capabilities.identity.errors import (
    BadAnswer,
    NameTaken,
    StaffElsewhere,
)
from townhall.capabilities.identity.tests.make import (
    SECRET,
    make_actor,
    make_member,
    make_organisation,
)
from townhall.machinery.actors import Permission, permission
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.errors import NotAllowed
from townhall.machinery.organisations import Organisation, prepare

pytestmark = pytest.mark.django_db

STROKE = permission("test.stroke_cats", "Stroke the office cat")


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation(slug="newtown", hosts=("newtown.example",))


@pytest.fixture
def oldtown(newtown: Organisation) -> Organisation:
    return make_organisation(slug="oldtown", hosts=("oldtown.example",))


def test_an_organisation_begins_with_roles(newtown: Organisation) -> None:
    by_slug = {role.slug: role for role in queries.list_roles(make_actor(newtown))}

    assert {"administrator", "operator"} <= set(by_slug)
    assert {permissions.MANAGE_PEOPLE, SET_DIALS} <= by_slug["administrator"].permissions
    assert permissions.RUN_INSTALLATION in by_slug["operator"].permissions
    assert permissions.RUN_INSTALLATION not in by_slug["administrator"].permissions


def test_preparing_again_changes_no_role(newtown: Organisation) -> None:
    actor = make_actor(newtown)
    role = operations.add_role(actor, title="Cat stroker", permissions=[STROKE])
    operations.change_role(actor, role.id, title="Stroker", permissions=[STROKE])
    before = queries.list_roles(actor)

    prepare(newtown)

    assert queries.list_roles(actor) == before


def test_a_role_has_a_name_of_its_own_and_known_permissions(newtown: Organisation) -> None:
    actor = make_actor(newtown)
    operations.add_role(actor, title="Cat stroker", permissions=[STROKE])

    with pytest.raises(NameTaken):
        operations.add_role(actor, title="Cat Stroker", permissions=[STROKE])
    with pytest.raises(BadAnswer):
        operations.add_role(actor, title="Dog walker", permissions=[Permission("test.unheard_of")])
    with pytest.raises(BadAnswer):
        operations.add_role(actor, title="!", permissions=[STROKE])


def test_only_who_runs_the_installation_hands_that_out(newtown: Organisation) -> None:
    may = frozenset({permissions.MANAGE_PEOPLE})
    administrator = make_actor(newtown, may=may)
    operator = next(r for r in queries.list_roles(administrator) if r.slug == "operator")
    crew = make_member(newtown, "crew")
    run = [permissions.RUN_INSTALLATION]

    for ask in (
        lambda: operations.add_member(
            administrator, email="a@b.example", name="A", roles=["operator"]
        ),
        lambda: operations.change_member(administrator, crew.id, roles=["operator"], team_id=None),
        lambda: operations.add_role(administrator, title="Mine", permissions=run),
        lambda: operations.change_role(
            administrator, crew.roles[0].id, title="Crew", permissions=run
        ),
        lambda: operations.change_role(administrator, operator.id, title="X", permissions=[]),
    ):
        with pytest.raises(NotAllowed):
            ask()


def test_team_names_differ(newtown: Organisation) -> None:
    actor = make_actor(newtown)
    waste = operations.add_team(actor, name="Waste")
    parks = operations.add_team(actor, name="Parks")

    with pytest.raises(NameTaken):
        operations.add_team(actor, name="Waste")
    with pytest.raises(NameTaken):
        operations.rename_team(actor, parks.id, name="Waste")
    for _twice in range(2):
        operations.rename_team(actor, waste.id, name="Waste and recycling")

    names = [team.name for team in queries.list_teams(actor)]
    assert names == ["Parks", "Waste and recycling"]


def test_a_second_factor_is_kept_encrypted(newtown: Organisation) -> None:
    member = make_member(newtown, "crew")

    for _twice in range(2):
        operations.enrol_totp(make_actor(newtown), member.id, secret=SECRET)

    kept = Authenticator.objects.get(user_id=member.id)
    assert SECRET not in str(kept.data)
    assert queries.get_member(make_actor(newtown), member.id).has_second_factor


def test_a_lost_second_factor_can_be_taken_away(newtown: Organisation) -> None:
    member = make_member(newtown, "crew", second_factor=True)

    for _twice in range(2):
        operations.remove_second_factor(make_actor(newtown), member.id)

    assert not queries.get_member(make_actor(newtown), member.id).has_second_factor


def test_nobody_takes_the_second_factor_of_another_organisations_staff(
    newtown: Organisation, oldtown: Organisation
) -> None:
    member = make_member(oldtown, "administrator", email="ann@oldtown.example")
    make_member(newtown, "crew", email="ann@oldtown.example")

    manager = make_actor(newtown, may=frozenset({permissions.MANAGE_PEOPLE}))

    with pytest.raises(StaffElsewhere):
        operations.remove_second_factor(manager, member.id)
    with pytest.raises(StaffElsewhere):
        operations.enrol_totp(manager, member.id, secret=SECRET)

    models.Membership.objects.filter(organisation_id=oldtown.id).update(ends_at=timezone.now())
    operations.enrol_totp(manager, member.id, secret=SECRET)
    operations.remove_second_factor(manager, member.id)


def test_a_secret_must_be_one(newtown: Organisation) -> None:
    member = make_member(newtown, "crew")

    with pytest.raises(BadAnswer):
        operations.enrol_totp(make_actor(newtown), member.id, secret="not base 32!")
