"""Is this process alive, and may it be sent requests?"""

from typing import Any, cast

import psycopg
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

PATIENCE_SECONDS = 2  # who asks is a load balancer, which wants to know now
_migrated = False  # once true, it stays true for the life of this process


def live(request: HttpRequest) -> JsonResponse:
    """/health/live: the process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """/health/ready: the database answers, and has this release's tables."""
    global _migrated  # noqa: PLW0603  # asking costs some fifty statements
    try:
        _ask_database()
        if not _migrated:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (Error, psycopg.Error):
        return JsonResponse({"status": "the database does not answer"}, status=503)
    if not _migrated:
        return JsonResponse({"status": "run townhall migrate"}, status=503)
    return JsonResponse({"status": "ok"})


def _ask_database() -> None:
    """Over a connection of the pool, which would let a page wait longer for one."""
    pool = cast(Any, connection).pool  # of Django's PostgreSQL backend only
    pool.open()
    with pool.connection(timeout=PATIENCE_SECONDS) as straight:
        straight.execute("SELECT 1")
