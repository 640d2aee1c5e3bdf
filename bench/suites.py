"""The tests of races and of kill -9 at full size: that they pass, and how long they take."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.figures import Figure
from bench.town import Installation

SUITES = (
    (
        "races: 1,000 askers for 100 places over 50 connections",
        "1000",
        "townhall/capabilities/bookings/tests/test_races.py",
    ),
    (
        "50 times kill -9 of web, worker or PostgreSQL: 200 bookings, 1,000 payments, emails",
        "200",
        "tests/test_crash.py",
    ),
    (
        "payments in any order: 300 lives, our ledger beside the processor's books",
        "300",
        "townhall/capabilities/pay/tests/test_any_order.py",
    ),
)
_OURS = ("DATABASE_URL", "PROMETHEUS_MULTIPROC_DIR")


def measure(_installation: Installation) -> Iterator[Figure]:
    for name, size, path in SUITES:
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", path],
            env=_environment(size),
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - began
        if done.returncode:
            print(done.stdout + done.stderr)
        outcome = "FAILED" if done.returncode else "passed"
        yield Figure(
            name=f"{name}: {outcome}", value=seconds, unit="s", failed=done.returncode != 0
        )


def _environment(size: str) -> dict[str, str]:
    """As `make test` has it: the tests start a server of their own."""
    outside = {
        name: value
        for name, value in os.environ.items()
        if name not in _OURS and not name.startswith("TOWNHALL_")
    }
    return outside | {"TOWNHALL_TEST_SIZE": size}
