"""Look after the task queue: what a killed worker had begun is done by another."""

from collections.abc import Collection
from typing import Any

from asgiref.sync import async_to_sync
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job, Status

from townhall.machinery.models import TaskFailure
from townhall.machinery.tasks import ATTEMPTS, every

STALLED_SECONDS = 20  # without a heartbeat; workers send one every 5
WORKER_DIED = "The worker died while it did this"


@every("* * * * * */15")
def rescue_stalled() -> None:
    """Put back what a worker that is gone had begun. It may have done it: tasks allow for that."""
    async_to_sync(_rescue)()


async def _rescue() -> None:
    """A task begun as often as a failing one is tried takes its workers with it: it failed."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
    for job in stalled:
        if job.attempts < ATTEMPTS:
            await app.job_manager.retry_job(job, retry_at=timezone.now())
        else:
            assert job.id is not None  # it comes from the queue
            await TaskFailure.objects.aupdate_or_create(
                job_id=job.id, defaults={"error": WORKER_DIED, "failed_at": timezone.now()}
            )
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)


def run_waiting(*, with_later_ones: bool = False, dropped: Collection[str] = ()) -> int:
    """Do here and now what is queued, and what that queues; return how many tasks ran.

    For tests, and for making the demo town, where no worker runs yet. Tasks named in `dropped` are
    taken from the queue and not run. An error reaches the caller.
    """
    ran = 0
    while job := _next_job(with_later_ones):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.id])
        if job.task_name not in dropped:
            app.tasks[job.task_name].func(_context(job), **job.args)
            ran += 1
    return ran


def _next_job(with_later_ones: bool) -> Any:  # Any: the library's model is untyped
    waiting = ProcrastinateJob.objects.filter(status="todo")
    if not with_later_ones:
        waiting = waiting.filter(Q(scheduled_at=None) | Q(scheduled_at__lte=timezone.now()))
    return waiting.order_by("id").first()


def _context(job: Any) -> JobContext:  # Any: as above
    alone = Job(
        id=None, lock=None, queueing_lock=None, task_name=job.task_name, queue=job.queue_name
    )
    return JobContext(app=app, job=alone, start_timestamp=0.0, abort_reason=lambda: None)
