"""What every test may ask for."""

import gc
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from townhall.machinery.testing import EICAR


def pytest_collection_finish() -> None:
    """What is there by now stays: it need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database is there already: townhall.machinery.database.testing has cloned it."""


@pytest.fixture(autouse=True)
def _empty_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests that commit leave nothing queued: Django's flush knows only its own tables."""
    yield
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or "live_server" in request.fixturenames
    if commits or (marker and marker.kwargs.get("transaction")):
        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture(scope="session")
def scanner() -> Iterator[str]:
    """A clamd of our own that knows one virus and looks through 1 MB at most; its socket."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if program is None:
        pytest.skip("clamd is not installed: apt-get install clamav-daemon")
    folder = Path(tempfile.mkdtemp(prefix="townhall-clamd-"))
    signature = f"Town.Eicar:0:*:{EICAR.hex()}\n"
    (folder / "own.ndb").write_text(signature)
    (folder / "clamd.conf").write_text(
        f"LocalSocket {folder}/socket\nDatabaseDirectory {folder}\nTemporaryDirectory {folder}\n"
        f"Foreground yes\nStreamMaxLength 1M\nUser root\n"
    )
    process = subprocess.Popen(
        [program, "-c", folder / "clamd.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    deadline = time.monotonic() + 30
    while not (folder / "socket").exists():
        assert process.poll() is None, "clamd stopped"
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield str(folder / "socket")
    process.terminate()
    process.wait()
    shutil.rmtree(folder)
