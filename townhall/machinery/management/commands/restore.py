"""`townhall restore FILE`: a backup, into an installation that holds nothing yet."""

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from townhall.machinery.database.archive import DUMP, FILES, SECRET, environment, program, url


class Command(BaseCommand):
    help = "Bring a backup into an empty installation; refuses one that holds anything."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not file.exists():
            raise CommandError(f"There is no file {file}.")
        if connection.introspection.table_names():
            raise CommandError("This database holds tables already. Restore into an empty one.")
        connection.close()
        with tempfile.TemporaryDirectory() as folder:
            try:
                with tarfile.open(file) as archive:
                    archive.extractall(folder, members=_plain_members(archive))
            except tarfile.TarError as error:
                raise CommandError(f"{file} is not a backup that we wrote: {error}") from error
            self._restore(Path(folder))
        call_command("migrate", verbosity=0)
        self.stdout.write("Restored. Start with: townhall up")

    def _restore(self, folder: Path) -> None:
        command = [program("pg_restore"), "--no-owner", "--exit-on-error", "--single-transaction"]
        command += [f"--dbname={url()}", str(folder / DUMP)]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, env=environment()
        )
        if done.returncode != 0:
            raise CommandError(f"pg_restore failed, and nothing was changed: {done.stderr}")
        if (folder / FILES).exists():
            shutil.copytree(folder / FILES, settings.MEDIA_ROOT, dirs_exist_ok=True)
        if (folder / SECRET).exists():
            shutil.copy(folder / SECRET, settings.VAR / SECRET)
            (settings.VAR / SECRET).chmod(0o600)


def _plain_members(archive: tarfile.TarFile) -> list[tarfile.TarInfo]:
    """Files and folders of the names that `backup` writes; Python 3.11.2 has no filter for it."""
    members = archive.getmembers()
    for member in members:
        parts = PurePosixPath(member.name).parts
        if parts[:1] not in ((DUMP,), (FILES,), (SECRET,)) or ".." in parts:
            raise tarfile.TarError(f"it holds {member.name}")
        if not (member.isfile() or member.isdir()):
            raise tarfile.TarError(f"{member.name} is no file")
        member.mode = 0o700 if member.isdir() else 0o600
    return members
