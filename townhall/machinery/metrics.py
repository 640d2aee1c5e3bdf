"""What is measured of this installation, for Prometheus."""

import os
from hmac import compare_digest
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)

_requests = Counter("townhall_requests_total", "Requests answered", ["method", "route", "status"])
_seconds = Histogram("townhall_request_seconds", "Time to answer", ["route"])


def observe_request(method: str, route: str, status: int, seconds: float) -> None:
    _requests.labels(method, route, str(status)).inc()
    _seconds.labels(route).observe(seconds)


def page(request: HttpRequest) -> HttpResponse:
    """/metrics: with the token if one is set, else to this machine only and not through a proxy."""
    if not _may_read(request):
        return HttpResponse("Not for you", status=403, content_type="text/plain")
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    _measure_queue(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    direct = "X-Forwarded-For" not in request.headers
    return direct and request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")


def _measure_queue(registry: CollectorRegistry) -> None:
    tasks = Gauge("townhall_tasks", "Tasks in the queue", ["status"], registry=registry)
    failing = Gauge("townhall_deliveries_failing", "Events not taken", registry=registry)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, count(*) FROM procrastinate_jobs "
            "WHERE status IN ('todo', 'doing', 'failed') GROUP BY status"
        )
        for status, count in cursor.fetchall():
            tasks.labels(status).set(count)
        cursor.execute(
            "SELECT count(*) FROM machinery_delivery WHERE delivered_at IS NULL AND attempts > 0"
        )
        failing.set(cursor.fetchone()[0])
