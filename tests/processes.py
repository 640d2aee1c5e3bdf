"""Real processes, their databases and their backups, for the tests of running a town."""

import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psycopg
from procrastinate import SyncPsycopgConnector
from procrastinate.contrib.django import app

from tests.journeys.town import (
    TOWNHALL,
    Town,
    free_port,
)
from tests.resident import Resident
from townhall.machinery.tests.test_tasks import MARKS, add_slow_mark

MARKING_WORKER = """
import django
django.setup()
import townhall.machinery.tests.test_tasks
from django.core.management import call_command
call_command("worker")
"""


TASKS = 60


PICTURE = b"\x89PNG\r\n\x1a\n" + os.urandom(2000)


def wait_until(what: Callable[[], object], why: str, *, seconds: int = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, why
        time.sleep(0.1)


class Running:
    """Two web processes and two workers of a town; a third was killed in the middle of a task."""

    def __init__(self, town: Town) -> None:
        self.town = town
        town.ports = [free_port(), free_port()]
        self.execute(MARKS)
        for number in range(3):
            self.start_worker(f"worker{number}")
        with ThreadPoolExecutor() as starting:
            list(starting.map(town.start_web, ["web", "web1"]))
        here = "SELECT count(*) FROM procrastinate_workers"
        wait_until(lambda: town.rows(here) == [(3,)], "the workers did not start")
        self.queue(add_slow_mark.name, "slow")
        wait_until(lambda: self.marks("slow begun"), "the slow task was not begun")
        (self.killed,) = self.marks("slow begun")[0]
        (name,) = [name for name, each in town.processes.items() if each.pid == self.killed]
        town.kill(name)
        self.killed_at = time.time()
        self.workers = [each for name, each in town.processes.items() if "worker" in name]

    @property
    def webs(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.town.ports]

    def start_worker(self, name: str) -> None:
        command = [sys.executable, "-c", MARKING_WORKER]
        environment = {
            **self.town.environment,
            "DJANGO_SETTINGS_MODULE": "townhall.installation.settings",
        }
        self.town.processes[name] = subprocess.Popen(
            command, env=environment, start_new_session=True
        )

    def queue(self, task_name: str, *whats: str) -> None:
        connector = SyncPsycopgConnector(conninfo=self.town.database_url)
        with app.replace_connector(connector) as there, there.open():
            for what in whats:
                there.configure_task(task_name).defer(what=what)

    def marks(self, what: str) -> list[tuple[object, ...]]:
        return self.town.rows(f"SELECT process FROM marks WHERE what LIKE '{what}'")

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.town.database_url, autocommit=True) as connection:
            connection.execute(statement.encode())


class Traveller(Resident):
    """Sends each request to the other web process than the one before."""

    webs: list[str]

    def _patiently(self, method: str, path: str, answers: dict[str, str]) -> httpx.Response:
        self.webs = [*self.webs[1:], self.webs[0]]
        self.client.base_url = self.webs[0]
        return super()._patiently(method, path, answers)


def answered(web: str) -> float:
    page = httpx.get(f"{web}/metrics").text
    found = re.search(
        r'townhall_requests_total\{method="GET",route="bulky-waste/",status="200"\} (\S+)', page
    )
    return float(found[1]) if found else 0.0


def alone(var: Path) -> dict[str, str]:
    """The environment of an installation with a server of its own."""
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return given | {
        "TOWNHALL_VAR": str(var),
        "PROMETHEUS_MULTIPROC_DIR": str(var / "metrics"),
        "TOWNHALL_DEMO": "1",
        "TOWNHALL_LOG_LEVEL": "CRITICAL",
    }


def townhall(*arguments: str, var: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TOWNHALL, *arguments], env=alone(var), capture_output=True, text=True, check=False
    )


def digests(url: str) -> dict[str, object]:
    """A digest of the rows of each table."""
    digests: dict[str, object] = {}
    with psycopg.connect(url, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname <> "
            "'machinery_auditentry' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            digest = f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM \"{table}\" t"
            digests[table] = connection.execute(digest.encode()).fetchall()
    return digests


def audit(url: str) -> set[object]:
    with psycopg.connect(url, autocommit=True) as connection:
        return set(connection.execute("SELECT t::text FROM machinery_auditentry t").fetchall())


def bytes_under(path: Path) -> dict[Path, bytes]:
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return {file.relative_to(path): file.read_bytes() for file in files}


RESTORE_EACH = """
import sys
import tarfile
import django
django.setup()
from django.core.management import CommandError, call_command
for file in sys.argv[1:]:
    try:
        call_command("restore", file)
    except CommandError as refusal:
        print(refusal)
"""


def tar(name: str, content: bytes) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


class Up:
    """`townhall up` on a data folder, and every process that comes of it."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [*TOWNHALL, "up", "--port", str(port)],
            env=alone(var),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.decode())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_until_up(self) -> None:
        wait_until(
            lambda: (
                any("Townhall is up" in line for line in self.said)
                or self.process.poll() is not None
            ),
            "it is not up",
            seconds=120,
        )
        assert self.process.poll() is None, "".join(self.said)

    def family(self) -> list[int]:
        """Every process under it."""
        found, new = [], [self.process.pid]
        while new:
            new = [child for parent in new for child in children(parent)]
            found += new
        return found

    def end(self, number: signal.Signals) -> int:
        """Send a signal to `up` alone; its exit code, once nothing of it runs."""
        family = self.family()
        assert len(family) > 8
        self.process.send_signal(number)
        code = self.process.wait(60)
        for pid in family:
            wait_until(lambda: not runs(pid), f"process {pid} still runs", seconds=30)  # noqa: B023  # called here
        return code


def children(parent: int, program: str = "") -> list[int]:
    with contextlib.suppress(OSError):
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return [int(pid) for pid in listed if program in command(int(pid))]
    return []


def command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def runs(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
