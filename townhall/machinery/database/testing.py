"""A pytest plugin (`-p`): one server for a test run, one cloned database for each of its workers.

It acts when it is imported, which is before Django reads its settings.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from uuid import uuid4

import psycopg

from townhall.machinery.database import launcher

SERVER = "TOWNHALL_TEST_SERVER"  # the run's server, told to its workers
FOLDER = "TOWNHALL_TEST_FOLDER"  # the run's own, for what its workers share
TEMPLATE = "town_template"
_FAST = {"fsync": "off", "synchronous_commit": "off", "max_connections": "200"}


def clone(template: str = TEMPLATE, *, name: str = "") -> str:
    """A new database like the template, in 0.1 s; its URL."""
    name = name or f"town_{uuid4().hex[:12]}"
    server = os.environ[SERVER]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server.replace("@/postgres?", f"@/{name}?")


def _begin() -> None:
    folder = Path(tempfile.mkdtemp(prefix="townhall-test-"))
    folder.chmod(0o755)
    running = launcher.start(folder, settings=_FAST)
    os.environ[FOLDER] = str(folder)
    os.environ[SERVER] = running.url.replace("@/townhall?", "@/postgres?")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(running.stop)
    with psycopg.connect(os.environ[SERVER], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    migrate = [sys.executable, "-m", "townhall.machinery.management.cli", "migrate", "-v", "0"]
    url = os.environ[SERVER].replace("@/postgres?", f"@/{TEMPLATE}?")
    with_demo = {"DATABASE_URL": url, "TOWNHALL_DEMO": "1"}  # whose tables are in nobody's way
    subprocess.run(migrate, check=True, env=os.environ | with_demo)


def _settle() -> None:
    folder = tempfile.mkdtemp(prefix="townhall-var-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["TOWNHALL_VAR"] = folder
    os.environ["TOWNHALL_LOG_LEVEL"] = "CRITICAL"
    # Playwright's own loop runs in a worker that has driven a browser; no test of ours is async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if SERVER not in os.environ:
        _begin()
    os.environ["DATABASE_URL"] = clone()


_settle()
