"""The doors: permission, one transaction, and an audit row for whatever was done or seen."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from townhall.machinery.actors import Actor, Permission
from townhall.machinery.database.prepared import Insertion
from townhall.machinery.errors import Conflict, NotAllowed
from townhall.machinery.models import AuditEntry, RecordedEvent
from townhall.machinery.operations import (
    Statement,
    errand,
    explain,
    operation,
    operation_of_one,
    query,
)
from townhall.machinery.personal import Personal

pytestmark = pytest.mark.django_db

TRY = Permission("test.try")
MORE = Permission("test.more")
TOWN = uuid4()
ADA, BOB = UUID(int=1), UUID(int=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Personal):
    id: int
    person_id: UUID | None


@query(TRY)
def see_everything(actor: Actor) -> frozenset[str] | None:
    return actor.within


@query(TRY, narrowed=True)
def see_within(actor: Actor) -> frozenset[str] | None:
    return see_more(actor)


@operation(MORE, narrowed=True)
def see_more(actor: Actor) -> frozenset[str] | None:
    return actor.within


def holds(services: dict[Permission, set[str]], *may: Permission) -> Actor:
    within = {each: frozenset(found) for each, found in services.items()}
    return Actor("staff:tester", frozenset(may), TOWN, BOB, may_within=within)


def actor(*may: Permission) -> Actor:
    return Actor("staff:tester", frozenset(may), TOWN, BOB)


@operation(TRY)
def write_note(actor: Actor) -> Note:
    return Note(id=7, person_id=ADA)


@operation(TRY)
def write_and_refuse(actor: Actor) -> None:
    write_note(actor)
    raise Conflict("No")


@operation(TRY)
def write_two(actor: Actor) -> None:
    write_note(actor)
    try:
        with transaction.atomic():
            write_and_refuse(actor)
    except Conflict:
        pass


@query(TRY, told="Saw your note")
def list_notes(actor: Actor) -> list[Note]:
    return [Note(id=1, person_id=ADA), Note(id=2, person_id=BOB), Note(id=3, person_id=None)]


@query(TRY)
def count_notes(actor: Actor) -> int:
    return len(list_notes(actor))


@query(TRY)
def count_nothing(actor: Actor) -> int:
    return 0


EVENT = UUID(int=3)
EVENTS = Insertion(RecordedEvent, varying=("id", "organisation_id", "name", "facts", "happened_at"))
WRITTEN = f"written AS ({EVENTS.sql('given')} ON CONFLICT DO NOTHING RETURNING id)"


@operation_of_one(TRY)
def note_once(actor: Actor, facts: object) -> Statement[Note] | Note:
    """Record an event that nobody may record again."""
    if facts is None:
        return Note(id=0, person_id=ADA)
    event = RecordedEvent(
        id=EVENT, organisation_id=TOWN, name="once", facts=facts, happened_at=timezone.now()
    )

    def otherwise() -> Note:
        if facts == "again":
            return Note(id=1, person_id=BOB)
        raise Conflict("It is recorded")

    return Statement(
        sql=WRITTEN,
        definition=EVENTS.definition,
        id=EVENT,
        facts=EVENTS.facts(event),
        result=Note(id=9, person_id=ADA),
        otherwise=otherwise,
    )


@operation(TRY)
def note_and_refuse(actor: Actor) -> None:
    note_once(actor, "never")
    raise Conflict("No")


@errand(TRY)
def ask_outside(actor: Actor) -> str:
    return "answer"


def test_a_write_is_audited_with_the_person_it_is_about() -> None:
    write_note(actor(TRY))

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject_id, entry.concerns) == (
        "tests.write_note",
        "7",
        [ADA],
    )
    assert (entry.kind, entry.person_id, entry.organisation_id) == ("write", BOB, TOWN)


def test_without_the_permission_nothing_is_done_or_audited() -> None:
    with pytest.raises(NotAllowed):
        write_note(actor())

    assert not AuditEntry.objects.exists()


def test_a_refused_write_leaves_no_audit_of_what_it_undid() -> None:
    write_two(actor(TRY))

    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert [action.split(".")[1] for action in actions] == ["write_note", "write_two"]


def test_a_list_of_personal_records_is_one_row_naming_each_person() -> None:
    list_notes(actor(TRY))

    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.concerns) == ("read", [ADA, BOB])
    assert explain(entry.action) == "Saw your note"


def test_the_door_entered_first_answers_for_what_was_read_inside() -> None:
    count_notes(actor(TRY))

    entry = AuditEntry.objects.get()
    assert entry.action == "tests.count_notes"
    assert entry.concerns == [ADA, BOB]


def test_a_read_of_nothing_personal_writes_nothing() -> None:
    count_nothing(actor(TRY))

    assert not AuditEntry.objects.exists()


def test_an_errand_does_not_wait_inside_a_transaction() -> None:
    assert ask_outside(actor(TRY)) == "answer"

    with transaction.atomic(), pytest.raises(RuntimeError):
        ask_outside(actor(TRY))


def test_one_write_with_another_inside_writes_its_audit_in_one_statement(
    django_assert_num_queries: object,
) -> None:
    with django_assert_num_queries(6):  # type: ignore[operator]  # two savepoints, one insert, and the inner refusal
        write_two(actor(TRY))


def test_a_write_of_one_statement_is_audited_in_it(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        note = note_once(actor(TRY), {"a": ["b"]})

    entry = AuditEntry.objects.get()
    assert (note.id, RecordedEvent.objects.get().facts) == (9, {"a": ["b"]})
    assert (entry.action, entry.subject_id, entry.concerns, entry.person_id) == (
        "tests.note_once",
        "9",
        [ADA],
        BOB,
    )


def test_where_one_statement_writes_nothing_nothing_is_audited() -> None:
    note_once(actor(TRY), 1)
    AuditEntry.objects.all().delete()

    with pytest.raises(Conflict):
        note_once(actor(TRY), 2)
    assert (RecordedEvent.objects.get().facts, AuditEntry.objects.count()) == (1, 0)


def test_what_is_found_out_instead_is_audited() -> None:
    note_once(actor(TRY), 1)

    assert note_once(actor(TRY), None).id == 0
    assert note_once(actor(TRY), "again").id == 1
    assert [each.subject_id for each in AuditEntry.objects.order_by("id")] == ["9", "0", "1"]


def test_one_statement_needs_its_permission() -> None:
    with pytest.raises(NotAllowed):
        note_once(actor(), 1)

    assert not RecordedEvent.objects.exists()


def test_one_statement_is_part_of_the_operation_round_it() -> None:
    with pytest.raises(Conflict):
        note_and_refuse(actor(TRY))

    assert not RecordedEvent.objects.exists()
    assert not AuditEntry.objects.exists()


def test_who_holds_a_permission_in_some_services_only_is_let_in_by_doors_that_narrow() -> None:
    with pytest.raises(NotAllowed):
        see_everything(holds({TRY: {"parking"}}))
    with pytest.raises(NotAllowed):
        see_more(holds({TRY: {"parking"}, MORE: set()}))

    assert see_more(holds({MORE: {"parking"}})) == frozenset({"parking"})
    assert see_more(actor(MORE)) is None


@pytest.mark.parametrize(
    ("held", "everywhere", "sees"),
    [
        ({TRY: {"parking", "waste"}, MORE: {"waste", "parks"}}, (), {"waste"}),
        ({TRY: {"parking"}}, (MORE,), {"parking"}),
        ({MORE: {"parks"}}, (TRY,), {"parks"}),
        ({TRY: {"parking"}, MORE: {"parks"}}, (), set()),
    ],
)
def test_a_door_within_a_door_never_sees_more(
    held: dict[Permission, set[str]], everywhere: tuple[Permission, ...], sees: set[str]
) -> None:
    assert see_within(holds(held, *everywhere)) == frozenset(sees)


def test_an_act_for_someone_else_is_audited_as_both() -> None:
    carer = replace(actor(TRY), delegate_id=ADA)

    write_note(carer)
    note_once(carer, {"a": ["b"]})

    found = AuditEntry.objects.values_list("person_id", "delegate_id")
    assert set(found) == {(BOB, ADA)}
