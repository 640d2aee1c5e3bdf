"""Who works for an organisation, and that somebody always manages them."""

from uuid import uuid4

import pytest

from townhall.capabilities.identity import models, operations, permissions, queries
from townhall.capabilities.identity.errors import (
    BadAnswer,
    LastAdministrator,
    NoSuchPerson,
    NoSuchRole,
    NoSuchTeam,
)
from townhall.capabilities.identity.records import Method
from townhall.capabilities.identity.tests.make import (
    EVERYTHING,
    SECRET,
    make_actor,
    make_member,
    make_organisation,
)
from townhall.machinery.actors import permission
from townhall.machinery.errors import NotAllowed
from townhall.machinery.organisations import Organisation

pytestmark = pytest.mark.django_db

STROKE = permission("test.stroke_cats", "Stroke the office cat")


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation(slug="newtown", hosts=("newtown.example",))


@pytest.fixture
def oldtown(newtown: Organisation) -> Organisation:
    return make_organisation(slug="oldtown", hosts=("oldtown.example",))


def test_staff_have_roles_and_a_team(newtown: Organisation) -> None:
    actor = make_actor(newtown)
    team = operations.add_team(actor, name="Waste")

    member = operations.add_member(
        actor, email="ann@newtown.example", name="Ann", roles=["crew"], team_id=team.id
    )

    assert [role.slug for role in member.roles] == ["crew"]
    assert member.team == team
    assert not member.has_second_factor
    assert queries.list_members(actor).rows == [member]


def test_adding_someone_twice_adds_to_their_roles(newtown: Organisation) -> None:
    make_member(newtown, "crew", email="ann@newtown.example")

    member = make_member(newtown, "caseworker", email="ann@newtown.example")

    assert [role.slug for role in member.roles] == ["caseworker", "crew"]


def test_what_another_organisation_calls_someone_stays_there_until_they_come(
    newtown: Organisation, oldtown: Organisation
) -> None:
    known = make_member(oldtown, "crew", email="ann@example.com", name="Ann Arbour")

    added = make_member(newtown, "crew", email="ann@example.com", name="A. from the depot")
    again = make_member(newtown, "caseworker", email="ann@example.com", name="Guess")

    assert (added.id, added.name, again.name) == (
        known.id,
        "A. from the depot",
        "A. from the depot",
    )
    assert queries.get_member(make_actor(oldtown), known.id).name == "Ann Arbour"
    operations.record_sign_in(make_actor(newtown), known.id, method=Method.CODE)
    assert queries.get_member(make_actor(newtown), known.id).name == "Ann Arbour"


def test_changing_someones_roles_takes_the_others_away(newtown: Organisation) -> None:
    member = make_member(newtown, "crew", "caseworker")

    for _twice in range(2):
        changed = operations.change_member(
            make_actor(newtown), member.id, roles=["crew"], team_id=None
        )

    assert [role.slug for role in changed.roles] == ["crew"]


def test_unknown_roles_and_teams_and_none_at_all_are_refused(newtown: Organisation) -> None:
    actor = make_actor(newtown)

    with pytest.raises(NoSuchRole):
        operations.add_member(actor, email="a@b.example", name="Ann", roles=["emperor"])
    with pytest.raises(BadAnswer):
        operations.add_member(actor, email="a@b.example", name="Ann", roles=[])
    with pytest.raises(BadAnswer):
        operations.add_member(actor, email=" ", name="Ann", roles=["crew"])
    with pytest.raises(NoSuchTeam):
        operations.add_member(
            actor, email="a@b.example", name="Ann", roles=["crew"], team_id=uuid4()
        )

    assert not models.Person.objects.exists()


def test_another_organisations_administrator_finds_nobody(
    newtown: Organisation, oldtown: Organisation
) -> None:
    member = make_member(newtown, "crew")
    role = queries.list_roles(make_actor(newtown))[0]
    team = operations.add_team(make_actor(newtown), name="Waste")
    stranger = make_actor(oldtown)

    assert queries.list_members(stranger).rows == []
    assert queries.list_teams(stranger) == []
    for ask in (
        lambda: queries.get_member(stranger, member.id),
        lambda: queries.get_role(stranger, role.id),
        lambda: queries.get_team(stranger, team.id),
        lambda: operations.change_member(stranger, member.id, roles=["crew"], team_id=None),
        lambda: operations.remove_member(stranger, member.id),
        lambda: operations.change_role(stranger, role.id, title="Mine", permissions=[]),
        lambda: operations.rename_team(stranger, team.id, name="Mine"),
        lambda: operations.enrol_totp(stranger, member.id, secret=SECRET),
        lambda: operations.remove_second_factor(stranger, member.id),
    ):
        with pytest.raises((NoSuchPerson, NoSuchRole, NoSuchTeam)):
            ask()


def test_a_team_of_another_organisation_cannot_be_given(
    newtown: Organisation, oldtown: Organisation
) -> None:
    team = operations.add_team(make_actor(oldtown), name="Waste")

    with pytest.raises(NoSuchTeam):
        operations.add_member(
            make_actor(newtown), email="a@b.example", name="Ann", roles=["crew"], team_id=team.id
        )


def test_every_door_for_administrators_needs_the_permission(newtown: Organisation) -> None:
    member = make_member(newtown, "crew")
    nobody = make_actor(newtown, may=EVERYTHING - {permissions.MANAGE_PEOPLE})

    for ask in (
        lambda: queries.list_members(nobody),
        lambda: queries.get_member(nobody, member.id),
        lambda: queries.list_roles(nobody),
        lambda: queries.get_role(nobody, member.roles[0].id),
        lambda: queries.list_teams(nobody),
        lambda: queries.get_team(nobody, member.id),
        lambda: operations.add_member(nobody, email="a@b.example", name="A", roles=["crew"]),
        lambda: operations.change_member(nobody, member.id, roles=["crew"], team_id=None),
        lambda: operations.remove_member(nobody, member.id),
        lambda: operations.add_role(nobody, title="Mine", permissions=[]),
        lambda: operations.change_role(nobody, member.roles[0].id, title="A", permissions=[]),
        lambda: operations.add_team(nobody, name="Mine"),
        lambda: operations.rename_team(nobody, member.id, name="Mine"),
        lambda: operations.add_default_roles(nobody),
        lambda: operations.enrol_totp(nobody, member.id, secret=SECRET),
        lambda: operations.remove_second_factor(nobody, member.id),
    ):
        with pytest.raises(NotAllowed):
            ask()


def test_the_last_administrator_cannot_be_removed(newtown: Organisation) -> None:
    last = make_member(newtown, "administrator")

    with pytest.raises(LastAdministrator):
        operations.remove_member(make_actor(newtown), last.id)

    assert queries.get_member(make_actor(newtown), last.id) == last


def test_the_last_administrator_cannot_become_something_else(newtown: Organisation) -> None:
    last = make_member(newtown, "administrator")

    with pytest.raises(LastAdministrator):
        operations.change_member(make_actor(newtown), last.id, roles=["crew"], team_id=None)


def test_the_last_role_that_manages_people_keeps_doing_so(newtown: Organisation) -> None:
    role = make_member(newtown, "administrator").roles[0]

    with pytest.raises(LastAdministrator):
        operations.change_role(make_actor(newtown), role.id, title="Idle", permissions=[])

    assert queries.get_role(make_actor(newtown), role.id) == role


def test_an_administrator_of_another_organisation_does_not_count(
    newtown: Organisation, oldtown: Organisation
) -> None:
    last = make_member(newtown, "administrator")
    make_member(oldtown, "administrator")

    with pytest.raises(LastAdministrator):
        operations.remove_member(make_actor(newtown), last.id)


def test_one_of_two_administrators_can_be_removed(newtown: Organisation) -> None:
    first = make_member(newtown, "administrator")
    second = make_member(newtown, "administrator")

    operations.remove_member(make_actor(newtown), first.id)

    assert [each.id for each in queries.list_members(make_actor(newtown)).rows] == [second.id]
    with pytest.raises(NoSuchPerson):
        operations.remove_member(make_actor(newtown), first.id)
