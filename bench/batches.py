"""100,000 rows taken in over HTTP, and handed by workers to a mail server: none lost, none twice.

What PostgreSQL could do if the rest took no time is one COPY of the same rows. TOWNHALL_BATCH_ROWS
makes it smaller.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from django.db import connection, transaction

from bench.figures import Figure
from bench.notify import Sender, make_sender
from bench.town import TOWNHALL, Installation, Town, free_port, web
from townhall.capabilities.notify.models import Message

ROWS = int(os.environ.get("TOWNHALL_BATCH_ROWS", "100000"))
WORKERS = 2
PATH = "/v2/notifications/bulk"
MOST_SECONDS = 4 * 60 * 60
QUIET_SECONDS = 120  # without an email more
HEADER = ["email address", "name", "day"]


def measure(installation: Installation) -> Iterator[Figure]:
    city = installation.city
    sender = make_sender(city, "batches")
    rows = [[f"resident{number}@resident.example", "Ada", "Monday"] for number in range(ROWS)]
    with web() as port:
        limit = _copy(rows)
        seconds, batch_url = _take_in(port, city, sender, rows)
        yield Figure(
            name=f"a batch of {ROWS:,} rows taken in over HTTP",
            value=seconds,
            unit="s",
            limit="COPY of the same rows",
            limit_value=limit,
            failed=seconds > 20,
        )
        yield from _hand_over(port, city, sender, rows, batch_url)


def _copy(rows: list[list[str]]) -> float:
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_row (number int PRIMARY KEY, recipient text, personalisation jsonb)"
        )
        with cursor.copy("COPY bench_row FROM STDIN") as copy:
            for number, (to, name, day) in enumerate(rows):
                copy.write_row((number, to, json.dumps({"name": name, "day": day})))
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_row")
    return seconds


def _take_in(port: int, city: Town, sender: Sender, rows: list[list[str]]) -> tuple[float, str]:
    asked = {
        "template_id": json.loads(sender.body)["template_id"],
        "name": "everyone.csv",
        "rows": [HEADER, *rows],
    }
    body = json.dumps(asked).encode()
    began = time.perf_counter()
    answer = httpx.post(
        f"http://127.0.0.1:{port}{PATH}",
        content=body,
        headers=sender.headers(city.host),
        timeout=120,
    )
    seconds = time.perf_counter() - began
    answer.raise_for_status()
    return seconds, f"http://127.0.0.1:{port}{PATH}/{answer.json()['id']}"


def _hand_over(
    port: int, city: Town, sender: Sender, rows: list[list[str]], batch_url: str
) -> Iterator[Figure]:
    taken = Path(os.environ["TOWNHALL_VAR"]) / "taken.txt"
    with _sink(taken) as mail, _workers(mail):
        began = time.perf_counter()
        while _lines(taken) == 0:  # the workers have to start first
            time.sleep(0.05)
        first = time.perf_counter()
        last = _wait_for_all(taken, len(rows))
        asked = time.perf_counter()
        answer = httpx.get(batch_url, headers=sender.headers(city.host), timeout=30)
        page = 1000 * (time.perf_counter() - asked)
    arrived = Counter(line.split()[0] for line in taken.read_text().splitlines())
    lost = sum(to not in arrived for to, *_rest in rows)
    doubled = sum(count - 1 for count in arrived.values())
    told = answer.json()
    yield Figure(
        name=f"a batch of {len(rows):,} emails handed to a mail server by {WORKERS} workers",
        value=len(arrived) / (last - first),
        unit="1/s",
        failed=bool(lost or doubled) or told["handed_over"] != len(rows),
    )
    yield Figure(
        name="a batch: from the workers' start to the last email", value=last - began, unit="s"
    )
    yield Figure(name="a batch: rows lost", value=lost, unit="rows", failed=lost > 0)
    yield Figure(
        name="a batch: rows handed over twice", value=doubled, unit="rows", failed=doubled > 0
    )
    yield Figure(name="a batch: how far it is, asked when all are messages", value=page, unit="ms")
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE procrastinate_jobs, {Message._meta.db_table} CASCADE")


def _wait_for_all(taken: Path, count: int) -> float:
    """When the last email came; at the latest once none has come for a while."""
    known, changed = 0, time.perf_counter()
    deadline = changed + MOST_SECONDS
    while known < count and time.perf_counter() < deadline:
        time.sleep(0.25)
        now = _lines(taken)
        if now != known:
            known, changed = now, time.perf_counter()
        elif time.perf_counter() > changed + QUIET_SECONDS:
            break
    time.sleep(2)  # for what would come twice, and for what is stored of the last
    return changed


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


@contextmanager
def _sink(taken: Path) -> Iterator[str]:
    taken.write_text("")
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port), str(taken)])
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _workers(mail: str) -> Iterator[None]:
    environment = os.environ | {"TOWNHALL_SMTP": mail, "TOWNHALL_SENDER": "noreply@city.example"}
    workers = [
        subprocess.Popen([*TOWNHALL, "worker"], env=environment) for _number in range(WORKERS)
    ]
    try:
        yield
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait()
