"""Organisations, people, roles and teams."""

from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.identity import models, operations, permissions, queries
from townhall.capabilities.identity.errors import (
    BadAnswer,
    LastAdministrator,
    NameTaken,
    NoSuchPerson,
    NoSuchRole,
    NoSuchTeam,
    StaffElsewhere,
)
from townhall.capabilities.identity.tests.make import (
    EVERYTHING,
    SECRET,
    make_actor,
    make_member,
    make_organisation,
)
from townhall.machinery.actors import Actor, Permission, permission
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.errors import NotAllowed
from townhall.machinery.inspection import Finding, inspect_all
from townhall.machinery.models import AuditEntry
from townhall.machinery.organisations import Organisation, every_organisation, prepare
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db

STROKE = permission("test.stroke_cats", "Stroke the office cat")


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation(slug="newtown", hosts=("newtown.example",))


@pytest.fixture
def oldtown(newtown: Organisation) -> Organisation:
    return make_organisation(slug="oldtown", hosts=("oldtown.example",))


# People


def test_a_person_is_the_same_one_however_the_address_is_written(newtown: Organisation) -> None:
    actor = make_actor(newtown)

    first = operations.add_person(actor, email="Ann@Home.example", name="Ann")
    again = operations.add_person(actor, email=" ann@home.EXAMPLE", name="Somebody else")

    assert again == first
    assert first.email == "ann@home.example"
    assert again.name == "Ann"


def test_people_without_an_address_are_each_their_own(newtown: Organisation) -> None:
    actor = make_actor(newtown)

    first = operations.add_person(actor, email=None, name="Ann")
    second = operations.add_person(actor, email=None, name="Ann")

    assert first.id != second.id


@pytest.mark.parametrize(
    "changes",
    [{"email": "not an address"}, {"name": "A" * 201}, {"name": " "}, {"language": "klingon"}],
)
def test_what_the_table_cannot_hold_is_refused(
    newtown: Organisation, changes: dict[str, str]
) -> None:
    with pytest.raises(BadAnswer) as refusal:
        operations.add_person(
            make_actor(newtown), **{"email": "ann@home.example", "name": "Ann", **changes}
        )

    assert set(refusal.value.fields) == set(changes)
    assert not models.Person.objects.exists()


def test_adding_a_person_is_audited_and_needs_the_permission(newtown: Organisation) -> None:
    person = operations.add_person(make_actor(newtown), email="ann@home.example", name="Ann")

    entry = AuditEntry.objects.get(action="identity.add_person")
    assert entry.concerns == [person.id]
    with pytest.raises(NotAllowed):
        operations.add_person(make_actor(newtown, may=frozenset()), email=None, name="Ann")


def test_an_organisation_sees_only_the_people_it_has_to_do_with(
    newtown: Organisation, oldtown: Organisation
) -> None:
    person = operations.add_person(make_actor(newtown), email="ann@home.example", name="Ann")

    with pytest.raises(NoSuchPerson):
        queries.get_person(make_actor(oldtown), person.id)

    assert queries.names_of(make_actor(oldtown), [person.id]) == {}
    assert queries.names_of(make_actor(newtown), [person.id, uuid4()]) == {person.id: "Ann"}
    assert queries.get_person(make_actor(newtown), person.id) == person
    operations.add_person(make_actor(oldtown), email="ann@home.example", name="Ann")
    assert queries.get_person(make_actor(oldtown), person.id) == person


def test_reading_who_someone_is_is_audited(newtown: Organisation) -> None:
    person = operations.add_person(make_actor(newtown), email="ann@home.example", name="Ann")

    queries.get_person(make_actor(newtown), person.id)
    queries.names_of(make_actor(newtown), [person.id])
    queries.names_of(make_actor(newtown), [])

    reads = AuditEntry.objects.filter(kind=AuditEntry.READ)
    assert [entry.concerns for entry in reads] == [[person.id], [person.id]]


def test_a_known_person_costs_two_statements(
    newtown: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actor = make_actor(newtown)
    operations.add_person(actor, email="ann@home.example", name="Ann")

    # savepoint, find, acquaint, audit, release
    with django_assert_num_queries(5):
        operations.add_person(actor, email="ann@home.example", name="Ann")


# Staff


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


# The last administrator


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


# Roles and teams


def test_an_organisation_begins_with_roles(newtown: Organisation) -> None:
    by_slug = {role.slug: role for role in queries.list_roles(make_actor(newtown))}

    assert {"administrator", "operator"} <= set(by_slug)
    assert {permissions.MANAGE_PEOPLE, SET_DIALS} <= by_slug["administrator"].permissions
    assert by_slug["operator"].permissions == {permissions.RUN_INSTALLATION}


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


# Second factors


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

    with pytest.raises(StaffElsewhere):
        operations.remove_second_factor(make_actor(newtown), member.id)
    with pytest.raises(StaffElsewhere):
        operations.enrol_totp(make_actor(newtown), member.id, secret=SECRET)


def test_a_secret_must_be_one(newtown: Organisation) -> None:
    member = make_member(newtown, "crew")

    with pytest.raises(BadAnswer):
        operations.enrol_totp(make_actor(newtown), member.id, secret="not base 32!")


# Organisations


def test_an_organisation_has_its_name_and_address(newtown: Organisation) -> None:
    assert newtown.name == Wording("newtown")
    assert newtown.address == "https://newtown.example"
    assert every_organisation() == [newtown]


def test_names_and_hosts_are_taken_once(newtown: Organisation) -> None:
    operator = make_actor(newtown)

    with pytest.raises(NameTaken):
        operations.add_organisation(operator, slug="newtown", name=Wording("N"), hosts=[])
    with pytest.raises(NameTaken):
        operations.add_organisation(
            operator, slug="other", name=Wording("N"), hosts=["Newtown.Example"]
        )
    with pytest.raises(BadAnswer):
        operations.add_organisation(operator, slug="no spaces", name=Wording("N"), hosts=[])
    with pytest.raises(NotAllowed):
        operations.add_organisation(
            Actor("test", frozenset(), newtown.id), slug="x", name=Wording("N"), hosts=[]
        )


def test_all_organisations_are_read_in_one_statement(
    newtown: Organisation, oldtown: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert every_organisation() == [newtown, oldtown]


# Commands and inspections


def test_the_commands_open_an_organisation_and_let_people_in() -> None:
    call_command(
        "add_organisation",
        "newtown",
        "Newtown Council",
        "--host",
        "newtown.example",
        "--administrator",
        "ann@newtown.example",
    )
    call_command("give_role", "newtown", "ann@newtown.example", "operator", "--name", "Ann")

    (opened,) = every_organisation()
    (member,) = queries.list_members(make_actor(opened)).rows
    assert opened.name == Wording("Newtown Council")
    assert [role.slug for role in member.roles] == ["administrator", "operator"]


def test_the_commands_say_what_is_wrong(newtown: Organisation) -> None:
    with pytest.raises(CommandError, match="short name already"):
        call_command("add_organisation", "newtown", "Newtown")
    with pytest.raises(CommandError, match="no organisation"):
        call_command("give_role", "nowhere", "ann@newtown.example", "crew")
    with pytest.raises(CommandError, match="no such role"):
        call_command("give_role", "newtown", "ann@newtown.example", "emperor")


def test_an_empty_installation_is_at_fault() -> None:
    findings = inspect_people()

    assert [each.subject for each in findings if each.is_fault] == ["organisations"]


def test_an_organisation_without_administrator_is_at_fault(newtown: Organisation) -> None:
    make_member(newtown, "crew")

    findings = inspect_people()

    assert [each.subject for each in findings if each.is_fault] == ["administrators"]
    assert any(each.advice.startswith("1 of the staff") for each in findings)


def test_all_is_well(newtown: Organisation) -> None:
    make_member(newtown, "administrator", second_factor=True)

    assert not any(each.advice for each in inspect_people())


def inspect_people() -> list[Finding]:
    mine = {"organisations", "administrators", "second factors"}
    return [finding for finding in inspect_all() if finding.subject in mine]
