"""`townhall backup FILE`: the database and the files as they are now, in one file."""

import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from townhall.machinery.database.archive import DUMP, FILES, SECRET, environment, program, url


class Command(BaseCommand):
    help = "Write a backup: the database (pg_dump) and the files, and the key that signs and seals."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, such as town-2026-11-23.tar")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        file = file.absolute()
        if file.exists():
            raise CommandError(f"{file} is there already. Name a new file.")
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}.")
        # In a folder of mode 0700 until it is whole: it holds everything about everyone.
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=f"{file.name}.") as folder:
            dump, partial = Path(folder, DUMP), Path(folder, "partial")
            _dump_database(dump)
            with tarfile.open(partial, "w") as archive:
                if settings.MEDIA_ROOT.exists():
                    archive.add(settings.MEDIA_ROOT, FILES)
                if (settings.VAR / SECRET).exists():
                    archive.add(settings.VAR / SECRET, SECRET)
                archive.add(dump, DUMP)  # last, so that a backup cut short is seen to be
            partial.chmod(0o600)
            partial.rename(file)
        self.stdout.write(f"Wrote {file} ({file.stat().st_size / 1024**2:.1f} MB). Keep it safe.")


def _dump_database(dump: Path) -> None:
    try:
        command = [program("pg_dump"), "--format=custom", "--no-owner", f"--file={dump}", url()]
    except Error as error:
        raise CommandError(f"The database does not answer: {error}") from error
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment())
    if done.returncode != 0:
        raise CommandError(f"pg_dump failed: {done.stderr}")
