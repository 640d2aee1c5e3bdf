"""Organisations, the commands that open them, and what an inspection finds."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.identity import operations, queries
from townhall.capabilities.identity.errors import (
    BadAnswer,
    NameTaken,
)
from townhall.capabilities.identity.tests.make import (
    make_actor,
    make_member,
    make_organisation,
)
from townhall.machinery.actors import Actor, permission
from townhall.machinery.errors import NotAllowed
from townhall.machinery.inspection import Finding, inspect_all
from townhall.machinery.organisations import Organisation, every_organisation
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db

STROKE = permission("test.stroke_cats", "Stroke the office cat")


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation(slug="newtown", hosts=("newtown.example",))


@pytest.fixture
def oldtown(newtown: Organisation) -> Organisation:
    return make_organisation(slug="oldtown", hosts=("oldtown.example",))


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
