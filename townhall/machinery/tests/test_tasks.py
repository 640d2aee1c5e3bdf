"""Work for later: queued with its transaction, tried again, and failures known without details."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import cast
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from townhall.machinery.database.prepared import ask_prepared
from townhall.machinery.errors import Conflict
from townhall.machinery.models import TaskFailure
from townhall.machinery.queue import WORKER_DIED, rescue_stalled
from townhall.machinery.tasks import ATTEMPTS, DEFINITION, QUIET, every, ring, task
from townhall.machinery.testing import run_tasks

given: list[tuple[object, ...]] = []
MARKS = (
    """CREATE TABLE marks (what text, process integer DEFAULT 0, at timestamptz DEFAULT now())"""
)


@task
def note(*, number: int, tree_id: UUID, planted_on: date, tags: list[str]) -> None:
    given.append((number, tree_id, planted_on, tags))


@task
def stumble(*, what: str) -> None:
    raise ValueError(f"Jo Bloggs of 1 High Street: {what}")


@task
def note_and_undo() -> None:
    with transaction.atomic():
        note.later(number=1, tree_id=uuid4(), planted_on=date(2026, 1, 1), tags=[])
        given.append(("begun",))
        transaction.set_rollback(True)


@task
def refuse() -> None:
    raise Conflict("Jo Bloggs")


@task
def add_mark(*, what: str) -> None:
    """What tests/test_running.py counts: a row in a table `marks`, for each time this is done."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO marks VALUES (%s, %s)", [what, os.getpid()])


@task
def add_slow_mark(*, what: str) -> None:
    """The first time it never ends, so that its worker can be killed in the middle of it."""
    add_mark(what=f"{what} begun")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM marks WHERE what = %s", [f"{what} begun"])
        times = cursor.fetchone()[0]
    if times == 1:
        time.sleep(600)
    add_mark(what=f"{what} ended")


@every("* * * * * *")
def add_mark_each_second() -> None:
    if "marks" in connection.introspection.table_names():
        add_mark(what="second")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    given.clear()


def work_once() -> None:
    """What `townhall worker` does, until nothing is due."""
    with ThreadPoolExecutor(1) as own_thread:  # a browser's tests leave their loop in this one
        own_thread.submit(_work).result()


def _work() -> None:
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as working:
        working.run_worker(
            wait=False, delete_jobs="successful", install_signal_handlers=False, queues=["default"]
        )


def waiting_seconds(task_name: str) -> float:
    """How long the one queued task of this name has to wait still."""
    job = ProcrastinateJob.objects.get(task_name=task_name, status="todo")
    due: datetime | None = job.scheduled_at
    assert due is not None
    return (due - datetime.now(UTC)).total_seconds()


@pytest.mark.django_db
def test_arguments_arrive_as_they_were_given() -> None:
    tree_id = uuid4()

    note.later(number=7, tree_id=tree_id, planted_on=date(2026, 11, 23), tags=["a", "b"])

    assert not given
    assert run_tasks() == 1
    assert given == [(7, tree_id, date(2026, 11, 23), ["a", "b"])]


@pytest.mark.django_db
def test_what_was_undone_queues_nothing() -> None:
    with transaction.atomic():
        add_mark.later(what="x")
        add_mark.later_in(60, what="x")
        transaction.set_rollback(True)

    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_queued_is_seen_by_nobody_before_it_is_true() -> None:
    with transaction.atomic():
        note.later(number=1, tree_id=uuid4(), planted_on=date(2026, 1, 1), tags=[])
        work_once()
        assert not given
    work_once()

    assert len(given) == 1
    assert not ProcrastinateJob.objects.filter(task_name=note.name).exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_task_undoes_queues_nothing_either() -> None:
    """In a worker too, whose own connections are not in the task's transaction."""
    note_and_undo.later()

    work_once()

    assert given == [("begun",)]
    assert not ProcrastinateJob.objects.filter(task_name=note.name).exists()


def _queue_quietly(number: int) -> bool:
    facts = add_mark.facts(None, what=f"quiet {number}")
    given = f"json_to_recordset(%s) AS given ({DEFINITION})"
    connection.ensure_connection()
    ask_prepared(
        connection.connection, f"{add_mark.queue_sql(given)} RETURNING id", [json.dumps([facts])]
    )
    return ring()


@pytest.mark.django_db(transaction=True)
def test_of_tasks_in_one_statement_workers_are_told_now_and_then() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as listening:
        listening.execute("LISTEN procrastinate_any_queue_v1")
        rung = [_queue_quietly(number) for number in range(5)]
        add_mark.later(what="loud")

        told = list(listening.notifies(timeout=0.2))

    assert ProcrastinateJob.objects.filter(queue_name=QUIET).count() == 5
    assert not all(rung)
    assert len(told) == sum(rung) + 1


@pytest.mark.django_db
def test_work_for_later_waits_for_its_time() -> None:
    with transaction.atomic():
        add_mark.later_in(3600, what="x")

    assert run_tasks() == 0
    assert 3500 < waiting_seconds(add_mark.name) <= 3600


@pytest.mark.django_db(transaction=True)
def test_a_failing_task_is_tried_again_ever_later_and_given_up_after_some_attempts() -> None:
    stumble.later(what="a bed")
    waits = []

    for _attempt in range(ATTEMPTS):
        work_once()
        waits.append(waiting_seconds(stumble.name))
        _make_due()
    work_once()

    assert all(later > 2 * earlier for earlier, later in pairwise(waits)), waits
    given_up = ProcrastinateJob.objects.get(task_name=stumble.name)
    assert (given_up.status, given_up.attempts) == ("failed", ATTEMPTS + 1)


def _make_due() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_remembered_by_its_kind_and_place_only() -> None:
    stumble.later(what="a bed")

    work_once()

    failure = TaskFailure.objects.get()
    assert failure.job_id == ProcrastinateJob.objects.get(task_name=stumble.name).id
    assert failure.error.startswith("ValueError at tests/test_tasks.py:")
    for word in ("Bloggs", "High Street", "bed"):
        assert word not in failure.error


@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_remembered_by_its_code() -> None:
    refuse.later()

    work_once()

    assert TaskFailure.objects.get().error.startswith("Conflict conflict at tests/test_tasks.py:")


@pytest.mark.django_db(transaction=True)
def test_arguments_that_a_task_cannot_read_are_not_repeated_in_its_failure() -> None:
    add_mark.queued.defer(what={"name": "Jo Bloggs"})

    work_once()

    failure = TaskFailure.objects.get()
    assert failure.error.startswith("ValidationError at ")
    assert "Bloggs" not in failure.error


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("begun", "status", "errors"), [(1, "todo", []), (ATTEMPTS, "failed", [WORKER_DIED])]
)
def test_a_task_whose_workers_die_is_begun_again_but_not_for_ever(
    begun: int, status: str, errors: list[str]
) -> None:
    add_mark.later(what="deadly")
    mine = ProcrastinateJob.objects.filter(task_name=add_mark.name)
    with connection.cursor() as cursor:  # the library's models do not save
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s, worker_id = NULL",
            [begun],
        )

    rescue_stalled()

    assert mine.get().status == status
    assert list(TaskFailure.objects.values_list("error", flat=True)) == errors
