"""The rows of a list that came as a file or as text: CSV, XLSX or ODS."""

import csv
import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from townhall.capabilities.notify.rules.spreadsheets import TooMuch, Unreadable, read_sheet
from townhall.machinery.errors import Invalid
from townhall.machinery.sheets import FORMULA_STARTS

Table = Sequence[Sequence[object]]  # the first row is the header

MOST_ROWS = 100_000  # below the header
MOST_BYTES = 50_000_000
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
    try:
        return check_length(read_sheet(content))
    except Unreadable as error:
        raise Invalid(
            _("The file cannot be read. Save it as CSV, XLSX or ODS without a password")
        ) from error
    except TooMuch as error:
        raise Invalid(
            _(
                "The sheet is too large. It can have %(most)s rows. Delete all that is outside the "
                "list, or save the list as CSV"
            )
            % {"most": f"{MOST_ROWS:,}"}
        ) from error
