"""Work that failed, of the whole installation, and trying it again. Never whose it was, nor why."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from townhall.machinery.actors import Actor, inner_permission
from townhall.machinery.errors import NotFound
from townhall.machinery.events import deliver
from townhall.machinery.models import Delivery, TaskFailure
from townhall.machinery.operations import operation, query
from townhall.machinery.paging import Page, page_of

RUN = inner_permission(
    "work.run", gettext_lazy("See failed work of all organisations and retry it")
)

MOST = 1000  # counted, and retried at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How the queue stands. No count goes past MOST."""

    waiting: int
    running: int
    later: int  # that are not due yet
    failed: int
    failing_deliveries: int
    waiting_since: datetime | None  # of the one queued first that is due; None if there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTask:
    """A task that was tried as often as it may be."""

    id: int
    name: str
    attempts: int
    error: str  # its kind and place
    failed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingDelivery:
    """An event that a handler has not taken yet, though it was handed to it."""

    id: int
    event: str
    handler: str
    attempts: int
    error: str  # its kind and place
    happened_at: datetime


@query(RUN)
def get_queue(actor: Actor) -> Queue:
    """How much is waiting, running and failed."""
    waiting = _waiting()
    jobs = ProcrastinateJob.objects
    return Queue(
        waiting=waiting[:MOST].count(),
        running=jobs.filter(status="doing")[:MOST].count(),
        later=jobs.filter(status="todo", scheduled_at__gt=timezone.now())[:MOST].count(),
        failed=jobs.filter(status="failed")[:MOST].count(),
        failing_deliveries=_failing()[:MOST].count(),
        waiting_since=_queued_at(waiting.order_by("id").first()),
    )


@query(RUN)
def list_failed_tasks(actor: Actor, *, place: str | None = None) -> Page[FailedTask]:
    """A page of the failed tasks, the oldest first."""
    failed = ProcrastinateJob.objects.filter(status="failed").defer("args")
    page = page_of(failed, _task, order=("id", "id"), place=place)
    failures = TaskFailure.objects.in_bulk([each.id for each in page.rows])
    return Page(
        rows=[_explained(each, failures.get(each.id)) for each in page.rows],
        next_place=page.next_place,
    )


@query(RUN)
def list_failing_deliveries(actor: Actor, *, place: str | None = None) -> Page[FailingDelivery]:
    """A page of the events that some handler keeps failing to take, the oldest first."""
    failing = _failing().select_related("event")
    return page_of(failing, _delivery, order=("id", "id"), place=place)


@operation(RUN)
def retry_task(actor: Actor, task_id: int) -> None:
    """Put a failed task back into the queue, once more. One that is there already stays there.

    Raises NotFound if it is neither: it may have been done meanwhile.
    """
    mine = ProcrastinateJob.objects.filter(id=task_id)
    if _retry(mine) == 0 and not mine.exists():
        raise NotFound(_("There is no such task any more. It may have been done."))


@operation(RUN)
def retry_all_tasks(actor: Actor) -> int:
    """Put failed tasks back into the queue, the oldest first and MOST at once; say how many."""
    return _retry(ProcrastinateJob.objects.all())


@operation(RUN)
def retry_delivery(actor: Actor, delivery_id: int) -> None:
    """Hand an event to its handler again. What it has taken meanwhile is not handed over twice.

    Raises NotFound.
    """
    delivery = Delivery.objects.filter(id=delivery_id).first()
    if delivery is None:
        raise NotFound(_("There is no such delivery."))
    if delivery.delivered_at is not None:
        return
    arguments = {"event_id": str(delivery.event_id), "handler": delivery.handler}
    given_up = ProcrastinateJob.objects.filter(task_name=deliver.name, args__contains=arguments)
    if _retry(given_up) == 0:
        deliver.later(event_id=delivery.event_id, handler=delivery.handler)


def _waiting() -> QuerySet[ProcrastinateJob]:
    due = Q(scheduled_at=None) | Q(scheduled_at__lte=timezone.now())
    return ProcrastinateJob.objects.filter(due, status="todo")


def _failing() -> QuerySet[Delivery]:
    return Delivery.objects.filter(delivered_at=None, attempts__gt=0)


def _queued_at(job: ProcrastinateJob | None) -> datetime | None:
    """Since when a task is due: the queue keeps no such column."""
    if job is None or job.scheduled_at is not None:
        return job.scheduled_at if job else None
    queued = ProcrastinateEvent.objects.filter(job_id=job.id).aggregate(at=Min("at"))
    return cast(datetime | None, queued["at"])


def _retry(jobs: QuerySet[ProcrastinateJob]) -> int:
    """Retry those of the jobs that failed, each once however many ask; return how many."""
    failed = jobs.filter(status="failed").order_by("id").select_for_update(skip_locked=True)
    ids = [job.id for job in failed.only("id")[:MOST]]
    now = timezone.now()
    for job_id in ids:
        app.job_manager.retry_job_by_id(job_id, retry_at=now)
    TaskFailure.objects.filter(job_id__in=ids).delete()
    return len(ids)


def _task(job: ProcrastinateJob) -> FailedTask:
    name = job.task_name.removeprefix("townhall.")
    return FailedTask(id=job.id, name=name, attempts=job.attempts, error="", failed_at=None)


def _explained(task: FailedTask, failure: TaskFailure | None) -> FailedTask:
    if failure is None:
        return task
    return replace(task, error=failure.error, failed_at=failure.failed_at)


def _delivery(delivery: Delivery) -> FailingDelivery:
    return FailingDelivery(
        id=delivery.id,
        event=delivery.event.name,
        handler=delivery.handler.removeprefix("townhall."),
        attempts=delivery.attempts,
        error=delivery.last_error,
        happened_at=delivery.event.happened_at,
    )
