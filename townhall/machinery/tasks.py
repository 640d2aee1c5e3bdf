"""Work for later. Queued in PostgreSQL with the caller's transaction, run by `townhall worker`."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import update_wrapper
from typing import Any, Generic, ParamSpec

from django.db import DatabaseError, close_old_connections, connection
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from pydantic import TypeAdapter, validate_call

from townhall.machinery.failures import where_it_failed
from townhall.machinery.models import TaskFailure

P = ParamSpec("P")

ATTEMPTS = 8
BEHIND = -1  # the priority of what can wait; the usual one is 0
# In a worker the library's own `defer` goes through the worker's connections, and so outside the
# caller's transaction: another worker could then take a task up before what it is about is there.
_with_the_transaction = JobManager(DjangoConnector())
# Each NOTIFY makes commits wait for one another. A trigger of the library sends two for each task,
# and others note when it was queued; not of this queue, whose tasks say themselves since when they
# are due: see migrations 0002_quiet_tasks and 0003_quieter_tasks.
QUIET = "quiet"
RING_SECONDS = 0.1
_RING = (
    'SELECT pg_notify(\'procrastinate_any_queue_v1\', \'{"type": "job_inserted", "job_id": 0}\')'
)
DEFINITION = '"task.args" jsonb, "task.scheduled_at" timestamptz'  # of what a task's `facts` are
_as_json: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


class _Bell:
    """When this process last told the workers that there is something to do."""

    def __init__(self) -> None:
        self.rung_at = 0.0

    def is_due(self) -> bool:
        now = time.monotonic()
        if now - self.rung_at < RING_SECONDS:
            return False
        self.rung_at = now
        return True


_bell = _Bell()


class Task(Generic[P]):
    """A function that can be asked to run later; calling it runs it now.

    Arguments travel as JSON and are read back by their type hints.
    """

    def __init__(self, function: Callable[P, None]) -> None:
        self.function = function
        update_wrapper(self, function)
        self.name = f"{function.__module__}.{function.__name__}"
        checked = validate_call(function)

        def run(context: JobContext, /, **kwargs: Any) -> None:
            kwargs.pop("timestamp", None)  # of the schedule, which no task of ours reads
            try:
                checked(**kwargs)  # type: ignore[call-arg]  # read back by validate_call
            except Exception as error:
                _remember(context, error)
                raise
            finally:
                if not connection.in_atomic_block:
                    close_old_connections()

        self.queued = app.task(
            name=self.name,
            pass_context=True,
            retry=RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3),
        )(run)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self.function(*args, **kwargs)

    def later(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Run once the current transaction has committed; never if it rolls back."""
        self._queue(kwargs)

    def later_in(self, seconds: int, *args: P.args, **kwargs: P.kwargs) -> None:
        """Run so many seconds after the current transaction has committed."""
        self._queue(kwargs, schedule_in={"seconds": seconds})

    def later_at(self, moment: datetime, *args: P.args, **kwargs: P.kwargs) -> None:
        """Run at that time, or once the current transaction has committed if that is later."""
        self._queue(kwargs, schedule_at=moment)

    def facts(self, moment: datetime | None, *args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
        """The same, at a moment or soon, for `queue_sql` in a statement; `ring` afterwards."""
        return {
            "task.args": _as_json.dump_python(kwargs, mode="json"),
            "task.scheduled_at": moment,
        }

    def queue_sql(self, source: str) -> str:
        """INSERT ... SELECT from what json_to_recordset has made of `facts` by DEFINITION."""
        return (
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at) "  # noqa: S608  # names of ours
            f"SELECT '{QUIET}', '{self.name}', \"task.args\", "
            f'coalesce("task.scheduled_at", now()) FROM {source}'
        )

    def each_behind(self, several: Iterable[Mapping[str, Any]]) -> None:
        """Run once with each of these arguments, behind all that is queued in the usual way.

        So what somebody waits for overtakes what is queued by the thousand.
        """
        ready = [_as_json.dump_python(dict(kwargs), mode="json") for kwargs in several]
        if ready:
            queued = configure_task(
                name=self.name, job_manager=_with_the_transaction, priority=BEHIND
            )
            queued.batch_defer(*ready)

    def _queue(self, kwargs: dict[str, Any], **options: Any) -> None:
        ready = _as_json.dump_python(kwargs, mode="json")
        queued = configure_task(name=self.name, job_manager=_with_the_transaction, **options)
        queued.defer(**ready)


def task(function: Callable[P, None]) -> Task[P]:
    """Let a function be run with `.later(...)`. It may run more than once: make that harmless.

    Arguments are passed by keyword only.
    """
    return Task(function)


def ring() -> bool:
    """Tell the workers of the tasks that statements have queued, at most every RING_SECONDS.

    What comes between two rings they find with what they were told of, or when they look by
    themselves, within a second. So it does no harm either if it cannot be told. Whether it was.
    """
    if not _bell.is_due():
        return False
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute(_RING)
    return True


def every(cron: str) -> Callable[[Callable[[], None]], Task[[]]]:
    """Run a function on a schedule, once however many workers there are.

    In crontab form, in UTC; a sixth field is of seconds.
    """

    def schedule(function: Callable[[], None]) -> Task[[]]:
        scheduled = Task(function)
        app.periodic(cron=cron)(scheduled.queued)  # type: ignore[arg-type]  # `run` drops the timestamp
        return scheduled

    return schedule


def _remember(context: JobContext, error: Exception) -> None:
    job_id = context.job.id
    if job_id is not None:
        TaskFailure.objects.update_or_create(
            job_id=job_id, defaults={"error": where_it_failed(error)}
        )
