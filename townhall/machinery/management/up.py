"""`townhall up`: everything on this machine: PostgreSQL, web and worker, watched over."""

import argparse
import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType

from townhall.machinery.database import launcher
from townhall.machinery.database.address import URL_FILE
from townhall.machinery.database.binaries import NoPostgres

READY_SECONDS = 60
STOP_SECONDS = 20


class Problem(Exception):
    """Why the town cannot start, for whoever typed the command."""


class AlreadyUp(Problem):
    """Another `townhall up` runs this town."""


PROBLEMS = (Problem, NoPostgres, launcher.AlreadyRunning)


def main(arguments: list[str]) -> int:
    """Run until Ctrl-C or SIGTERM; the exit code is 0 after a clean stop."""
    parser = argparse.ArgumentParser(prog="townhall up", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="the demo town, with its people")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--workers", type=int, default=1, help="web processes")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _run(chosen)
    except PROBLEMS as problem:
        _say(str(problem))
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def with_database(run: Callable[[], None]) -> int:
    """Run one command, with a server of its own where none is given and none is up."""
    var = _data_folder()
    try:
        with contextlib.ExitStack() as stack:
            database = Database(var)
            with contextlib.suppress(AlreadyUp):
                stack.enter_context(_only_one(var))
                stack.callback(database.stop)
                database.start()
            run()
    except PROBLEMS as problem:
        _say(str(problem))
        return 1
    return 0


def _run(chosen: argparse.Namespace) -> None:
    var = _data_folder()
    if chosen.demo:
        os.environ["TOWNHALL_DEMO"] = "1"
        os.environ.setdefault("TOWNHALL_URL", f"http://localhost:{chosen.port}")
        os.environ.setdefault("TOWNHALL_LOG_LEVEL", "WARNING")  # or the sign-ins scroll away
    with _only_one(var) as patience_seconds, contextlib.ExitStack() as stack:
        _need_port(chosen.port, patience_seconds)
        shutil.rmtree(var / "metrics", ignore_errors=True)  # of processes that are gone
        database = Database(var)
        stack.callback(database.stop)
        database.start()
        _say("Bringing the database to this release ...")
        _manage("migrate", "-v", "0")
        if chosen.demo:
            _say("Making the demo town (it is kept; later starts skip this) ...")
            _manage("seed_town")
        processes = [
            Process("web", ["--port", str(chosen.port), "--workers", str(chosen.workers)]),
            Process("worker", []),
        ]
        for process in processes:
            stack.callback(process.stop)
            process.start()
        _wait_until_ready(f"http://127.0.0.1:{chosen.port}/health/ready", processes)
        _greet(chosen)
        _watch(database, processes)


class Database:
    """PostgreSQL of our own, unless DATABASE_URL says where another is."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.server: launcher.Server | None = None
        self.is_ours = not os.environ.get("DATABASE_URL")

    def start(self) -> None:
        if not self.is_ours:
            return
        self.server = launcher.start(self.var)
        os.environ["DATABASE_URL"] = self.server.url
        path = self.var / URL_FILE
        path.touch(mode=0o600)
        path.write_text(self.server.url)

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()

    def has_died(self) -> bool:
        return self.server is not None and self.server.process.poll() is not None


class Process:
    """One `townhall` child, stopped with us."""

    def __init__(self, name: str, options: list[str]) -> None:
        self.name = name
        self.command = [sys.executable, "-m", "townhall.machinery.management.cli", name, *options]
        self.child: subprocess.Popen[bytes] | None = None

    def wait(self) -> int:
        return self.child.wait() if self.child is not None else 0

    def start(self) -> None:
        self.child = subprocess.Popen(
            self.command,
            start_new_session=True,  # Ctrl-C is for us: we stop them in order
            preexec_fn=partial(launcher.die_with, os.getpid()),  # noqa: PLW1509  # no threads here
        )

    def stop(self) -> None:
        if self.child is None or self.child.poll() is not None:
            return
        self.child.terminate()
        try:
            self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()

    def has_died(self) -> bool:
        return self.child is not None and self.child.poll() is not None


def _data_folder() -> Path:
    var = Path(os.environ.get("TOWNHALL_VAR") or "var").absolute()
    var.mkdir(parents=True, exist_ok=True)
    os.environ["TOWNHALL_VAR"] = str(var)
    return var


@contextlib.contextmanager
def _only_one(var: Path) -> Iterator[int]:
    """Hold the town. Yields how long what a killed one left behind may take to end."""
    with (var / "up.lock").open("a+") as lock:
        lock.seek(0)
        before = lock.read().strip()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyUp(
                f"This town is up already (process {before or 'unknown'}, data in "
                f"{var}). Stop it with Ctrl-C there, or give this one another TOWNHALL_VAR and "
                "PORT."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield STOP_SECONDS if before else 0
        finally:
            lock.truncate(0)


def _need_port(port: int, patience_seconds: int) -> None:
    deadline = time.monotonic() + patience_seconds
    while not _is_free(port):
        if time.monotonic() > deadline:
            raise Problem(
                f"Port {port} is taken by another program. Choose another: PORT=8001 make up"
            )
        time.sleep(0.1)


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _manage(*arguments: str) -> None:
    process = Process(arguments[0], list(arguments[1:]))
    try:
        process.start()
        if process.wait() != 0:
            raise Problem(f"`townhall {' '.join(arguments)}` failed; its message stands above.")
    finally:
        process.stop()


def _wait_until_ready(url: str, processes: list[Process]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        for process in processes:
            if process.has_died():
                raise Problem(f"The {process.name} process stopped; its message stands above.")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Problem(f"{url} did not answer within {READY_SECONDS} seconds.")


def _greet(chosen: argparse.Namespace) -> None:
    address = f"http://localhost:{chosen.port}/"
    _say(f"\n  Townhall is up: {address}   (Ctrl-C stops it; its data is kept)")
    if chosen.demo:
        _manage("greet", "--address", address)


def _watch(database: Database, processes: list[Process]) -> None:
    """Start again whatever dies; return only by an interrupt."""
    while True:
        time.sleep(0.5)
        if database.has_died():
            _say("PostgreSQL stopped; starting it again.")
            database.start()
        for process in processes:
            if process.has_died():
                _say(f"The {process.name} process stopped; starting it again.")
                process.start()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
