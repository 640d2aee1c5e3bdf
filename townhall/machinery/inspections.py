"""What `townhall check` looks at in the machinery itself; before all else, what all else needs."""

import os
from collections.abc import Iterator
from datetime import timedelta

import psycopg
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from townhall.machinery.database.archive import password, url
from townhall.machinery.inspection import Finding, inspects

SLOW_MINUTES = 5


def inspect_settings() -> Iterator[Finding]:
    if settings.DEMO:
        advice = "This is the demo town: anyone may sign in as anyone. Never give it real data."
        yield Finding(subject="demo", advice=advice)
    elif not settings.HTTPS:
        advice = "Cookies travel over plain HTTP. Put a proxy with TLS in front; TOWNHALL_HTTPS=1."
        yield Finding(subject="https", advice=advice)
    open_to_others = settings.VAR.stat().st_mode & 0o002
    advice = f"Anyone on this machine may write to {settings.VAR}. Run: chmod o-w on it."
    yield Finding(
        subject="data folder",
        advice=advice if open_to_others else "",
        is_fault=bool(open_to_others),
    )
    free = os.statvfs(settings.VAR)
    gigabytes = free.f_bavail * free.f_frsize / 1024**3
    advice = f"Only {gigabytes:.1f} GB are free where the data is. Make room."
    yield Finding(subject="disk", advice=advice if gigabytes < 2 else "", is_fault=gigabytes < 0.5)


def inspect_database() -> Iterator[Finding]:
    try:  # not from the pool, which would try again for ten seconds
        psycopg.connect(url(), connect_timeout=5, password=password()).close()
        connection.ensure_connection()
    except (psycopg.Error, Error):
        advice = "The database does not answer. Is `townhall up` running, or DATABASE_URL right?"
        yield Finding(subject="database", advice=advice, is_fault=True)
        return
    version = connection.pg_version  # type: ignore[attr-defined]  # PostgreSQL's own
    old = version < 150000
    advice = "PostgreSQL 15 or newer is needed. Upgrade the server." if old else ""
    yield Finding(subject="database", advice=advice, is_fault=old)
    executor = MigrationExecutor(connection)
    behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    advice = "The tables are of another release. Run: townhall migrate" if behind else ""
    yield Finding(subject="migrations", advice=advice, is_fault=behind)


@inspects
def inspect_worker() -> Iterator[Finding]:
    """A queue that nobody works through looks well until somebody waits for an e-mail."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
            last_seen = cursor.fetchone()[0]
    except Error:
        return
    gone = last_seen is None or last_seen < timezone.now() - timedelta(minutes=SLOW_MINUTES)
    advice = "No worker is running, so nothing is sent. Start one: townhall worker" if gone else ""
    yield Finding(subject="worker", advice=advice, is_fault=gone)
