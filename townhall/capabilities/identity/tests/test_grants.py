"""Roles that reach less than everything, or end by themselves."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.http import HttpRequest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.identity import models, operations, permissions, queries, sessions
from townhall.capabilities.identity.errors import (
    BadAnswer,
    LastAdministrator,
    NoSuchGrant,
    NoSuchPerson,
    NoSuchRole,
    NoSuchTeam,
    StillStaff,
)
from townhall.capabilities.identity.records import Grant, Member, Method, Where
from townhall.capabilities.identity.tests.make import (
    make_actor,
    make_member,
    make_organisation,
    make_request,
)
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.errors import NotAllowed
from townhall.machinery.holdings import SEE_HELD
from townhall.machinery.organisations import Organisation

pytestmark = pytest.mark.django_db

# Of others, which a capability does not import.
WORK, MANAGE = Permission("cases.work"), Permission("bulky_waste.manage")
WASTE = Where(service="bulky-waste")
ONLY_WASTE = frozenset({"bulky-waste"})


@pytest.fixture
def town() -> Organisation:
    return make_organisation()


@pytest.fixture
def member(town: Organisation) -> Member:
    make_member(town, "administrator", email="boss@newtown.example")
    operations.add_role(make_actor(town), title="Clerk", permissions=[WORK, MANAGE])
    return make_member(town, "crew", second_factor=True)


def give(
    town: Organisation, member: Member, where: Where = WASTE, last_day: date | None = None
) -> Grant:
    return operations.grant_role(
        make_actor(town), member.id, role="clerk", where=where, last_day=last_day, reason="Cover"
    )


def who_asks(town: Organisation, person_id: UUID) -> Actor:
    request: HttpRequest = make_request(town)
    sessions.sign_in(request, person_id, method=Method.LINK_AND_SECOND_FACTOR)
    found = sessions.PersonBackend().get_user(person_id)
    assert found
    request.user = found
    return sessions.who_asks(request)


def test_a_role_for_one_service_reaches_no_further(town: Organisation, member: Member) -> None:
    give(town, member)

    actor = who_asks(town, member.id)

    assert actor.may_within == {WORK: ONLY_WASTE}
    assert MANAGE in actor.may, "a service's own permission reaches no further than the service"
    assert actor.name == "staff:clerk+crew"
    found = queries.get_member(make_actor(town), member.id)
    assert [role.slug for role in found.roles] == ["crew"]
    assert [role.slug for role in found.every_role] == ["crew", "clerk"]


def test_a_role_for_a_team_reaches_the_services_that_it_answers_for_now(
    town: Organisation, member: Member
) -> None:
    actor = make_actor(town)
    team = operations.add_team(actor, name="Waste")
    give(town, member, Where(team_id=team.id))
    assert who_asks(town, member.id).may_within == {WORK: frozenset(), MANAGE: frozenset()}

    operations.set_team_services(actor, team.id, services=["bulky-waste"])

    assert who_asks(town, member.id).may_within == {WORK: ONLY_WASTE}
    assert queries.list_teams(actor)[0].services == ONLY_WASTE


def test_a_role_counts_to_its_last_day_and_no_longer(town: Organisation, member: Member) -> None:
    granted = give(town, member, Where(), timezone.localdate())
    assert WORK in who_asks(town, member.id).may

    models.Membership.objects.filter(id=granted.id).update(ends_at=timezone.now())

    assert WORK not in who_asks(town, member.id).may
    assert [each.role.slug for each in queries.list_grants(make_actor(town), member.id)] == ["crew"]
    with pytest.raises(NoSuchGrant):
        queries.get_grant(make_actor(town), granted.id)
    give(town, member, Where())
    assert WORK in who_asks(town, member.id).may


def test_whoever_worked_here_once_sees_that_it_is_over_and_may_go(
    town: Organisation, member: Member
) -> None:
    may = frozenset({permissions.CHANGE_SELF, SEE_HELD})
    myself = Actor("resident", may, town.id, member.id)
    with pytest.raises(StillStaff):
        operations.ask_erasure(myself, due_at=timezone.now())

    models.Membership.objects.filter(person_id=member.id).update(ends_at=timezone.now())

    titles = {each.title for each in queries.list_held(myself).rows}
    assert "A role you had here" in titles
    assert "A role you have here" not in titles
    operations.ask_erasure(myself, due_at=timezone.now())


def test_a_person_with_such_roles_is_read_in_one_statement(
    town: Organisation, member: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    give(town, member)
    request = make_request(town)
    sessions.sign_in(request, member.id, method=Method.LINK_AND_SECOND_FACTOR)

    with django_assert_num_queries(1):
        found = sessions.PersonBackend().get_user(member.id)
        assert found
        request.user = found
        assert sessions.who_asks(request).may_within


def test_someone_may_be_added_for_one_service_only(town: Organisation, member: Member) -> None:
    added = operations.add_member(
        make_actor(town), email="new@newtown.example", name="New", roles=["clerk"], where=WASTE
    )

    assert added.roles == ()
    assert [each.services for each in added.narrow_roles] == [ONLY_WASTE]
    operations.change_member(make_actor(town), added.id, roles=[], team_id=None)
    assert queries.get_member(make_actor(town), added.id).narrow_roles


def test_granting_twice_grants_once(town: Organisation, member: Member) -> None:
    assert give(town, member).id == give(town, member).id
    assert len(queries.list_grants(make_actor(town), member.id)) == 2


def test_another_last_day_of_a_role_that_is_there_is_refused_not_dropped(
    town: Organisation, member: Member
) -> None:
    day = timezone.localdate() + timedelta(days=9)
    for _twice in range(2):
        give(town, member, WASTE, day)

    for another in (None, day + timedelta(days=1)):
        with pytest.raises(BadAnswer) as refusal:
            give(town, member, WASTE, another)
        assert "last_day" in refusal.value.fields


def test_a_role_that_came_by_a_claim_can_be_given_for_good(
    town: Organisation, member: Member
) -> None:
    given = give(town, member, Where())
    soon = timezone.now() + timedelta(hours=3)
    by_claim = models.Membership.objects.filter(id=given.id)
    by_claim.update(by_claim=True, ends_at=soon, reason="")
    operations.change_member(make_actor(town), member.id, roles=["crew", "clerk"], team_id=None)
    assert by_claim.get().by_claim, "to save the page of someone's roles gives none of them"

    operations.add_member(
        make_actor(town), email=member.email or "", name="Ann", roles=["clerk"], reason="She stays"
    )

    kept = by_claim.get()
    assert (kept.by_claim, kept.ends_at, kept.reason) == (False, None, "She stays")


def test_a_grant_is_ended_at_once(town: Organisation, member: Member) -> None:
    granted = give(town, member)
    assert (granted.reason, granted.service) == ("Cover", "bulky-waste")

    operations.end_grant(make_actor(town), granted.id)

    assert who_asks(town, member.id).may_within == {}
    with pytest.raises(NoSuchGrant):
        operations.end_grant(make_actor(town), granted.id)


def test_the_last_administrator_is_one_whose_role_goes_on(
    town: Organisation, member: Member
) -> None:
    actor = make_actor(town)
    boss = next(
        each for each in queries.list_members(actor).rows if each.email == "boss@newtown.example"
    )
    (held,) = queries.list_grants(actor, boss.id)
    for where, last_day in ((WASTE, None), (Where(), timezone.localdate())):
        operations.grant_role(
            actor, member.id, role="administrator", where=where, last_day=last_day, reason="Help"
        )

    with pytest.raises(LastAdministrator):
        operations.end_grant(actor, held.id)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"role": "nothing"}, NoSuchRole),
        ({"where": Where(service="nothing")}, BadAnswer),
        ({"where": Where(team_id=UUID(int=1))}, NoSuchTeam),
        ({"last_day": date(2020, 1, 1)}, BadAnswer),
        ({"reason": " "}, BadAnswer),
        ({"person_id": UUID(int=1)}, NoSuchPerson),
    ],
)
def test_what_cannot_be_granted_is_refused(
    town: Organisation, member: Member, changes: dict[str, object], refused: type[Exception]
) -> None:
    asked = {"role": "clerk", "where": WASTE, "last_day": None, "reason": "Cover"} | changes

    with pytest.raises(refused):
        operations.grant_role(
            make_actor(town),
            asked.pop("person_id", member.id),  # type: ignore[arg-type]  # from the table
            **asked,  # type: ignore[arg-type]  # as above
        )


def test_only_an_operator_makes_an_operator(town: Organisation, member: Member) -> None:
    manager = make_actor(town, may=frozenset({permissions.MANAGE_PEOPLE}))

    with pytest.raises(NotAllowed):
        operations.grant_role(
            manager, member.id, role="operator", where=WASTE, last_day=None, reason="Why not"
        )


Ask = Callable[[Actor], object]


@pytest.mark.parametrize(
    "ask",
    [
        lambda actor: operations.end_grant(actor, 1),
        lambda actor: operations.add_missing_permissions(actor, UUID(int=1)),
        lambda actor: operations.set_team_services(actor, UUID(int=1), services=[]),
        lambda actor: operations.grant_role(
            actor, UUID(int=1), role="crew", where=WASTE, last_day=None, reason="x"
        ),
        lambda actor: queries.list_holders(actor, WORK),
        lambda actor: queries.list_rights(actor, UUID(int=1)),
        lambda actor: queries.list_grants(actor, UUID(int=1)),
    ],
)
def test_not_without_the_permission(town: Organisation, ask: Ask) -> None:
    with pytest.raises(NotAllowed):
        ask(make_actor(town, may=frozenset({permissions.KNOW_PEOPLE})))


def test_who_can_do_this_and_what_can_they_do(town: Organisation, member: Member) -> None:
    give(town, member)
    stranger = make_actor(make_organisation(slug="oldtown", hosts=("oldtown.example",)))

    held = queries.list_holders(make_actor(town), WORK).rows
    rights = queries.list_rights(make_actor(town), member.id)

    assert (member.id, "bulky-waste") in {(each.person_id, each.service) for each in held}
    by_code = {each.permission: each for each in rights}
    assert by_code[WORK].label == "See the queue of cases, claim them and close them"
    assert [each.role.slug for each in by_code[MANAGE].grants] == ["clerk"]
    assert queries.list_holders(stranger, WORK).rows == []
    assert queries.list_rights(stranger, member.id) == []


def test_a_role_gets_what_services_expect_of_it_by_now(town: Organisation) -> None:
    actor = make_actor(town)
    role = next(each for each in queries.list_roles(actor) if each.slug == "caseworker")
    operations.change_role(actor, role.id, title=role.title, permissions=[WORK])

    for _twice in range(2):
        changed = operations.add_missing_permissions(actor, role.id)

    assert changed.permissions == role.permissions | {WORK}
    with pytest.raises(NoSuchRole):
        operations.add_missing_permissions(actor, UUID(int=1))


def test_a_team_answers_for_services_that_there_are(town: Organisation) -> None:
    actor = make_actor(town)
    team = operations.add_team(actor, name="Waste")

    with pytest.raises(BadAnswer):
        operations.set_team_services(actor, team.id, services=["nothing"])
    with pytest.raises(NoSuchTeam):
        operations.set_team_services(actor, UUID(int=1), services=[])


def test_the_days_of_a_grant_may_lie_ahead(town: Organisation, member: Member) -> None:
    last_day = timezone.localdate() + timedelta(days=3)

    granted = give(town, member, WASTE, last_day)

    assert granted.ends_at is not None
    assert timezone.localdate(granted.ends_at) == last_day + timedelta(days=1)
