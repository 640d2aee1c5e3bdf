"""`townhall restore FILE`: a backup, into an installation that holds nothing yet."""

import contextlib
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection

from townhall.machinery.database.archive import DUMP, FILES, SECRET, environment, program, url
from townhall.machinery.database.launcher import die_with
from townhall.machinery.given import secret


class Command(BaseCommand):
    help = "Bring a backup into an empty installation; refuses one that holds anything."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        _must_be_empty()
        with _unpacked(file) as folder:
            _restore_database(folder / DUMP)
            if (folder / FILES).exists():
                (folder / FILES).replace(settings.MEDIA_ROOT)
            if (folder / SECRET).exists():
                (folder / SECRET).replace(settings.VAR / SECRET)
                if not os.environ.get("TOWNHALL_SECRET_KEY"):  # what comes next reads with it
                    settings.SECRET_KEY = secret(settings.VAR, SECRET)
        call_command("migrate", verbosity=0)
        self.stdout.write("Restored. Start with: townhall up")


def _must_be_empty() -> None:
    try:
        tables = connection.introspection.table_names()
    except Error as error:
        raise CommandError(f"The database does not answer: {error}") from error
    connection.close()
    if tables:
        raise CommandError("This database holds tables already. Restore into an empty one.")
    if settings.MEDIA_ROOT.exists() and any(settings.MEDIA_ROOT.iterdir()):
        raise CommandError(f"{settings.MEDIA_ROOT} holds files already. Restore into an empty one.")


@contextlib.contextmanager
def _unpacked(file: Path) -> Iterator[Path]:
    """What is in the backup, in a folder beside where it will go."""
    folder = settings.VAR / "restoring"
    shutil.rmtree(folder, ignore_errors=True)  # of one that was killed
    folder.mkdir(mode=0o700)
    try:
        with tarfile.open(file, "r:") as archive:
            members = _plain_members(archive)
            archive.extractall(folder, members=members)  # noqa: S202  # of names that are ours
        yield folder
    except tarfile.TarError as error:
        raise CommandError(f"{file} is not a backup that we wrote: {error}") from error
    finally:
        shutil.rmtree(folder)


def _plain_members(archive: tarfile.TarFile) -> list[tarfile.TarInfo]:
    """Files and folders of the names that `backup` writes; Python 3.11.2 has no filter for it."""
    members = archive.getmembers()
    if DUMP not in archive.getnames():
        raise tarfile.TarError("it is not whole")
    for member in members:
        parts = PurePosixPath(member.name).parts
        if parts[:1] not in ((DUMP,), (FILES,), (SECRET,)) or ".." in parts:
            raise tarfile.TarError(f"it holds {member.name}")
        if not (member.isfile() or member.isdir()):
            raise tarfile.TarError(f"{member.name} is no file")
        member.mode = 0o700 if member.isdir() else 0o600
    return members


def _restore_database(dump: Path) -> None:
    command = [program("pg_restore"), "--no-owner", "--exit-on-error", "--single-transaction"]
    command += [f"--dbname={url()}", str(dump)]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
        preexec_fn=partial(die_with, os.getpid()),
    )
    if done.returncode != 0:
        raise CommandError(f"pg_restore failed, and nothing was changed: {done.stderr}")
