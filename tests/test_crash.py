"""kill -9 of web, worker and PostgreSQL while people book: all or nothing, and no mail lost.

`make test` runs a few bookings; TOWNHALL_TEST_SIZE=200 (as `make bench` does) the full number.
"""

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.journeys.town import TOWNHALL, MailServer, free_port, mail_server
from tests.resident import Resident

SIZE = int(os.environ.get("TOWNHALL_TEST_SIZE", "16"))
AT_ONCE = 4
QUIET_SECONDS = 150
PAUSE_SECONDS = 4 if SIZE > 50 else 2  # from one kill to the next


class UpTown:
    """`townhall up` itself, which starts again whatever is killed under it."""

    def __init__(self, var: Path, smtp: str) -> None:
        self.port = free_port()
        self.var = var
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "TOWNHALL_VAR": str(var),
            "TOWNHALL_DEMO": "1",
            "TOWNHALL_SMTP": smtp,
            "TOWNHALL_LOG_LEVEL": "CRITICAL",
        }
        self.process = subprocess.Popen(
            [*TOWNHALL, "up", "--port", str(self.port)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.said: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()
        self._wait_until_said("Townhall is up")
        subprocess.run([*TOWNHALL, "seed_town", "--without-past"], env=self.environment, check=True)
        self.rows("UPDATE bookings_slot SET offered = 500, capacity = 500 RETURNING 1")

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.decode())

    def _wait_until_said(self, words: str) -> None:
        deadline = time.monotonic() + 90
        while not any(words in line for line in self.said):
            assert self.process.poll() is None, "".join(self.said)
            assert time.monotonic() < deadline, "".join(self.said)
            time.sleep(0.1)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self, what: str) -> None:
        """kill -9 of one child: web (its processes too), worker, or PostgreSQL's first process."""
        for child in self._children(self.process.pid):
            command = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            if what.encode() in command or command[0].endswith(what.encode()):
                for grandchild in self._children(child) if what == "web" else []:
                    os.kill(grandchild, signal.SIGKILL)
                os.kill(child, signal.SIGKILL)

    def _children(self, parent: int) -> list[int]:
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return [int(child) for child in listed.split()]

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        url = (self.var / "database_url").read_text()
        with psycopg.connect(url, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    def wait_until_quiet(self) -> None:
        """Until nothing is queued, running, or waiting to be tried again."""
        deadline = time.monotonic() + QUIET_SECONDS
        busy = "SELECT task_name, status::text, attempts FROM procrastinate_jobs WHERE "
        busy += "status IN ('todo', 'doing') AND task_name NOT LIKE '%%rescue_stalled'"
        while True:
            try:
                waiting = self.rows(busy.replace("%%", "%"))
            except psycopg.OperationalError:
                waiting = [("the database",)]
            if not waiting:
                return
            assert time.monotonic() < deadline, waiting
            time.sleep(0.5)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(60) == 0, "".join(self.said)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def town(tmp_path: Path, mail: MailServer) -> Iterator[UpTown]:
    made = UpTown(tmp_path / "var", mail.url)
    yield made
    made.stop()


def test_whatever_is_killed_each_is_booked_and_paid_or_neither(
    town: UpTown, mail: MailServer
) -> None:
    done = 0
    killed: list[str] = []

    def book(number: int) -> None:
        nonlocal done
        resident = Resident(town.url, f"resident{number}@resident.example")
        resident.pay(resident.book())
        done += 1

    def kill_in_turn() -> None:
        for step, what in enumerate(["worker", "web", "postgres", "worker", "web", "postgres"]):
            while done < SIZE * (step + 1) // 8:
                time.sleep(0.05)
            town.kill(what)
            killed.append(what)
            time.sleep(PAUSE_SECONDS)

    killer = threading.Thread(target=kill_in_turn)
    killer.start()
    with ThreadPoolExecutor(AT_ONCE) as residents:
        list(residents.map(book, range(SIZE)))
    killer.join()
    town.wait_until_quiet()

    assert len(killed) == 6
    _each_is_booked_and_paid_or_neither(town)
    _no_mail_is_lost(town, mail)


def _each_is_booked_and_paid_or_neither(town: UpTown) -> None:
    states = Counter(
        town.rows(
            "SELECT c.state, p.state, b.state FROM bulky_waste_collection c "
            "JOIN pay_payment p ON p.id = c.payment_id "
            "JOIN bookings_booking b ON b.id = c.booking_id"
        )
    )
    whole = {("booked", "paid", "confirmed"), ("waiting", "open", "held")}
    assert set(states) <= whole, states
    assert states["booked", "paid", "confirmed"] >= SIZE * 3 // 4, states
    lost = town.rows(
        "SELECT count(*) FROM pay_sandboxcheckout s WHERE s.state = 'paid' AND NOT EXISTS "
        "(SELECT 1 FROM pay_payment p WHERE p.processor_reference = s.reference "
        "AND p.state = 'paid')"
    )
    assert lost == [(0,)], "money was taken for nothing"
    wrong = town.rows(
        "SELECT count(*) FROM bookings_slot s WHERE taken <> (SELECT count(*) FROM "
        "bookings_booking b WHERE b.slot_id = s.id AND b.state IN ('held', 'confirmed'))"
    )
    assert wrong == [(0,)], "places are miscounted"


def _no_mail_is_lost(town: UpTown, mail: MailServer) -> None:
    """Each booking's email came; one that came twice has the same Message-ID both times."""
    booked = {
        row[0]
        for row in town.rows("SELECT reference FROM bulky_waste_collection WHERE state = 'booked'")
    }
    ids: dict[str, set[str]] = {}
    for letter in mail.taken:
        body = letter.get_body(("plain",))
        assert body is not None
        for reference in booked:
            if str(reference) in body.get_content():
                ids.setdefault(str(reference), set()).add(str(letter["Message-ID"]))
    assert set(ids) == booked
    assert all(len(each) == 1 for each in ids.values()), ids
    unsent = town.rows("SELECT count(*) FROM notify_message WHERE sent_at IS NULL")
    assert unsent == [(0,)]
