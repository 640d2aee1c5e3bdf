"""What a town takes when nobody is there: memory of each part, and how soon it is up again."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.figures import Figure, side_by_side
from bench.town import TOWNHALL, Installation, free_port
from townhall.machinery.database import launcher

READY = "Townhall is up"
PAGES = 20  # asked for first, so that what a process keeps for its pages is there
PARTS = {"web": "web", "worker": "worker", "PostgreSQL": "postgres"}


def measure(_installation: Installation) -> Iterator[Figure]:
    with _folder() as var:
        with _up(var) as (process, port):
            environment = _environment(var) | {"DATABASE_URL": (var / "database_url").read_text()}
            command = [*TOWNHALL, "seed_town", "--without-past"]
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
            for _ in range(PAGES):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                    answer.read()
            for name, word in PARTS.items():
                megabytes = _megabytes(process.pid, word)
                yield Figure(name=f"memory of {name} at rest", value=megabytes, unit="MB")
        value, limit_value = side_by_side(partial(_up_again, var), partial(_postgres_again, var))
        yield Figure(
            name="`townhall up` again",
            value=value,
            unit="s",
            limit="PostgreSQL alone",
            limit_value=limit_value,
        )


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    var = Path(tempfile.mkdtemp(prefix="bench-", dir="var")).absolute()
    var.chmod(0o755)
    try:
        yield var
    finally:
        if (var / "server").is_symlink():
            shutil.rmtree((var / "server").resolve())
        shutil.rmtree(var)


def _environment(var: Path) -> dict[str, str]:
    outside = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return outside | {
        "TOWNHALL_VAR": str(var),
        "TOWNHALL_DEMO": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(var / "metrics"),
    }


@contextlib.contextmanager
def _up(var: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    process = subprocess.Popen(
        [*TOWNHALL, "up", "--port", str(port)],
        env=_environment(var),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        if not any(READY in line for line in process.stdout):
            raise RuntimeError("`townhall up` did not come up; its message stands above.")
        yield process, port
    finally:
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        process.wait()


def _up_again(var: Path) -> float:
    began = time.perf_counter()
    with _up(var):
        return time.perf_counter() - began


def _postgres_again(var: Path) -> float:
    began = time.perf_counter()
    with launcher.running(var):
        return time.perf_counter() - began


def _megabytes(parent: int, word: str) -> float:
    """Memory of the children that run this and of theirs; shared pages are shared out (PSS)."""
    return sum(
        _pss(pid)
        for child in _children(parent)
        if _runs(child, word)
        for pid in [child, *_descendants(child)]
    )


def _runs(pid: int, word: str) -> bool:
    command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return word in command or command[0].endswith(f"/{word}")


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _descendants(pid: int) -> list[int]:
    return [each for child in _children(pid) for each in [child, *_descendants(child)]]


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("Pss:"))
    return int(kilobytes) / 1024
