"""Files that finance uploads: bank statements, and processors' settlement reports, as CSV."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.pay.records import Receipt, SettlementLine
from townhall.machinery.errors import Invalid
from townhall.machinery.money import Money, digits_of, is_currency

LATEST_PAYOUT = timedelta(days=31)  # from today: later is a slip of the pen
LONGEST_FILE = 5 * 1024 * 1024  # bytes
KINDS = ("payment", "refund", "dispute", "adjustment")
STATEMENT_COLUMNS = ("date", "amount", "reference", "payer")
REPORT_COLUMNS = ("id", "payout", "paid_out_on", "kind", "reference", "amount", "fee", "currency")
HIGHEST_MINOR = 2_000_000_000  # what a payment or a refund may be

R = TypeVar("R")
Row = dict[str, str]


def read_statement(content: bytes) -> list[Receipt]:
    """The incoming lines of a bank statement; what went out is left out.

    A line has no name of its own, so its place among those of the same day that are like it makes
    one: whole days have to be in a file, and the same day again gives the same names.
    """
    seen: Counter[str] = Counter()

    def receipt(row: Row) -> Receipt | None:
        amount = _amount(row["amount"], "GBP")
        if amount.minor <= 0:
            return None
        said = "\t".join(row[name] for name in STATEMENT_COLUMNS)
        seen[said] += 1
        name = hashlib.sha256(f"{said}\t{seen[said]}".encode()).hexdigest()[:32]
        return Receipt(
            number=name,
            is_counter=False,
            received_on=_day(row["date"]),
            amount=amount,
            reference=row["reference"],
            payer=row["payer"][:100],
        )

    return [found for found in _each(content, STATEMENT_COLUMNS, receipt) if found]


def read_report(content: bytes) -> list[SettlementLine]:
    """The lines of a settlement report in our own columns."""
    return list(_each(content, REPORT_COLUMNS, _line))


def _line(row: Row) -> SettlementLine:
    if row["kind"] not in KINDS or not is_currency(row["currency"]):
        raise ValueError(row["kind"])
    if _day(row["paid_out_on"]) > timezone.localdate() + LATEST_PAYOUT:
        raise ValueError(row["paid_out_on"])
    return SettlementLine(
        id=_short(row["id"]),
        payout=_short(row["payout"]),
        paid_out_on=_day(row["paid_out_on"]),
        kind=row["kind"],
        reference=_short(row["reference"] or row["id"]),
        amount=_amount(row["amount"], row["currency"]),
        fee=_amount(row["fee"] or "0", row["currency"]),
    )


def _each(content: bytes, columns: tuple[str, ...], read: Callable[[Row], R]) -> Iterator[R]:
    """Each line as read. Raises Invalid, naming the first line that cannot be."""
    if len(content) > LONGEST_FILE:
        raise Invalid(_("The file must be smaller than %(limit)sMB.") % {"limit": 5})
    if b"\x00" in content:
        raise Invalid(_("The file must be a CSV file in UTF-8."))
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        missing = set(columns) - {(name or "").strip().lower() for name in rows.fieldnames or ()}
        if missing:
            names = {"names": ", ".join(sorted(missing))}
            raise Invalid(_("These columns are missing from the file: %(names)s.") % names)
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
        for row in rows:
            try:
                yield read({name: (row[name] or "").strip() for name in columns})
            except (ValueError, InvalidOperation) as error:
                line = {"line": rows.line_num}
                raise Invalid(_("Line %(line)s of the file cannot be read.") % line) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Invalid(_("The file must be a CSV file in UTF-8.")) from error


def _amount(written: str, currency: str) -> Money:
    minor = Decimal(written.replace(",", "").replace("£", "")).scaleb(digits_of(currency))
    if not minor.is_finite() or minor != minor.to_integral_value() or abs(minor) > HIGHEST_MINOR:
        raise ValueError(written)
    return Money(int(minor), currency)


def _day(written: str) -> date:
    """2026-11-23 or 23/11/2026."""
    if "/" in written:
        day, month, year = written.split("/")
        return date(int(year), int(month), int(day))
    return date.fromisoformat(written)


def _short(written: str) -> str:
    if not 0 < len(written) <= 100:
        raise ValueError(written)
    return written
