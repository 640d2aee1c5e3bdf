"""The rows of a list that came as a file or as text: CSV, XLSX or ODS."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from townhall.machinery.errors import Invalid

Table = Sequence[Sequence[object]]  # the first row is the header

MOST_ROWS = 100_000  # below the header
MOST_BYTES = 50_000_000
MOST_UNPACKED = 500_000_000  # of a spreadsheet, which is a zip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",;\t"


def read_file(content: bytes) -> Table:
    """The first sheet of a spreadsheet, or a CSV file; which it is shows in its bytes.

    Raises Invalid.
    """
    if len(content) > MOST_BYTES:
        most = {"most": MOST_BYTES // 1_000_000}
        raise Invalid(_("The file is too large. It can be %(most)d megabytes") % most)
    if content.startswith((_ZIP, _OLD_EXCEL)):
        return _read_spreadsheet(content)
    return read_csv(_decode(content))


def read_csv(text: str) -> Table:
    """Raises Invalid."""
    if "\0" in text:
        raise Invalid(_("The list cannot be read as CSV"))
    first_line = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first_line.count)  # the first of equals: a comma
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(_("The list cannot be read as CSV")) from error
    return check_length(rows)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula. https://owasp.org (CSV injection)"""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def without_mark(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def check_length(rows: Table) -> Table:
    """The rows, without empty ones at the end. Raises Invalid for none, or too many."""
    count = len(rows)
    while count and not any(cell not in ("", None) for cell in rows[count - 1]):
        count -= 1
    if count < 2:
        raise Invalid(_("The list has no rows below its column headings"))
    if count - 1 > MOST_ROWS:
        counts = {"most": f"{MOST_ROWS:,}", "count": f"{count - 1:,}"}
        raise Invalid(_("The list can have %(most)s rows. It has %(count)s") % counts)
    return rows[:count]


def _decode(content: bytes) -> str:
    """Text as spreadsheets save it: UTF-8 or UTF-16 with a mark, else Windows' own."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _read_spreadsheet(content: bytes) -> Table:
    unreadable = Invalid(
        _("The file cannot be read. Save it as CSV, XLSX or ODS without a password")
    )
    if content.startswith(_ZIP) and _unpacked_size(content) > MOST_UNPACKED:
        raise unreadable
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise unreadable from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        # Rust's panic is no Exception to Python, and would end the web process' thread.
        raise unreadable from None
    return check_length([[_as_text(cell) for cell in row] for row in rows])


def _unpacked_size(content: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(each.file_size for each in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return MOST_UNPACKED + 1


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
