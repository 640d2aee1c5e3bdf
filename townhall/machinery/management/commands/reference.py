"""`townhall reference`: write docs/reference from the code; `--check` only says what differs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from townhall.machinery.management.reference import pages


class Command(BaseCommand):
    help = "Write the reference pages of a checkout from its code."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing, fail if one differs"
        )
        parser.add_argument(
            "--to", type=Path, default=Path("docs/reference"), help="the folder of the pages"
        )

    def handle(self, *args: Any, check: bool, to: Path, **options: Any) -> None:
        if settings.DEMO:
            raise CommandError("The reference is of an installation without the demo.")
        made = dict(pages())
        there = {path.name: path.read_text() for path in to.glob("*") if path.is_file()}
        differ = sorted(name for name in {*made, *there} if made.get(name) != there.get(name))
        if check and differ:
            raise CommandError(f"Run `make docs`: {to} is out of step ({', '.join(differ)}).")
        if not check:
            _write(to, made, stale=set(there) - set(made))


def _write(folder: Path, made: dict[str, str], *, stale: set[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (folder / name).write_text(text)
    for name in stale:
        (folder / name).unlink()
