"""People, and who of them an organisation may know of."""

from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.identity import models, operations, queries
from townhall.capabilities.identity.errors import (
    BadAnswer,
    NoSuchPerson,
)
from townhall.capabilities.identity.tests.make import (
    make_actor,
    make_organisation,
)
from townhall.machinery.actors import permission
from townhall.machinery.errors import NotAllowed
from townhall.machinery.models import AuditEntry
from townhall.machinery.organisations import Organisation

pytestmark = pytest.mark.django_db

STROKE = permission("test.stroke_cats", "Stroke the office cat")


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation(slug="newtown", hosts=("newtown.example",))


@pytest.fixture
def oldtown(newtown: Organisation) -> Organisation:
    return make_organisation(slug="oldtown", hosts=("oldtown.example",))


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
