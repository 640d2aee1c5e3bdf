"""`townhall worker`: do what is queued, with any number of others doing the same."""

from typing import Any, cast

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


class Command(BaseCommand):
    help = "Run queued tasks and schedules until stopped."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4, help="tasks at once")

    def handle(self, *args: Any, concurrency: int, **_: Any) -> None:
        with app.replace_connector(
            cast(DjangoConnector, app.connector).get_worker_connector()
        ) as working:
            working.run_worker(
                concurrency=concurrency,
                delete_jobs="successful",
                shutdown_graceful_timeout=15,
                update_heartbeat_interval=5,
                stalled_worker_timeout=20,
                fetch_job_polling_interval=1,
                install_signal_handlers=True,
            )
