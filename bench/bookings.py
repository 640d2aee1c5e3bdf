"""Bookings a second: the request alone, and the whole of it up to the queued email."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from django.db import connection

from bench import statements
from bench.acts import Residents
from bench.figures import Figure, side_by_side
from bench.pgbench import Script
from bench.town import Installation
from townhall.capabilities.bookings.models import Slot
from townhall.services.bulky_waste.tests.make import set_dials

PROCESSES = 2
THREADS = 4  # of each process; pgbench gets as many clients as there are threads in all
SECONDS = 4
WEEKS, PLACES = 26, 30_000  # enough for every booking of all rounds
ACTS = {
    "ask": "bookings: request (place held, payment asked for, audit)",
    "ask_and_pay": "bookings: request, notice, booked, email queued",
}


def measure(installation: Installation) -> Iterator[Figure]:
    set_dials(installation.city.organisation, weeks_ahead=WEEKS)
    Slot.objects.update(offered=PLACES, capacity=PLACES)
    residents = Residents()
    for name, title in ACTS.items():
        act = getattr(residents, name)
        slot_id, *others = residents.slot_ids
        sent = statements.capture(partial(act, slot_id))
        yield Figure(name=f"{title}: statements", value=len(sent), unit="statements")
        text = statements.script(partial(act, slot_id))
        same = (text.replace(slot_id.hex, other.hex) for other in others)
        limit = Script(name, [text, *same])
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
    with connection.cursor() as cursor:  # or the next section would do what these have queued
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


class Drivers:
    """Processes of bench.driver that begin each round together."""

    def __init__(self, act: str) -> None:
        command = [sys.executable, "-m", "bench.driver", act, str(THREADS)]
        self.processes = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(PROCESSES)
        ]
        self._hear()

    def per_second(self) -> float:
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.write(f"{SECONDS}\n")
            process.stdin.flush()
        return sum(float(each) for each in self._hear())

    def _hear(self) -> list[str]:
        said = [process.stdout.readline() for process in self.processes if process.stdout]
        if not all(said):
            raise RuntimeError("A driver died; its message stands above.")
        return said

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
            process.wait()


@contextlib.contextmanager
def drivers(act: str) -> Iterator[Drivers]:
    running = Drivers(act)
    try:
        yield running
    finally:
        running.stop()
