"""Is this process alive, and may it be sent requests?"""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

_migrated = False  # once true, it stays true for the life of this process


def live(request: HttpRequest) -> JsonResponse:
    """/health/live: the process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """/health/ready: the database answers, and has this release's tables."""
    global _migrated  # noqa: PLW0603  # asking costs some fifty statements
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    if not _migrated:
        return JsonResponse({"status": "run townhall migrate"}, status=503)
    return JsonResponse({"status": "ok"})
