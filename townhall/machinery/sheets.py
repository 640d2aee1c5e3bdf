"""Tables that people take away and open in a spreadsheet program: CSV and Excel."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import BinaryIO, cast

from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from townhall.machinery.errors import Invalid

Cell = str | int | Decimal | date | None
Rows = Iterable[Sequence[Cell]]  # the first row is the header

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MOST_EXCEL_ROWS = 50_000  # below the header; making more keeps a web process too long
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula. https://owasp.org (CSV injection)"""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_answer(name: str, rows: Rows) -> StreamingHttpResponse:
    """A CSV file of however many rows: they are read while it is sent, and none is kept."""
    lines = _csv_lines(rows)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _csv_lines(rows: Rows) -> Iterator[str]:
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([_csv_cell(cell) for cell in row])


def _csv_cell(cell: Cell) -> str:
    return harmless(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


class _Echo:
    """What a csv.writer writes to, to be given back what it would write."""

    def write(self, line: str) -> str:
        return line


def excel_answer(name: str, rows: Rows) -> FileResponse:
    """An Excel file of one sheet. Raises Invalid if there are more rows than MOST_EXCEL_ROWS.

    It is made on disk row by row, so its size in memory does not grow; words are written as words,
    whatever they begin with, so that none is taken for a formula.
    """
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  # the answer closes it
    try:
        _write_sheet(file, rows)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=EXCEL_TYPE)


def _write_sheet(file: BinaryIO, rows: Rows) -> None:
    with Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            if number > MOST_EXCEL_ROWS:
                raise Invalid(
                    _("That is more than %(most)s rows. Choose fewer days, or CSV")
                    % {"most": f"{MOST_EXCEL_ROWS:,}"}
                )
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif isinstance(cell, int | Decimal):
                    sheet.write_number(number, column, cell)
                elif cell:
                    sheet.write_string(number, column, cell, bold if number == 0 else None)
