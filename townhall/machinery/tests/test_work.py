"""Failed work: seen and retried by whoever runs the installation, and only by them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import uuid4

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed, NotFound
from townhall.machinery.events import Event, deliver, emit, on
from townhall.machinery.models import AuditEntry, Delivery, TaskFailure
from townhall.machinery.tasks import task
from townhall.machinery.testing import run_tasks
from townhall.machinery.work import (
    RUN,
    get_queue,
    list_failed_tasks,
    list_failing_deliveries,
    retry_all_tasks,
    retry_delivery,
    retry_task,
)

pytestmark = pytest.mark.django_db

OPERATOR = Actor("staff:operator", frozenset({RUN}), uuid4(), uuid4())
NOBODY = Actor("staff:administrator", frozenset(), uuid4(), uuid4())


@dataclass(frozen=True, slots=True, kw_only=True)
class LampLit(Event):
    name: ClassVar[str] = "test_work.lamp_lit"


done: list[str] = []
broken: list[str] = []


@task
def sweep(street: str) -> None:
    done.append(street)


@on(LampLit)
def admire(event: LampLit) -> None:
    if broken:
        raise RuntimeError("Jo Bloggs, 1 High Street")
    done.append("admired")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    done.clear()
    broken.clear()


def make_failed_task(street: str = "High Street") -> int:
    sweep.later(street=street)
    job_id: int = ProcrastinateJob.objects.order_by("-id").values_list("id", flat=True)[0]
    _set_status(job_id, "failed")
    TaskFailure.objects.create(job_id=job_id, error="KeyError at sweeping/operations.py:7")
    return job_id


def _set_status(job_id: int, status: str) -> None:
    with connection.cursor() as cursor:
        sql = "UPDATE procrastinate_jobs SET status = %s, attempts = 9 WHERE id = %s"
        cursor.execute(sql, [status, job_id])


def make_failing_delivery() -> Delivery:
    broken.append("yes")
    event = LampLit(organisation_id=uuid4())
    with transaction.atomic():
        emit(event)
    delivery = Delivery.objects.get(event_id=event.event_id)
    with pytest.raises(RuntimeError):
        deliver(event_id=event.event_id, handler=delivery.handler)
    return delivery


def test_a_failed_task_is_shown_with_its_error_and_nothing_it_was_given() -> None:
    job_id = make_failed_task()

    (shown,) = list_failed_tasks(OPERATOR).rows

    assert shown.id == job_id
    assert shown.name == "machinery.tests.test_work.sweep"
    assert shown.error == "KeyError at sweeping/operations.py:7"
    assert "High Street" not in str(shown)


def test_a_failed_task_whose_error_nobody_noted_is_shown_too() -> None:
    make_failed_task()
    TaskFailure.objects.all().delete()

    assert list_failed_tasks(OPERATOR).rows[0].failed_at is None


def test_failed_tasks_are_paged() -> None:
    ids = [make_failed_task() for _ in range(30)]

    first = list_failed_tasks(OPERATOR)
    second = list_failed_tasks(OPERATOR, place=first.next_place)

    assert [each.id for each in [*first.rows, *second.rows]] == ids


def test_a_retried_task_runs_once_more() -> None:
    job_id = make_failed_task()

    retry_task(OPERATOR, job_id)
    retry_task(OPERATOR, job_id)

    assert run_tasks(with_later_ones=True) == 1
    assert done == ["High Street"]
    assert not list_failed_tasks(OPERATOR).rows
    assert not TaskFailure.objects.exists()
    assert AuditEntry.objects.filter(action="work.retry_task").count() == 2


def test_a_task_that_runs_just_now_is_left_alone() -> None:
    job_id = make_failed_task()
    _set_status(job_id, "doing")

    retry_task(OPERATOR, job_id)

    assert ProcrastinateJob.objects.get(id=job_id).status == "doing"


def test_a_task_that_is_gone_is_not_found() -> None:
    with pytest.raises(NotFound):
        retry_task(OPERATOR, 999_999)


def test_all_failed_tasks_can_be_retried_together() -> None:
    for street in ("High Street", "Low Road"):
        make_failed_task(street)

    assert retry_all_tasks(OPERATOR) == 2
    assert retry_all_tasks(OPERATOR) == 0

    assert run_tasks(with_later_ones=True) == 2
    assert done == ["High Street", "Low Road"]


def test_a_delivery_that_keeps_failing_is_shown_without_what_was_said() -> None:
    delivery = make_failing_delivery()

    (shown,) = list_failing_deliveries(OPERATOR).rows

    assert shown.id == delivery.id
    assert shown.event == "test_work.lamp_lit"
    assert shown.handler == "machinery.tests.test_work.admire"
    assert shown.attempts == 1
    assert shown.error.startswith("RuntimeError at tests/test_work.py")
    assert "Bloggs" not in str(shown)


def test_a_retried_delivery_arrives_once() -> None:
    delivery = make_failing_delivery()
    broken.clear()

    retry_delivery(OPERATOR, delivery.id)
    run_tasks(with_later_ones=True)
    retry_delivery(OPERATOR, delivery.id)
    run_tasks(with_later_ones=True)

    assert done == ["admired"]
    assert not list_failing_deliveries(OPERATOR).rows


def test_retrying_a_delivery_that_was_given_up_leaves_no_failed_task_behind() -> None:
    delivery = make_failing_delivery()
    _set_status(ProcrastinateJob.objects.get().id, "failed")
    broken.clear()

    retry_delivery(OPERATOR, delivery.id)

    assert not list_failed_tasks(OPERATOR).rows
    assert run_tasks(with_later_ones=True) == 1
    assert done == ["admired"]


def test_a_delivery_that_never_was_is_not_found() -> None:
    with pytest.raises(NotFound):
        retry_delivery(OPERATOR, 999_999)


def test_the_queue_says_how_it_stands() -> None:
    empty = get_queue(OPERATOR)
    make_failed_task()
    make_failing_delivery()
    sweep.later_in(3600, street="High Street")

    queue = get_queue(OPERATOR)

    assert empty.waiting == 0
    assert empty.waiting_since is None
    counts = (queue.waiting, queue.running, queue.later, queue.failed, queue.failing_deliveries)
    assert counts == (1, 0, 1, 1, 1)
    assert queue.waiting_since is not None


def test_only_whoever_runs_the_installation_sees_or_retries() -> None:
    for ask in (get_queue, list_failed_tasks, list_failing_deliveries, retry_all_tasks):
        with pytest.raises(NotAllowed):
            ask(NOBODY)
    for retry in (retry_task, retry_delivery):
        with pytest.raises(NotAllowed):
            retry(NOBODY, 1)
