"""What happens when two do the same at the same moment, over real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from townhall.capabilities.identity import models, operations, queries
from townhall.capabilities.identity.errors import LastAdministrator
from townhall.capabilities.identity.tests.make import make_actor, make_member, make_organisation
from townhall.machinery.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each returned, or refused with."""

    def run(call: Callable[[], object]) -> object:
        try:
            return call()
        except Refused as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_administrators_who_remove_each_other_leave_one() -> None:
    newtown = make_organisation()
    actor = make_actor(newtown)
    ids = [make_member(newtown, "administrator").id for _ in range(2)]

    results = at_once(*(lambda each=each: operations.remove_member(actor, each) for each in ids))

    assert results.count(LastAdministrator) == 1
    assert len(queries.list_members(actor).rows) == 1


def test_one_address_given_many_times_at_once_is_one_person() -> None:
    actor = make_actor(make_organisation())

    found = at_once(
        *(lambda: operations.add_person(actor, email="ann@home.example", name="Ann"),) * 8
    )

    assert len(set(found)) == 1
    assert models.Person.objects.count() == 1
    assert models.Acquaintance.objects.count() == 1
