"""Load a list of addresses: `manage.py import_addresses FILE.csv --organisation SLUG`.

The file is CSV in UTF-8 whose first line names its columns, in any order: UPRN, house ("12A",
"Flat 2, 14", "Rose Cottage"), street, locality (may be empty), town, postcode. Others are ignored.
"""

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from django.core.management.base import BaseCommand, CommandError

from townhall.capabilities.places import permissions
from townhall.capabilities.places.operations import COLUMNS, import_addresses
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Refused
from townhall.machinery.organisations import every_organisation


class Command(BaseCommand):
    help = f"Load an organisation's addresses from a CSV file with the columns {', '.join(COLUMNS)}"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", required=True, help="its slug")

    def handle(self, *, file: Path, organisation: str, **_others: object) -> None:
        actor = _actor(organisation)
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                count = import_addresses(actor, rows=_rows(lines))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{file} cannot be read as CSV in UTF-8: {error}") from error
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{count} addresses loaded for {organisation}")


def _actor(slug: str) -> Actor:
    may = frozenset({permissions.LOAD_ADDRESSES})
    slugs = {each.slug: each.id for each in every_organisation()}
    if slug not in slugs:
        raise CommandError(f"There is no organisation {slug}, only {', '.join(sorted(slugs))}.")
    return Actor("command:import_addresses", may, slugs[slug])


def _rows(lines: TextIO) -> Iterator[dict[str, str]]:
    """Each line as a row, an empty one too, so that lines can be counted."""
    reader = csv.reader(lines)
    named = {name.casefold(): name for name in COLUMNS}
    header = [named.get(cell.strip().casefold(), cell) for cell in next(reader, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise CommandError(f"The first line of the file does not name {', '.join(missing)}.")
    for cells in reader:
        yield dict(zip(header, cells, strict=False))
