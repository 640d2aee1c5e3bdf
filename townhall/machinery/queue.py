"""Look after the task queue: what a killed worker had begun is done by another."""

from asgiref.sync import async_to_sync
from django.utils import timezone
from procrastinate.contrib.django import app

from townhall.machinery.tasks import every

STALLED_SECONDS = 20  # without a heartbeat; workers send one every 5


@every("* * * * *")
def rescue_stalled() -> None:
    """Put back what a worker that is gone had begun. It may have done it: tasks allow for that."""
    async_to_sync(_rescue)()


async def _rescue() -> None:
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
    for job in stalled:
        await app.job_manager.retry_job(job, retry_at=timezone.now())
