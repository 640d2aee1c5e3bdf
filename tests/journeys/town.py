"""A town of real processes on a database of its own, for tests from the outside."""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from townhall.machinery.database.testing import FOLDER, clone

START_SECONDS = 60
SEEDED = "town_seeded"
SEED = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "townhall.installation.settings"
import django
django.setup()
from django.core.management import call_command
from townhall.machinery.management.commands.web import collect_static
call_command("seed_town", "--without-past")
collect_static()
"""
TOWNHALL = [sys.executable, "-m", "townhall.machinery.management.cli"]


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


class MailServer:
    """A real SMTP server that keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's own name
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append(message_from_bytes(content, EmailMessage, policy=policy.default))
        return "250 taken"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"

    def wait_for(self, to: str, subject: str, *, seconds: int = 90) -> EmailMessage:
        """The newest email to someone whose subject has these words."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            letter: EmailMessage
            for letter in reversed(self.taken):
                if letter["To"] == to and subject in str(letter["Subject"]):
                    return letter
            time.sleep(0.1)
        subjects = [(letter["To"], letter["Subject"]) for letter in self.taken]
        raise AssertionError(f"No email to {to} about {subject!r}; there are {subjects}")


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(preferencelist=("plain",))
    assert body is not None
    return str(body.get_content())


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.controller.start()
    try:
        yield server
    finally:
        server.controller.stop()


@dataclass(slots=True)
class Town:
    """Its processes may be killed and started again; its data stays."""

    var: Path
    database_url: str
    smtp: str = ""
    demo: bool = True
    ports: list[int] = field(default_factory=list)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "TOWNHALL_VAR": str(self.var),
            "PROMETHEUS_MULTIPROC_DIR": str(self.var / "metrics"),  # else that of the test process
            "DATABASE_URL": self.database_url,
            "TOWNHALL_DEMO": "1" if self.demo else "0",
            "TOWNHALL_SMTP": self.smtp,
            "TOWNHALL_LOG_LEVEL": "ERROR",
        }

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [*TOWNHALL, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start_web(self, name: str = "web") -> None:
        """Start one more web process, or one that was killed again on its port."""
        number = int(name.removeprefix("web") or 0)
        if number == len(self.ports):
            self.ports.append(free_port())
        port = str(self.ports[number])
        self._start(name, "web", "--port", port, "--threads", "4")
        self.wait_until_ready(number)

    def start_worker(self, name: str = "worker") -> None:
        self._start(name, "worker")

    def _start(self, name: str, *arguments: str) -> None:
        self.processes[name] = subprocess.Popen(
            [*TOWNHALL, *arguments], env=self.environment, start_new_session=True
        )

    def wait_until_ready(self, number: int = 0) -> None:
        deadline = time.monotonic() + START_SECONDS
        url = f"http://127.0.0.1:{self.ports[number]}/health/ready"
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"{url} did not answer")

    def kill(self, name: str) -> None:
        """kill -9, children and all."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    def wait_for_rows(self, statement: str, *, seconds: int = 60) -> None:
        """Wait until a statement that counts gives 0."""
        deadline = time.monotonic() + seconds
        while self.rows(statement)[0][0] != 0:
            assert time.monotonic() < deadline, statement
            time.sleep(0.2)


@contextlib.contextmanager
def new_town(var: Path, *, smtp: str = "", demo: bool = True) -> Iterator[Town]:
    """A town with its organisation, addresses and people, and nothing that has happened yet."""
    if demo:
        shutil.copytree(seeded(), var, dirs_exist_ok=True)
    database_url = clone(SEEDED) if demo else clone()
    town = Town(var=var, database_url=database_url, smtp=smtp, demo=demo)
    try:
        yield town
    finally:
        town.stop()


def seeded() -> Path:
    """The data folder that every town begins with; its database is SEEDED. Made once in a run."""
    shared = Path(os.environ[FOLDER])
    var = shared / SEEDED
    with (shared / f"{SEEDED}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (var / "is_ready").exists():
            town = Town(var=var, database_url=clone(name=SEEDED))
            subprocess.run([sys.executable, "-c", SEED], env=town.environment, check=True)
            (var / "is_ready").touch()
    return var


def code_in(letter: EmailMessage) -> str:
    """The sign-in code in an email."""
    found = re.search(r"\b([A-Z0-9]{3,4}-?[A-Z0-9]{3,4}|\d{6})\b", text_of(letter))
    assert found, text_of(letter)
    return found[1]
