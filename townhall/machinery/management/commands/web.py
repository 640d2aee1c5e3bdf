"""`townhall web`: answer requests, with any number of others doing the same."""

import fcntl
import hashlib
import os
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces

from townhall.machinery.database.launcher import die_with


class Command(BaseCommand):
    help = "Run the web processes."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--workers", type=int, default=1, help="processes")
        parser.add_argument("--threads", type=int, default=16, help="of each process")

    def handle(
        self, *args: Any, host: str, port: int, workers: int, threads: int, **_: Any
    ) -> None:
        collect_static()
        Granian(
            "townhall.installation.wsgi",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            respawn_failed_workers=True,
            workers_kill_timeout=15,
            log_enabled=False,
        ).serve(target_loader=partial(_load, os.getpid()), wrap_loader=False)


def collect_static() -> None:
    """Once for each release, however many begin together: one that serves them may be among us."""
    with (settings.VAR / "static.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        ours = _stamp()
        if lock.read() != ours or not settings.STATIC_ROOT.exists():
            call_command("collectstatic", interactive=False, verbosity=0)
            lock.truncate(0)
            lock.write(ours)


def _stamp() -> str:
    """Changes with every file that would be collected."""
    files = [storage.path(path) for finder in get_finders() for path, storage in finder.list([])]
    about = [(file, os.stat(file)) for file in sorted(files)]
    told = "\n".join(f"{file} {stat.st_size} {stat.st_mtime_ns}" for file, stat in about)
    return hashlib.sha256(told.encode()).hexdigest()


def _load(parent: int) -> WSGIHandler:
    """In each process that answers: what it serves. None of them outlives the one that began it."""
    die_with(parent)
    application = get_wsgi_application()
    import_string(f"{settings.ROOT_URLCONF}.urlpatterns")  # all pages: nobody shall wait for that
    return application
