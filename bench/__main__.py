"""`python -m bench [sections]`: measure on a PostgreSQL of our own, set as the product sets it."""

import contextlib
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django

from bench import figures, report
from townhall.machinery.database import launcher

SECTIONS = (
    "bookings",
    "pay",
    "notify",
    "batches",
    "identity",
    "queue",
    "static",
    "pages",
    "scale",
    "rest",
    "suites",
)
FOLDER = Path("var")  # on the disk that a town's data would lie on: fsync has its price there


def main() -> int:
    chosen = sys.argv[1:] or list(SECTIONS)
    unknown = set(chosen) - set(SECTIONS)
    if unknown:
        print(f"No such section: {', '.join(sorted(unknown))}. There are: {', '.join(SECTIONS)}.")
        return 2
    all_well = True
    if not sys.argv[1:]:
        figures.RESULTS.unlink(missing_ok=True)
    with _server():
        django.setup()
        installation = importlib.import_module("bench.town").make()
        for name in chosen:
            section = importlib.import_module(f"bench.{name}")
            all_well &= _show(section.measure(installation))
    if not sys.argv[1:]:
        report.write()
    return 0 if all_well else 1


def _show(measured: Iterator[figures.Figure]) -> bool:
    """Print and keep each figure as it comes; say whether nothing has failed."""
    failed = False
    for figure in measured:
        print(figure.line(), flush=True)
        figures.write([figure])
        failed |= figure.failed
    return not failed


@contextlib.contextmanager
def _server() -> Iterator[None]:
    """A new database, fsync and all, and the environment that points there."""
    FOLDER.mkdir(exist_ok=True)
    var = Path(tempfile.mkdtemp(prefix="bench-", dir=FOLDER)).absolute()
    var.chmod(0o755)
    with launcher.running(var) as server:
        try:
            os.environ |= {
                "DATABASE_URL": server.url,
                "DJANGO_SETTINGS_MODULE": "townhall.installation.settings",
                "TOWNHALL_DEMO": "0",
                "TOWNHALL_HOSTS": ".example,localhost,127.0.0.1",
                "TOWNHALL_LOG_LEVEL": "ERROR",
                "TOWNHALL_VAR": str(var),
            }
            command = [sys.executable, "-m", "townhall.machinery.management.cli"]
            subprocess.run([*command, "migrate", "-v", "0"], check=True)
            subprocess.run([*command, "collectstatic", "--no-input", "-v", "0"], check=True)
            yield
        finally:
            server.stop()
            shutil.rmtree(server.data.parent)
            shutil.rmtree(var, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
