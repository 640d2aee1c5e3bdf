"""Payments a second: created, and settled with all that follows, the ledger among it."""

from collections.abc import Iterator
from functools import partial

from django.db import connection

from bench import statements
from bench.bookings import PROCESSES, SECONDS, THREADS, drivers
from bench.figures import Figure, side_by_side
from bench.payers import Payers
from bench.pgbench import Script
from bench.town import Installation

ACTS = {
    "create": "pay: payment created (first step, audit)",
    "create_and_settle": "pay: created, card, confirmed, captured, in the ledger",
}


def measure(_installation: Installation) -> Iterator[Figure]:
    payers = Payers()
    for name, title in ACTS.items():
        act = getattr(payers, name)
        sent = statements.capture(act)
        yield Figure(name=f"{title}: statements", value=len(sent), unit="statements")
        limit = Script(f"pay-{name}", [statements.script(act)])
        with drivers(name) as running:
            value, limit_value = side_by_side(
                running.per_second,
                partial(limit.per_second, clients=PROCESSES * THREADS, seconds=SECONDS),
            )
        yield Figure(
            name=title,
            value=value,
            unit="1/s",
            limit="pgbench, same SQL, as many clients",
            limit_value=limit_value,
        )
    yield _balance()
    with connection.cursor() as cursor:  # or the next section would do what these have queued
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def _balance() -> Figure:
    """What all of this left in the ledger: nothing, or it failed. pgbench wrote there too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(abs(sum(minor)), 0), count(*) FROM pay_posting")
        off, postings = cursor.fetchone()
    return Figure(
        name=f"pay: the ledger is off by, after {postings:,} postings",
        value=float(off),
        unit="p",
        failed=off != 0,
    )
