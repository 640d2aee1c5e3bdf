"""A town that `townhall up` looks after, for the test that kills its processes."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import psycopg

from tests.journeys.town import TOWNHALL, free_port
from tests.processes import children, command


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
        """kill -9 of web, worker or PostgreSQL, whichever of their processes there are."""
        for child in children(self.process.pid):
            words = command(child).split("\0")
            if what in words or words[0].endswith(what):
                for pid in [child, *children(child)]:
                    with contextlib.suppress(ProcessLookupError):  # gone with its parent
                        os.kill(pid, signal.SIGKILL)

    def till_key(self) -> str:
        """Of the demo's test till, as `townhall up --demo` would print it."""
        command = [*TOWNHALL, "pay_client_fixtures", "--url", self.url]
        said = subprocess.run(
            command, env=self.environment, check=True, capture_output=True, text=True
        ).stdout
        return said.partition("PAY_API_KEY='")[2].partition("'")[0]

    def wait_for_no_rows(self, statement: str, *, seconds: int = 90) -> None:
        deadline = time.monotonic() + seconds
        while found := self.rows(statement):
            assert time.monotonic() < deadline, found
            time.sleep(0.5)

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        url = (self.var / "database_url").read_text()
        with psycopg.connect(url, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    def wait_until_quiet(self, seconds: int) -> None:
        """Until nothing is queued, running, or waiting to be tried again."""
        deadline = time.monotonic() + seconds
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
