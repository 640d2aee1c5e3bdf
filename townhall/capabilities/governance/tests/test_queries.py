from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from townhall.capabilities.governance.queries import list_audit, list_looks
from townhall.capabilities.governance.tests.make import (
    ANN,
    AUDITOR,
    ELSEWHERE,
    JO,
    RESIDENT,
    STRANGER,
    make_entry,
)
from townhall.machinery.actors import Actor, permission
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.holdings import holdings
from townhall.machinery.models import AuditEntry
from townhall.machinery.operations import query
from townhall.machinery.personal import Personal

pytestmark = pytest.mark.django_db

SEE_THINGS = permission("test.see_things", "See things")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(Personal):
    id: UUID
    person_id: UUID


@query(SEE_THINGS, told="Saw your thing")
def get_thing(actor: Actor) -> Thing:
    return Thing(id=uuid4(), person_id=JO)


def test_a_person_is_told_who_saw_what() -> None:
    caseworker = replace(AUDITOR, name="staff:crew+case-worker", may=frozenset({SEE_THINGS}))
    get_thing(caseworker)

    (look,) = list_looks(RESIDENT).rows

    assert look.who == "Staff: Crew, Case worker"
    assert look.what == "Saw your thing"
    assert look.why == "See things"
    assert look.kind == "read"


def test_ones_own_acts_and_other_peoples_data_are_left_out() -> None:
    make_entry(actor="resident", person_id=JO)
    make_entry(actor="service:parking", person_id=JO)  # acting for Jo
    make_entry(concerns=[ANN])
    make_entry(organisation_id=ELSEWHERE)
    make_entry(actor="capability:notify", person_id=None, kind=AuditEntry.WRITE)  # by itself
    make_entry(actor="resident", person_id=ANN, delegate_id=JO, concerns=[ANN])  # for Ann
    theirs = make_entry(actor="program:waste-contractor", person_id=None)

    looks = list_looks(RESIDENT).rows

    assert [each.done_at for each in looks] == [theirs.done_at]


def test_a_person_is_told_what_someone_did_who_acts_for_them() -> None:
    make_entry(actor="resident", person_id=JO, delegate_id=ANN)

    (look,) = list_looks(RESIDENT).rows

    assert look.who == "Someone who acts for you"


@pytest.mark.parametrize(
    ("actor", "who"),
    [
        ("staff:caseworker", "Staff: Caseworker"),
        ("service:parking-permits", "Parking permits"),
        ("program:waste-contractor", "Another organisation's program: Waste contractor"),
        ("link:file", "Whoever had the link"),
        ("resident", "Another person"),
    ],
)
def test_whoever_acted_is_named_in_words(actor: str, who: str) -> None:
    make_entry(actor=actor)

    assert list_looks(RESIDENT).rows[0].who == who


def test_an_act_that_nobody_explained_is_told_in_general_words() -> None:
    make_entry(action="unknown.act", kind=AuditEntry.WRITE)

    assert list_looks(RESIDENT).rows[0].what == "Worked on something of yours"


def test_looks_are_paged_the_latest_first() -> None:
    entries = [make_entry() for _ in range(30)]

    first = list_looks(RESIDENT)
    second = list_looks(RESIDENT, place=first.next_place)

    told = [each.done_at for each in [*first.rows, *second.rows]]
    assert told == [each.done_at for each in reversed(entries)]
    assert second.next_place is None


def test_looking_at_ones_looks_is_for_those_who_signed_in() -> None:
    with pytest.raises(NotAllowed):
        list_looks(replace(RESIDENT, person_id=None))
    with pytest.raises(NotAllowed):
        list_looks(AUDITOR)


def test_a_damaged_page_link_is_refused() -> None:
    with pytest.raises(Invalid):
        list_looks(RESIDENT, place="damaged")


def test_looks_are_found_among_many_entries_by_their_index() -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(organisation_id=AUDITOR.organisation_id, actor="x", concerns=[uuid4()])
        for _ in range(5000)
    )
    make_entry()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE machinery_auditentry")

    with CaptureQueriesContext(connection) as statements:
        list_looks(RESIDENT)

    naming = [each for each in holdings() if each.find_names]
    assert len(statements) == 1 + len(naming)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statements[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "audit_by_person_concerned" in plan


def test_staff_read_the_audit_of_their_own_organisation() -> None:
    first, second = make_entry(), make_entry(concerns=[ANN])
    make_entry(organisation_id=ELSEWHERE)

    entries = list_audit(AUDITOR).rows

    assert [each.id for each in entries] == [second.id, first.id]
    assert not entries[0].is_sealed


def test_the_audit_can_be_narrowed_to_a_subject_or_a_person() -> None:
    wanted = make_entry()
    make_entry(concerns=[ANN])

    by_subject = list_audit(AUDITOR, subject_id=wanted.subject_id).rows
    reading = AuditEntry.objects.latest("id")
    by_person = list_audit(AUDITOR, person_id=JO).rows

    assert [each.id for each in by_subject] == [wanted.id]
    assert [each.id for each in by_person] == [reading.id, wanted.id]


def test_whom_the_audit_is_read_about_is_told_but_once_for_each_reading() -> None:
    make_entry(concerns=[ANN])

    list_audit(AUDITOR)
    list_audit(AUDITOR, subject_id="of nobody")
    list_audit(AUDITOR)

    readings = AuditEntry.objects.filter(action="governance.list_audit").order_by("id")
    assert [each.concerns for each in readings] == [[ANN], [ANN]]


def test_the_audit_is_not_for_everyone() -> None:
    make_entry()

    with pytest.raises(NotAllowed):
        list_audit(RESIDENT)
    assert not list_audit(STRANGER).rows
