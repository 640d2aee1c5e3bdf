"""Keys of programs, and what programs ask with them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from townhall.capabilities.identity import models, operations, permissions, queries
from townhall.capabilities.identity.errors import BadAnswer, NameTaken, NoSuchKey, RenewedAlready
from townhall.capabilities.identity.records import NewKey, Where
from townhall.capabilities.identity.rules.keys import make_key
from townhall.capabilities.identity.tests.make import (
    EVERYTHING,
    make_actor,
    make_member,
    make_organisation,
    sign_in,
)
from townhall.machinery.actors import Permission
from townhall.machinery.errors import NotAllowed
from townhall.machinery.models import AuditEntry
from townhall.machinery.organisations import Organisation

pytestmark = pytest.mark.django_db

WORK = Permission("cases.work")  # of another capability, which this one does not import
MAKER = EVERYTHING | {permissions.READ_MEMBERS, WORK}
Answer = Any  # a test client's response


@pytest.fixture
def town() -> Organisation:
    return make_organisation(hosts=("testserver",))


def make(town: Organisation, *may: Permission, program: str = "Payroll") -> NewKey:
    return operations.make_program_key(
        make_actor(town, may=MAKER),
        program=program,
        may=may or (permissions.READ_MEMBERS,),
        last_day=timezone.localdate() + timedelta(days=30),
    )


def ask(key: str, what: str = "me") -> Answer:
    return Client().get(f"/api/v1/identity/{what}", headers={"Authorization": f"Bearer {key}"})


def test_a_program_asks_who_it_is(town: Organisation) -> None:
    made = make(town)

    answer = ask(made.key)

    assert answer.json() == {
        "program": "payroll",
        "organisation": "newtown",
        "permissions": ["identity.read_members"],
    }
    (key,) = queries.list_program_keys(make_actor(town))
    assert key.last_used_on == timezone.localdate()
    assert made.key not in str(models.ProgramKey.objects.values())


def test_a_program_reads_who_works_here(town: Organisation) -> None:
    ann = make_member(town, "crew", email="ann@newtown.example")
    operations.grant_role(
        make_actor(town),
        ann.id,
        role="caseworker",
        where=Where(service="bulky-waste"),
        last_day=None,
        reason="Cover",
    )

    answer = ask(make(town).key, "members")

    assert answer.json() == {
        "members": [
            {
                "id": str(ann.id),
                "name": "Ann Archer",
                "email": "ann@newtown.example",
                "team": None,
                "roles": [
                    {"role": "crew", "title": "Crew", "services": None},
                    {"role": "caseworker", "title": "Caseworker", "services": ["bulky-waste"]},
                ],
            }
        ],
        "next": None,
    }
    entry = AuditEntry.objects.get(action="identity.read_members")
    assert (entry.actor, entry.concerns) == ("program:payroll", [ann.id])


def test_many_members_are_read_page_by_page(town: Organisation) -> None:
    for _each in range(101):
        make_member(town, "crew")
    key = make(town).key

    first = ask(key, "members").json()
    second = ask(key, f"members?after={first['next']}").json()

    assert (len(first["members"]), len(second["members"]), second["next"]) == (100, 1, None)
    assert ask(key, "members?after=nonsense").status_code == 422


WRONG = ["", "nonsense", make_key("another secret"), "é" * 90]


@pytest.mark.parametrize("key", WRONG, ids=["none", "nonsense", "of another secret", "letters"])
def test_a_wrong_key_is_a_problem_in_the_standards_shape(town: Organisation, key: str) -> None:
    answer = ask(key)

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["type"] == "identity.wrong_key"


def test_a_key_that_is_over_or_anothers_is_a_wrong_key(town: Organisation) -> None:
    made = make(town)
    elsewhere = make_organisation(slug="oldtown", hosts=("old.example",))
    theirs = make(elsewhere)

    assert ask(theirs.key).status_code == 401
    models.ProgramKey.objects.filter(id=made.id).update(ends_at=timezone.now())
    assert ask(made.key).status_code == 401


def test_a_key_does_nothing_that_it_was_not_made_for(town: Organisation) -> None:
    answer = ask(make(town, WORK).key, "members")

    assert answer.status_code == 403
    assert answer.json()["status"] == 403


def test_two_keys_are_good_while_a_program_changes(town: Organisation) -> None:
    first, actor = make(town), make_actor(town, may=MAKER)

    second = operations.renew_program_key(
        actor, first.id, last_day=timezone.localdate() + timedelta(days=60)
    )

    assert [ask(each.key).status_code for each in (first, second)] == [200, 200]
    before = queries.get_program_key(actor, first.id)
    assert before.ends_at < timezone.now() + timedelta(days=8)
    for _twice in range(2):
        operations.revoke_program_key(actor, first.id)
    assert [ask(each.key).status_code for each in (first, second)] == [401, 200]
    with pytest.raises(NoSuchKey):
        operations.renew_program_key(actor, first.id, last_day=timezone.localdate())


def test_a_key_is_renewed_once(town: Organisation) -> None:
    first, actor = make(town), make_actor(town, may=MAKER)
    day = timezone.localdate() + timedelta(days=60)
    second = operations.renew_program_key(actor, first.id, last_day=day)

    with pytest.raises(RenewedAlready):
        operations.renew_program_key(actor, first.id, last_day=day)

    assert len(queries.list_program_keys(actor)) == 2
    operations.revoke_program_key(actor, second.id)
    assert operations.renew_program_key(actor, first.id, last_day=day).id != second.id


def test_reloading_the_page_with_a_new_key_makes_no_other(town: Organisation) -> None:
    member = make_member(town, "administrator", second_factor=True)
    client, first = Client(), make(town)
    sign_in(client, town, member.id)
    sent = {"last_day_day": "1", "last_day_month": "1"}
    sent["last_day_year"] = str(timezone.localdate().year + 1)

    answers = [client.post(f"/identity/keys/{first.id}/renew/", sent) for _twice in range(2)]

    assert [each.status_code for each in answers] == [200, 422]
    assert "There is a newer key" in answers[1].content.decode()
    assert "Run the whole installation" not in client.get("/identity/keys/make/").content.decode()
    assert models.ProgramKey.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"program": "!"}, BadAnswer),
        ({"program": "payroll"}, NameTaken),
        ({"may": []}, BadAnswer),
        ({"may": ["identity.sign_in"]}, BadAnswer),
        ({"last_day": date(2020, 1, 1)}, BadAnswer),
        ({"last_day": date(2099, 1, 1)}, BadAnswer),
    ],
)
def test_a_key_that_cannot_be_made_is_refused(
    town: Organisation, changes: dict[str, object], refused: type[Exception]
) -> None:
    make(town)
    asked = {
        "program": "HR",
        "may": [permissions.READ_MEMBERS],
        "last_day": timezone.localdate(),
    } | changes

    with pytest.raises(refused):
        operations.make_program_key(make_actor(town, may=MAKER), **asked)  # type: ignore[arg-type]  # from the table


def test_keys_are_for_whoever_manages_people(town: Organisation) -> None:
    made = make(town)
    nobody = make_actor(town, may=frozenset({permissions.KNOW_PEOPLE}))
    manager = make_actor(town, may=frozenset({permissions.MANAGE_PEOPLE}))
    stranger = make_actor(make_organisation(slug="oldtown", hosts=("old.example",)))

    with pytest.raises(NotAllowed):
        operations.revoke_program_key(nobody, made.id)
    with pytest.raises(NotAllowed):
        queries.list_program_keys(nobody)
    with pytest.raises(NotAllowed):
        operations.renew_program_key(manager, made.id, last_day=timezone.localdate())
    for more in (permissions.RUN_INSTALLATION, WORK):
        with pytest.raises(NotAllowed):
            operations.make_program_key(
                replace(manager, may_within={WORK: frozenset({"bulky-waste"})}),
                program="Root",
                may=[more],
                last_day=timezone.localdate(),
            )
    with pytest.raises(NoSuchKey):
        operations.revoke_program_key(stranger, made.id)
    with pytest.raises(NoSuchKey):
        queries.get_program_key(make_actor(town), UUID(int=1))
