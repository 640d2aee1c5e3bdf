"""The first sheet of a spreadsheet (XLSX, XLS, XLSB or ODS), read by a process of its own.

A file of one kilobyte may say that it has seventeen thousand million cells, and the reader, which
is no Python, then ends its process for want of memory. So that is a child's, with limits.
This module is also what the child runs, hence it needs nothing of Django.
"""

import contextlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO

from python_calamine import CalamineWorkbook

MOST_MEMORY = 1_000_000_000  # bytes; a hundred thousand rows of ten short cells took 200 MB
MOST_SECONDS = 60
MOST_WRITTEN = 100_000_000  # bytes of JSON
TOO_LARGE = 2  # the child's status; 1 is that of any exception


class Unreadable(Exception):
    """It is no spreadsheet that we know, or is broken, or has a password."""


class TooMuch(Exception):
    """To read it takes more memory or time than there is for it."""


def read_sheet(content: bytes) -> list[list[str]]:
    """Its rows from the very first cell on. Raises Unreadable or TooMuch."""
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-m", __name__],
            input=content,
            capture_output=True,
            check=False,
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
            timeout=MOST_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise TooMuch from error
    if child.returncode == TOO_LARGE or child.returncode < 0:  # ended by itself, or by a signal
        raise TooMuch
    if child.returncode:
        raise Unreadable
    rows: list[list[str]] = json.loads(child.stdout)
    return rows


def main() -> int:
    """Write the rows of the spreadsheet on stdin as JSON."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, MOST_SECONDS)
    _limit(resource.RLIMIT_AS, MOST_MEMORY)
    try:
        written = json.dumps(_rows_of(sys.stdin.buffer.read()), ensure_ascii=False).encode()
    except MemoryError:
        return TOO_LARGE
    if len(written) > MOST_WRITTEN:
        return TOO_LARGE
    sys.stdout.buffer.write(written)
    return 0


def _limit(what: int, most: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # a system that has no such limit
        resource.setrlimit(what, (most, most))


def _rows_of(content: bytes) -> list[list[str]]:
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    return [_as_texts(row) for row in sheet.to_python(skip_empty_area=False)]


def _as_texts(row: Sequence[object]) -> list[str]:
    """Without the NULs that a cell of an old spreadsheet can have, and PostgreSQL cannot."""
    return [_as_text(cell).replace("\0", "") for cell in row]


def _as_text(cell: object) -> str:
    """A cell as it reads in the spreadsheet, near enough: 3.0 is 3, a day has its month's name."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        has_time = cell.time() != time()
        return f"{_as_day(cell)} {cell:%H:%M}" if has_time else _as_day(cell)
    if isinstance(cell, date):
        return _as_day(cell)
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return str(cell)


def _as_day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


if __name__ == "__main__":
    sys.exit(main())
