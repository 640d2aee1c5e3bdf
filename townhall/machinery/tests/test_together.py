"""Writes of several threads at once: each is told of its own, whatever becomes of the others."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.utils import DataError
from django.utils import timezone

from townhall.machinery.database.prepared import Insertion
from townhall.machinery.database.together import MOST_AT_ONCE, Together
from townhall.machinery.models import RecordedEvent

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 12
ROWS = Insertion(RecordedEvent, varying=("id", "organisation_id", "name", "facts", "happened_at"))
SQL = f"""
WITH given AS (SELECT * FROM json_to_recordset(%s) AS given (again boolean, {ROWS.definition}))
{ROWS.sql("given")} {{conflict}} RETURNING id
"""
LOCK = "LOCK TABLE machinery_recordedevent IN SHARE MODE"


def make(**changes: object) -> dict[str, Any]:
    event = RecordedEvent(organisation_id=uuid4(), name="x", facts={}, happened_at=timezone.now())
    return {"id": event.id, **ROWS.facts(event), **changes}


def write_all(together: Together, rows: list[dict[str, Any]]) -> list[object]:
    """What each of the writers is told, that all begin while the table is locked."""

    def write(row: dict[str, Any]) -> object:
        try:
            return together.write(row)
        except DatabaseError as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(rows)) as writers, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LOCK)
        told = [writers.submit(write, row) for row in rows]
        _wait_until(lambda: len(together.waiting) == len(rows) - 1)
    return [each.result() for each in told]


def _wait_until(is_so: Callable[[], bool]) -> None:
    for _each in range(500):
        if is_so():
            return
        threading.Event().wait(0.01)
    raise AssertionError("They did not come to wait.")


def table() -> set[UUID]:
    return set(RecordedEvent.objects.values_list("id", flat=True))


def test_those_who_come_meanwhile_go_in_one_statement() -> None:
    rows = [make() for _each in range(THREADS)]
    together = Together(SQL.format(conflict=""))

    told = write_all(together, rows)

    assert told == [True] * THREADS
    assert table() == {row["id"] for row in rows}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM machinery_recordedevent")
        assert cursor.fetchone() == (2,)  # the first, and all the others


def test_each_is_told_whether_its_own_was_written() -> None:
    there = make()
    together = Together(SQL.format(conflict="ON CONFLICT DO NOTHING"))
    together.write(there)

    told = write_all(together, [make(), make(), there, make()])

    assert sorted(told, key=str) == [False, True, True, True]
    assert told[2] is False


def test_what_is_wrong_with_one_is_not_the_others_fault() -> None:
    there = make()
    together = Together(SQL.format(conflict=""))
    together.write(there)
    long = make(**{"machinery_recordedevent.name": "x" * 81})

    told = write_all(together, [make(), there, make(), long, make()])

    assert told == [True, IntegrityError, True, DataError, True]
    assert len(table()) == 4


def test_who_waits_is_told_too_when_the_server_goes_away() -> None:
    together = Together("SELECT pg_terminate_backend(pg_backend_pid()), %s")

    with ThreadPoolExecutor(4) as writers:
        told = [writers.submit(together.write, make()) for _each in range(4)]

        for each in told:
            with pytest.raises(OperationalError):
                each.result(timeout=30)
    assert not together.is_busy


def test_more_than_fit_go_one_statement_after_the_other() -> None:
    together = Together(SQL.format(conflict=""))
    rows = [make() for _each in range(MOST_AT_ONCE + 10)]

    assert write_all(together, rows) == [True] * len(rows)


def test_in_a_transaction_it_is_undone_with_it() -> None:
    together = Together(SQL.format(conflict=""))

    with transaction.atomic():
        assert together.write(make())
        transaction.set_rollback(True)

    assert not table()
