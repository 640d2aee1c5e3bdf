"""One PostgreSQL server of our own: a direct child that is waited on, its data kept and safe."""

import contextlib
import ctypes
import hashlib
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import psycopg

from townhall.machinery.database import binaries

START_SECONDS = 120  # crash recovery of a busy database takes its time
STOP_SECONDS = 60
SETTINGS = {
    "listen_addresses": "",  # sockets only: nobody outside this machine gets in
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "jit": "off",  # our statements are short
}
_DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


class AlreadyRunning(Exception):
    """Another process runs a server on this data folder."""


@dataclass(slots=True)
class Server:
    """A running server. `url` is what DATABASE_URL wants."""

    process: subprocess.Popen[bytes]
    url: str
    data: Path
    sockets: Path

    def stop(self) -> None:
        """Break off what runs and stop; what was committed is on the disk."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(OSError):  # not empty: another server of this folder is starting
            self.sockets.rmdir()


def start(var: Path, *, settings: dict[str, str] | None = None) -> Server:
    """Start the server whose files lie under `var`, making them the first time.

    Killed servers recover by themselves. Raises NoPostgres or AlreadyRunning.
    """
    who = binaries.account()
    programs = binaries.find_binaries(who)
    home = _home(var, who)
    sockets = _sockets(home, who)
    password = _password(var)
    data = home / "postgres"
    _stop_leftover(data)
    if not (data / "PG_VERSION").exists():
        _make(programs, data, password, who)
    patience_seconds = START_SECONDS if (data / "postmaster.pid").exists() else 0  # it was killed
    command = [str(programs / "postgres"), "-D", str(data), "-k", str(sockets)]
    for name, value in {**SETTINGS, **(settings or {})}.items():
        command += ["-c", f"{name}={value}"]
    url = f"postgresql://townhall:{quote(password)}@/townhall?host={quote(str(sockets), safe='')}"
    deadline = time.monotonic() + patience_seconds
    while True:
        with (home / "postgres.log").open("ab") as log:
            server = Server(_spawn(command, log, who), url, data, sockets)
        try:
            _wait(server)
            _make_database(server)
        except binaries.NoPostgres:
            server.stop()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)  # a statement of the killed server's still runs to its end
        except BaseException:
            server.stop()
            raise
        else:
            return server


@contextlib.contextmanager
def running(var: Path, *, settings: dict[str, str] | None = None) -> Iterator[Server]:
    server = start(var, settings=settings)
    try:
        yield server
    finally:
        server.stop()


def _home(var: Path, who: binaries.Account | None) -> Path:
    """Where the server's files lie: in `var`, or where its user can reach them.

    A checkout under root's own home (mode 0700) is closed to any other user; then the files lie
    in /var/lib/townhall, and a link in `var` says where.
    """
    var = var.absolute()
    var.mkdir(parents=True, exist_ok=True)
    if who is None:
        return var
    here = var / "server"
    if here.is_symlink():
        return here.resolve()
    here.mkdir(exist_ok=True)
    os.chown(here, who.uid, who.gid)
    if binaries.is_reachable(here, who):
        return here
    here.rmdir()
    name = hashlib.sha256(str(var).encode()).hexdigest()[:12]
    elsewhere = binaries.REACHABLE / f"server-{name}"
    elsewhere.mkdir(parents=True, exist_ok=True)
    binaries.REACHABLE.chmod(0o755)
    os.chown(elsewhere, who.uid, who.gid)
    elsewhere.chmod(0o700)
    here.symlink_to(elsewhere)
    return elsewhere


def _sockets(home: Path, who: binaries.Account | None) -> Path:
    """A short path of its own outside the data folder: socket names end at 107 bytes."""
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    owner = who.uid if who else os.geteuid()
    folder = Path("/tmp") / f"townhall-{owner}-{name}"  # noqa: S108  # checked just below
    folder.mkdir(mode=0o700, exist_ok=True)
    if who is not None and folder.lstat().st_uid == 0:
        os.chown(folder, who.uid, who.gid)
    about = folder.lstat()
    if folder.is_symlink() or about.st_uid != owner or about.st_mode & 0o077:
        raise AlreadyRunning(f"{folder} belongs to someone else. Remove it and start again.")
    return folder


def _password(var: Path) -> str:
    path = var / "database_password"
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text()


def _make(programs: Path, data: Path, password: str, who: binaries.Account | None) -> None:
    version = subprocess.run(
        [str(programs / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    major = int(version.split()[-1 if "(" not in version else 2].split(".")[0])
    # The builtin C.UTF-8 never changes with the system's libraries, so indexes stay sound.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    if major < 17:
        locale = ["--locale=C.UTF-8"]
    once = data.with_name("password_once")  # a pipe of root's may not be opened by another user
    once.touch(mode=0o600)
    once.write_text(password)
    if who is not None:
        os.chown(once, who.uid, who.gid)
    command = [str(programs / "initdb"), "-D", str(data), "-U", "townhall", "-E", "UTF8"]
    command += ["-A", "scram-sha-256", f"--pwfile={once}", *locale]
    try:
        done = subprocess.run(  # type: ignore[call-overload]  # the options are a dict
            command, check=False, capture_output=True, text=True, cwd="/", **binaries.options(who)
        )
    finally:
        once.unlink()
    if done.returncode != 0:
        raise binaries.NoPostgres(f"initdb could not make {data}: {done.stderr}")


def _spawn(
    command: Sequence[str], log: object, who: binaries.Account | None
) -> subprocess.Popen[bytes]:
    spawned: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]  # as above
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        start_new_session=True,  # Ctrl-C is for us: web and worker stop before the server does
        preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509  # no threads in `townhall up`
        **binaries.options(who),
    )
    return spawned


def die_with(parent: int) -> None:
    """Have this process interrupted when its parent ends, however that ends."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGINT)
    if os.getppid() != parent:  # it ended before we could ask
        os.kill(os.getpid(), signal.SIGINT)


def _wait(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise binaries.NoPostgres(
                f"PostgreSQL did not start. Its log says why: {server.data.parent}/postgres.log"
            )
        try:
            psycopg.connect(_maintenance(server.url), connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.03)
        else:
            return
    raise binaries.NoPostgres(f"PostgreSQL was not ready within {START_SECONDS} seconds.")


def _make_database(server: Server) -> None:
    with psycopg.connect(_maintenance(server.url), autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'townhall'")
        if there.fetchone() is None:
            connection.execute("CREATE DATABASE townhall")


def _maintenance(url: str) -> str:
    return url.replace("@/townhall?", "@/postgres?")


def _stop_leftover(data: Path) -> None:
    """Stop a server whose parent was killed: one that no launcher waits on is in nobody's care."""
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return
    if str(data).encode() not in command:
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    while Path(f"/proc/{pid}").exists() and lock.exists():
        if time.monotonic() > deadline:
            raise AlreadyRunning(f"A PostgreSQL server (process {pid}) runs on {data}. Stop it.")
        time.sleep(0.05)
