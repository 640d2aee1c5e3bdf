"""/identity/, for administrators."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.identity import operations, permissions, queries
from townhall.capabilities.identity.tests.make import (
    make_actor,
    make_member,
    make_organisation,
    sign_in,
)
from townhall.machinery import files
from townhall.machinery.models import DialValue
from townhall.machinery.organisations import Organisation, every_organisation

pytestmark = pytest.mark.django_db

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation(hosts=("testserver",))


@pytest.fixture
def administrator(client: Client, newtown: Organisation) -> UUID:
    member = make_member(newtown, "administrator", email="ann@a.example", second_factor=True)
    sign_in(client, newtown, member.id)
    return member.id


PAGES = ["", "add/", "roles/", "roles/add/", "teams/", "teams/add/"]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_for_administrators_only(
    client: Client, newtown: Organisation, administrator: UUID, path: str
) -> None:
    crew = make_member(newtown, "crew", second_factor=True)
    other = Client()
    sign_in(other, newtown, crew.id)

    assert client.get(f"/identity/{path}").status_code == 200
    assert other.get(f"/identity/{path}").status_code == 403
    assert other.post(f"/identity/{path}").status_code in {403, 405}
    assert Client().get(f"/identity/{path}").status_code == 302


def test_someone_is_added_changed_and_removed(
    client: Client, newtown: Organisation, administrator: UUID
) -> None:
    team = operations.add_team(make_actor(newtown), name="Waste")
    answers = {"email": "Bo@a.example", "name": "Bo Bell", "roles": ["crew"], "team": ""}
    assert client.post("/identity/add/", answers)["Location"] == "/identity/"
    bo = next(m for m in queries.list_members(make_actor(newtown)).rows if m.name == "Bo Bell")
    place = f"/identity/people/{bo.id}/"
    assert "bo@a.example" in client.get("/identity/").content.decode()
    assert client.get(place).status_code == 200

    client.post(place, {"roles": ["caseworker"], "team": str(team.id)})

    bo = queries.get_member(make_actor(newtown), bo.id)
    assert [role.slug for role in bo.roles] == ["caseworker"]
    assert bo.team == team
    assert "Remove Bo Bell" in client.get(f"{place}remove/").content.decode()
    assert client.post(f"{place}remove/")["Location"] == "/identity/"
    assert client.get(place).status_code == 404


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"email": "bo", "name": "Bo", "roles": ["crew"]},
        {"email": "bo@a.example", "name": "", "roles": ["crew"]},
        {"email": "bo@a.example", "name": "Bo", "roles": []},
        {"email": "bo@a.example", "name": "Bo", "roles": ["emperor"]},
        {"email": "bo@a.example", "name": "Bo", "roles": ["operator"]},
        {"email": "bo@a.example", "name": "Bo", "roles": ["crew"], "team": "nonsense"},
        {"email": "bo@a.example", "name": "Bo", "roles": ["crew"], "team": str(uuid4())},
        {"email": f"{'b' * 250}@a.example", "name": "Bo", "roles": ["crew"]},
    ],
)
def test_bad_answers_are_shown_again(
    client: Client, administrator: UUID, answers: dict[str, object]
) -> None:
    answer = client.post("/identity/add/", answers)

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_the_last_administrator_stays(client: Client, administrator: UUID) -> None:
    place = f"/identity/people/{administrator}/"

    removed = client.post(f"{place}remove/")
    changed = client.post(place, {"roles": ["crew"], "team": ""})

    assert removed.status_code == 409
    assert changed.status_code == 422
    for answer in (removed, changed):
        assert "Give another person that role first" in answer.content.decode()


def test_a_lost_second_factor_is_taken_away(
    client: Client, newtown: Organisation, administrator: UUID
) -> None:
    crew = make_member(newtown, "crew", second_factor=True)
    place = f"/identity/people/{crew.id}/second-factor/"
    assert client.get(place).status_code == 200

    client.post(place)

    assert not queries.get_member(make_actor(newtown), crew.id).has_second_factor


def test_a_role_is_added_and_changed(
    client: Client, newtown: Organisation, administrator: UUID
) -> None:
    know = permissions.MANAGE_PEOPLE
    client.post("/identity/roles/add/", {"title": "Front desk", "permissions": [know]})
    role = next(
        each for each in queries.list_roles(make_actor(newtown)) if each.slug == "front-desk"
    )
    place = f"/identity/roles/{role.id}/"
    assert "Front desk" in client.get("/identity/roles/").content.decode()
    assert client.get(place).status_code == 200

    client.post(place, {"title": "Reception", "permissions": [permissions.MANAGE_PEOPLE]})

    role = queries.get_role(make_actor(newtown), role.id)
    assert (role.title, role.permissions) == (
        "Reception",
        frozenset({permissions.MANAGE_PEOPLE}),
    )
    again = client.post("/identity/roles/add/", {"title": "Front desk", "permissions": [know]})
    assert again.status_code == 422
    run = {"title": "Sly", "permissions": [permissions.RUN_INSTALLATION]}
    assert client.post("/identity/roles/add/", run).status_code == 422


def test_the_operators_role_is_not_for_administrators(
    client: Client, newtown: Organisation, administrator: UUID
) -> None:
    roles = queries.list_roles(make_actor(newtown))
    operator = next(role for role in roles if role.slug == "operator")

    assert client.get(f"/identity/roles/{operator.id}/").status_code == 403


def test_the_last_managing_role_stays(
    client: Client, newtown: Organisation, administrator: UUID
) -> None:
    roles = queries.list_roles(make_actor(newtown))
    role = next(role for role in roles if role.slug == "administrator")

    answer = client.post(
        f"/identity/roles/{role.id}/",
        {"title": "Administrator", "permissions": [permissions.KNOW_PEOPLE]},
    )

    assert answer.status_code == 422


def test_a_team_is_added_and_renamed(
    client: Client, newtown: Organisation, administrator: UUID
) -> None:
    client.post("/identity/teams/add/", {"name": "Waste"})
    (team,) = queries.list_teams(make_actor(newtown))
    place = f"/identity/teams/{team.id}/"
    assert client.get(place).status_code == 200

    client.post(place, {"name": "Waste and recycling"})

    assert "Waste and recycling" in client.get("/identity/teams/").content.decode()
    client.post("/identity/teams/add/", {"name": "Waste"})
    assert client.post(place, {"name": "Waste"}).status_code == 422
    assert client.post("/identity/teams/add/", {"name": "Waste"}).status_code == 422


def test_another_organisations_things_are_not_found(client: Client, administrator: UUID) -> None:
    oldtown = make_organisation(slug="oldtown", hosts=("oldtown.example",))
    member = make_member(oldtown, "crew")
    team = operations.add_team(make_actor(oldtown), name="Waste")

    for path in (
        f"people/{member.id}/",
        f"people/{member.id}/remove/",
        f"people/{member.id}/second-factor/",
        f"roles/{member.roles[0].id}/",
        f"teams/{team.id}/",
    ):
        assert client.get(f"/identity/{path}").status_code == 404
        assert client.post(f"/identity/{path}").status_code == 404


def test_long_lists_come_in_pages(
    client: Client, newtown: Organisation, administrator: UUID
) -> None:
    for _number in range(25):
        make_member(newtown, "crew")

    first = client.get("/identity/").content.decode()

    assert first.count("govuk-table__row") == 26
    assert "place=" in first
    assert client.get("/identity/?place=nonsense").status_code == 422


def test_the_logo_is_for_everyone_and_no_other_file_is(newtown: Organisation) -> None:
    actor = make_actor(newtown)
    kinds = frozenset({"image/png"})
    logo, other = (
        files.keep(actor, PNG, name="a.png", types=kinds, most_bytes=1000) for _ in range(2)
    )
    DialValue.objects.create(
        organisation_id=newtown.id, owner="organisation", name="logo", value=str(logo)
    )

    answer = Client().get(every_organisation()[0].logo_url)

    assert (answer.content, answer["Content-Type"]) == (PNG, "image/png")
    assert Client().get(f"/identity/logo/{other}/").status_code == 404


def test_a_page_for_staff_takes_few_statements(
    client: Client, administrator: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # session, organisation, person with roles, roles
    with django_assert_num_queries(4):
        client.get("/identity/roles/")
