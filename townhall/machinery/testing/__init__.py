"""Helpers for tests of any layer."""

from collections.abc import Callable

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from procrastinate.job_context import JobContext


def run_tasks(*, with_later_ones: bool = False) -> int:
    """Run queued tasks that are due, and those they queue, until none is left; say how many ran.

    An error in a task reaches the test.
    """
    ran = 0
    while job := _next_job(with_later_ones):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.id])
        _function(job.task_name)(_context(job), **job.args)
        ran += 1
    return ran


def _next_job(with_later_ones: bool) -> ProcrastinateJob | None:
    waiting = ProcrastinateJob.objects.filter(status="todo")
    if not with_later_ones:
        waiting = waiting.filter(scheduled_at=None)
    return waiting.order_by("id").first()


def _function(name: str) -> Callable[..., object]:
    return app.tasks[name].func


def _context(job: ProcrastinateJob) -> JobContext:
    known = Job(
        id=None, lock=None, queueing_lock=None, task_name=job.task_name, queue=job.queue_name
    )
    return JobContext(app=app, job=known, start_timestamp=0.0, abort_reason=lambda: None)
